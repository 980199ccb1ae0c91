-- Notes of a shipment's timeline name people, and are sealed (`v1:…`). What happened is not rewritten; what was said of it is closed with another key, and
-- taken away when somebody it names is erased.
grant update (note) on logistics.shipment_event to passerelle_app;
