-- For whom a shipment is on its way: a client of the organisation, whom conciergerie keeps. They read their shipments and what happened to them, and write
-- nothing of either.
alter table logistics.shipment add column client_id text;
-- The order of a client's list: ids sort by creation.
create index shipment_of_client on logistics.shipment (organization_id, client_id, id) where client_id is not null;

select platform.share_with_client('logistics.shipment', $$client_id = (select current_setting('passerelle.client', true))$$);
select platform.share_with_client('logistics.shipment_event', $$shipment_id in (
  select id from logistics.shipment where client_id = (select current_setting('passerelle.client', true)))$$);
