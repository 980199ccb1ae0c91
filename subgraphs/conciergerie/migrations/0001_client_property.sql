create table conciergerie.client (
  id text primary key,
  organization_id text not null,
  -- All as typed, for people; keys are derived from them.
  name text not null,
  email text,
  phone text,
  siren text,
  vat_number text,
  -- The order of the list: the name without case and accents.
  sort_name text collate "C" not null,
  -- What a list is searched in: folded and compact forms, one a line.
  search text not null,
  created_at timestamptz(3) not null default now()
);
create index client_by_name on conciergerie.client (organization_id, sort_name, id);
select platform.isolate('conciergerie.client');

create table conciergerie.property (
  id text primary key,
  organization_id text not null,
  name text not null,
  address text,
  registration_number text,
  sort_name text collate "C" not null,
  search text not null,
  created_at timestamptz(3) not null default now()
);
create index property_by_name on conciergerie.property (organization_id, sort_name, id);
select platform.isolate('conciergerie.property');
