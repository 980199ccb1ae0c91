-- Messages, kept before they are sent. Without a mail server they stay here, and the organisation reads them in the application.
create table platform.mail (
  id text primary key,
  organization_id text not null,
  recipient text not null,
  subject text not null,
  text text not null,
  created_at timestamptz not null default now()
);
create index mail_newest on platform.mail (organization_id, id desc);
select platform.isolate('platform.mail');
revoke update on platform.mail from passerelle_app;
