-- Which servers outside the house an organisation lets its words go to. One that moves to another host is another one: `host` is part of the consent.
create table ai.provider_consent (
  id text primary key,
  organization_id text not null,
  provider text not null,
  host text not null,
  given_by text,
  given_at timestamptz(3) not null default now(),
  withdrawn_by text,
  withdrawn_at timestamptz(3)
);
create unique index provider_consent_given on ai.provider_consent (organization_id, provider, host) where withdrawn_at is null;
select platform.isolate('ai.provider_consent');

-- Which model an organisation wants for which task; a task without a row goes to the usual one.
create table ai.model_route (
  organization_id text not null,
  task text not null,
  provider text not null,
  model text not null,
  set_by text,
  set_at timestamptz(3) not null default now(),
  primary key (organization_id, task)
);
select platform.isolate('ai.model_route');

-- Copies of models under a dated name, at the server that keeps them: what was kept, when, and by whom.
create table ai.model_backup (
  id text primary key,
  organization_id text not null,
  model text not null,
  copy text not null,
  digest text,
  size_bytes bigint,
  made_by text,
  made_at timestamptz(3) not null
);
create index model_backup_by_time on ai.model_backup (organization_id, made_at desc, id desc);
select platform.isolate('ai.model_backup');
