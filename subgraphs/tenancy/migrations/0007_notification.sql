-- What one person is told: a kind, what it is about by id, and the fact it comes from. The words are made where it is read.
create table tenancy.notification (
  id text primary key,
  organization_id text not null,
  user_id text not null,
  kind text not null,
  subject_id text not null,
  -- A second notice of the kind on the same topic within the hour is none.
  topic text not null,
  params jsonb not null,
  fact_position bigint not null,
  created_at timestamptz(3) not null default now(),
  -- False for who wants this kind by mail alone.
  shown boolean not null,
  read_at timestamptz,
  archived_at timestamptz,
  -- Which message takes it along: WAITING for one, with the cadence it waits for.
  mail text not null default 'OFF',
  letter_id text,
  unique (organization_id, user_id, fact_position, kind)
);
create index notification_by_person on tenancy.notification (organization_id, user_id, id) where shown;
create index notification_unread on tenancy.notification (organization_id, user_id) where shown and read_at is null and archived_at is null;
create index notification_about on tenancy.notification (organization_id, user_id, kind, topic, created_at);
create index notification_to_mail on tenancy.notification (organization_id, user_id, mail) where letter_id is null and mail <> 'OFF';
create index notification_of_letter on tenancy.notification (letter_id) where letter_id is not null;
select platform.isolate('tenancy.notification');

-- How a person is told of a kind; the usual way where there is no row.
create table tenancy.notification_preference (
  organization_id text not null,
  user_id text not null,
  kind text not null,
  in_app boolean not null,
  -- NOW, DIGEST or OFF.
  mail text not null,
  primary key (organization_id, user_id, kind)
);
select platform.isolate('tenancy.notification_preference');

create table tenancy.notification_settings (
  organization_id text not null,
  user_id text not null,
  language text not null,
  time_zone text not null,
  -- Hours of the day, 0 to 23; no mail from the one to the other.
  digest_hour integer not null,
  quiet_from integer,
  quiet_to integer,
  primary key (organization_id, user_id)
);
select platform.isolate('tenancy.notification_settings');

-- A message that will be written: one that is still open takes along all that comes until it is due.
create table tenancy.notification_letter (
  id text primary key,
  organization_id text not null,
  user_id text not null,
  cadence text not null,
  due_at timestamptz not null,
  closed_at timestamptz
);
create unique index notification_letter_open on tenancy.notification_letter (organization_id, user_id, cadence) where closed_at is null;
select platform.isolate('tenancy.notification_letter');

-- Nobody is told of what happened before.
insert into platform.fact_cursor (organization_id, consumer, position)
select organization_id, 'tenancy.notifications', position from platform.fact_head;
