-- Whoever covers a person in what workflows and webhooks have told names each row by one word.
alter table tenancy.workflow_step add column id text generated always as (run_id || ':' || number::text) stored;
alter table tenancy.webhook_attempt add column id text generated always as (delivery_id || ':' || number::text) stored;
