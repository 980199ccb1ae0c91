-- Where a message is on its way. KEPT: there is no mail server, and the organisation reads it here. With one, WAITING until the server has
-- taken it (SENT) or it is given up (REFUSED); its text is dropped then, because it is its reader's alone.
alter table platform.mail
  add column state text not null default 'KEPT' check (state in ('KEPT', 'WAITING', 'SENT', 'REFUSED')),
  add column settled_at timestamptz(3),
  -- What the server last said of it, when that was not yes.
  add column failure text,
  alter column text drop not null,
  alter column created_at type timestamptz(3);
grant update (state, settled_at, failure, text) on platform.mail to passerelle_app;
