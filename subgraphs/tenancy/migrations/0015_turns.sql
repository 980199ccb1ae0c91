-- While nothing arrives at a webhook one message at a time finds out whether that has changed: the next not before then.
alter table tenancy.webhook add column probe_at timestamptz;
-- When the workflow was first asked: the time of a run counts from there, not from the moment it was put in a queue.
alter table tenancy.workflow_run add column asked_at timestamptz;
