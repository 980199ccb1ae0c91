-- The address and the number of a client are sealed (`v1:…`); whoever has them whole finds the client by a blind index of their normalised form. Rows from
-- before are closed by a round while everything serves, and taken out of the searched text with that.
alter table conciergerie.client add column email_index text, add column phone_index text;
create index client_by_email on conciergerie.client (organization_id, email_index);
create index client_by_phone on conciergerie.client (organization_id, phone_index);
