-- What an organisation uses, and how much of it it may. What is used up in a month (pages, tokens, seconds of the card, requests) is counted here, in
-- months and days of Paris (the card in milliseconds); what is simply there (documents, bytes) is counted where it lies and needs no counter.
create table platform.usage (
  organization_id text not null,
  metric text not null,
  -- 2026-11
  month text not null,
  used bigint not null default 0,
  -- Promised to work that is under way.
  held bigint not null default 0,
  primary key (organization_id, metric, month)
);
select platform.isolate('platform.usage');

create table platform.usage_day (
  organization_id text not null,
  metric text not null,
  day date not null,
  used bigint not null default 0,
  primary key (organization_id, day, metric)
);
select platform.isolate('platform.usage_day');

-- Work under way, and what it was promised; it ends with the work, or with its time when the process that did it died.
create table platform.usage_hold (
  id text not null,
  organization_id text not null,
  metric text not null,
  month text not null,
  amount bigint not null,
  expires_at timestamptz not null,
  primary key (organization_id, id, metric)
);
select platform.isolate('platform.usage_hold');

-- No row, or null, is no limit; of the plan's and the organisation's own the lower holds.
create table platform.usage_limit (
  organization_id text not null,
  metric text not null,
  plan bigint,
  budget bigint,
  -- Of which share of it, in percent, the organisation has been told, and in which month.
  told integer not null default 0,
  told_month text,
  primary key (organization_id, metric)
);
select platform.isolate('platform.usage_limit');
