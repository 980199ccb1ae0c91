create table logistics.shipment (
  id text primary key,
  organization_id text not null,
  -- As it was typed, for people; the key is what makes it one, however it is printed.
  tracking_number text not null,
  tracking_key text not null,
  reference text,
  status text not null,
  -- When the movement the status tells of happened; null while the shipment is only announced.
  moved_at timestamptz(3),
  -- What a list is searched in: folded and compact forms, one a line.
  search text not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  unique (organization_id, tracking_key),
  -- Also the order of the list: ids sort by creation.
  unique (organization_id, id)
);
select platform.isolate('logistics.shipment');

create table logistics.shipment_event (
  id text primary key,
  organization_id text not null,
  shipment_id text not null,
  -- The order of recording within the shipment, which decides between events of the same moment.
  number integer not null,
  status text not null,
  note text,
  occurred_at timestamptz(3) not null,
  recorded_at timestamptz(3) not null default now(),
  actor text,
  unique (organization_id, shipment_id, number),
  foreign key (organization_id, shipment_id) references logistics.shipment (organization_id, id)
);
create index shipment_event_timeline on logistics.shipment_event (organization_id, shipment_id, occurred_at, number);
select platform.isolate('logistics.shipment_event');
-- What happened is not rewritten.
revoke update, delete on logistics.shipment_event from passerelle_app;
