-- What somebody asks the house to do: an owner, a guest, a company, or the house itself.
create table conciergerie.service_request (
  id text primary key,
  organization_id text not null,
  -- Null for what the house needs itself, and once the client is erased.
  client_id text,
  property_id text,
  kind text not null,
  -- One line, in the clear, because lists are searched in it; the description is sealed (`v1:…`).
  title text not null,
  description text,
  urgency text not null,
  status text not null,
  scheduled_for timestamptz(3),
  assignee_id text,
  channel text not null,
  -- HOUSE or CLIENT, and who of them: a client, a person or a key. One request for each key that they give.
  author text not null,
  created_by text not null,
  request_key text,
  -- What a list is searched in: folded and compact forms, one a line.
  search text not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  -- Also the order of the list: ids sort by creation.
  unique (organization_id, id),
  unique (organization_id, created_by, request_key),
  foreign key (organization_id, client_id) references conciergerie.client (organization_id, id) on delete set null (client_id),
  foreign key (organization_id, property_id) references conciergerie.property (organization_id, id) on delete set null (property_id)
);
create index service_request_of_client on conciergerie.service_request (organization_id, client_id, id) where client_id is not null;
create index service_request_of_property on conciergerie.service_request (organization_id, property_id, id) where property_id is not null;
create index service_request_of_assignee on conciergerie.service_request (organization_id, assignee_id, id) where assignee_id is not null;
select platform.isolate('conciergerie.service_request');

-- Where it stood, since when, and who said so.
create table conciergerie.service_request_event (
  id text primary key,
  organization_id text not null,
  request_id text not null,
  status text not null,
  author text not null,
  -- The person of the house; null for clients and services.
  actor text,
  occurred_at timestamptz(3) not null default now(),
  foreign key (organization_id, request_id) references conciergerie.service_request (organization_id, id) on delete cascade
);
create index service_request_event_of_request on conciergerie.service_request_event (organization_id, request_id, id);
select platform.isolate('conciergerie.service_request_event');
-- What happened is not rewritten.
revoke update, delete on conciergerie.service_request_event from passerelle_app;

-- What the house and the client say to each other, and what the house notes for itself.
create table conciergerie.service_request_message (
  id text primary key,
  organization_id text not null,
  request_id text not null,
  author text not null,
  internal boolean not null default false,
  -- Sealed (`v1:…`).
  text text not null,
  actor text,
  created_by text not null,
  request_key text,
  created_at timestamptz(3) not null default now(),
  unique (organization_id, request_id, created_by, request_key),
  foreign key (organization_id, request_id) references conciergerie.service_request (organization_id, id) on delete cascade
);
create index service_request_message_of_request on conciergerie.service_request_message (organization_id, request_id, id);
select platform.isolate('conciergerie.service_request_message');

-- A client sees their own requests, where these stand, and what is said to them; they ask, write, and take back what they asked for.
select platform.share_with_client('conciergerie.service_request',
  'client_id = (select current_setting(''passerelle.client'', true))',
  'client_id = (select current_setting(''passerelle.client'', true)) and author = ''CLIENT'' and created_by = client_id and status = ''NEW'' and assignee_id is null',
  'client_id = (select current_setting(''passerelle.client'', true))');
select platform.share_with_client('conciergerie.service_request_event',
  'exists (select from conciergerie.service_request as request where request.id = request_id)',
  'author = ''CLIENT'' and actor is null and exists (select from conciergerie.service_request as request where request.id = request_id)');
select platform.share_with_client('conciergerie.service_request_message',
  'not internal and exists (select from conciergerie.service_request as request where request.id = request_id)',
  'author = ''CLIENT'' and not internal and actor is null and exists (select from conciergerie.service_request as request where request.id = request_id)');
