alter table conciergerie.client add unique (organization_id, id);
alter table conciergerie.property add unique (organization_id, id);

-- Whose it is: a client of the organisation.
alter table conciergerie.property add column owner_id text,
  add foreign key (organization_id, owner_id) references conciergerie.client (organization_id, id) on delete set null (owner_id);
create index property_by_owner on conciergerie.property (organization_id, owner_id, sort_name, id) where owner_id is not null;

-- A stay in a property, or days on which it is closed.
create table conciergerie.booking (
  id text primary key,
  organization_id text not null,
  property_id text not null,
  -- Days where the property is; the night before the departure is the last.
  arrival date not null,
  departure date not null,
  -- Null where nobody comes.
  guests integer check (guests between 1 and 50),
  status text not null,
  source text not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  unique (organization_id, id),
  check (departure > arrival and departure - arrival <= 366),
  foreign key (organization_id, property_id) references conciergerie.property (organization_id, id)
);
create index booking_by_arrival on conciergerie.booking (organization_id, arrival, id);
create index booking_of_property on conciergerie.booking (organization_id, property_id, arrival, id);
select platform.isolate('conciergerie.booking');

-- Who comes, and what is said of them, one row for each booking: a table of its own, because the owner of the property sees the booking and not this.
create table conciergerie.booking_guest (
  booking_id text primary key,
  organization_id text not null,
  client_id text,
  -- That of the platform, as it prints it.
  reference text,
  -- Sealed (`v1:…`).
  note text,
  -- What a list is searched in: folded and compact forms, one a line.
  search text not null,
  foreign key (organization_id, booking_id) references conciergerie.booking (organization_id, id) on delete cascade,
  foreign key (organization_id, client_id) references conciergerie.client (organization_id, id) on delete set null (client_id)
);
create index booking_guest_of_client on conciergerie.booking_guest (organization_id, client_id, booking_id) where client_id is not null;
create index booking_guest_of_booking on conciergerie.booking_guest (organization_id, booking_id);
select platform.isolate('conciergerie.booking_guest');

-- Where the client who asks stays. With its owner's rights, because a policy that read bookings would be read by theirs in turn.
create function conciergerie.properties_of_stays() returns setof text
language sql stable security definer set search_path = '' as $$
  select booking.property_id from conciergerie.booking_guest as guest join conciergerie.booking as booking on booking.id = guest.booking_id
  where guest.organization_id = (select current_setting('passerelle.organization', true))
    and guest.client_id = (select current_setting('passerelle.client', true))
$$;
revoke all on function conciergerie.properties_of_stays() from public;
grant execute on function conciergerie.properties_of_stays() to passerelle_app;

-- A client sees themselves, the properties that they own or stay in, their stays, and, without the guest, those in their properties.
select platform.share_with_client('conciergerie.client', 'id = (select current_setting(''passerelle.client'', true))');
select platform.share_with_client('conciergerie.property',
  'owner_id = (select current_setting(''passerelle.client'', true)) or id in (select conciergerie.properties_of_stays())');
select platform.share_with_client('conciergerie.booking_guest', 'client_id = (select current_setting(''passerelle.client'', true))');
select platform.share_with_client('conciergerie.booking',
  'id in (select booking_id from conciergerie.booking_guest where client_id = (select current_setting(''passerelle.client'', true)))
   or property_id in (select id from conciergerie.property where owner_id = (select current_setting(''passerelle.client'', true)))');
