-- Whoever outside hears what happens here: a program that is told facts, or a chat room that is told notices. Where it is and what signs is sealed.
create table tenancy.webhook (
  id text primary key,
  organization_id text not null,
  -- FACTS, SLACK or TEAMS.
  kind text not null,
  name text not null,
  url text not null,
  -- What it hears: types of facts (`shipment.*`), or kinds of notices.
  types text[] not null,
  -- The language of a chat room.
  language text not null default 'FR',
  -- A rotated secret signs beside the new one until then.
  secret text,
  previous_secret text,
  previous_until timestamptz,
  -- ACTIVE or PAUSED; paused by a PERSON, because it was FAILING for days, or because it said that it is GONE.
  state text not null default 'ACTIVE',
  paused_because text,
  -- Since when nothing has arrived, and whether the organisation has been told.
  failing_since timestamptz,
  failing_told boolean not null default false,
  -- It hears what comes after.
  after_position bigint not null,
  created_by text,
  created_at timestamptz(3) not null default now()
);
create index webhook_by_organization on tenancy.webhook (organization_id, id);
select platform.isolate('tenancy.webhook');

-- One message to one webhook, with what it says to the letter: tried again it is the same.
create table tenancy.webhook_delivery (
  id text primary key,
  organization_id text not null,
  webhook_id text not null references tenancy.webhook (id) on delete cascade,
  -- The fact it tells; null for a trial.
  fact_position bigint,
  type text not null,
  body text not null,
  -- WAITING for its next try, HELD while its webhook is paused, DELIVERED, FAILED or SKIPPED.
  state text not null,
  attempts integer not null default 0,
  -- Since when it is tried; after a day it is given up.
  tried_since timestamptz not null default now(),
  next_at timestamptz,
  created_at timestamptz(3) not null default now(),
  settled_at timestamptz,
  unique (organization_id, webhook_id, fact_position)
);
create index webhook_delivery_by_webhook on tenancy.webhook_delivery (webhook_id, id);
create index webhook_delivery_by_state on tenancy.webhook_delivery (webhook_id, state, id);
create index webhook_delivery_by_age on tenancy.webhook_delivery (organization_id, created_at);
select platform.isolate('tenancy.webhook_delivery');

create table tenancy.webhook_attempt (
  organization_id text not null,
  delivery_id text not null references tenancy.webhook_delivery (id) on delete cascade,
  number integer not null,
  at timestamptz not null default now(),
  -- What was answered, or why nothing was.
  status integer,
  failure text,
  latency_ms integer,
  answer text,
  primary key (delivery_id, number)
);
select platform.isolate('tenancy.webhook_attempt');

-- Nobody has asked yet to be told of what happened before.
insert into platform.fact_cursor (organization_id, consumer, position)
select organization_id, 'tenancy.webhooks', position from platform.fact_head;
