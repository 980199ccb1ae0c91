-- Speech has times where print has places: stretches of a page's text as [start, end, from ms, to ms, speaker], the time a passage takes, the length of
-- the recording.
alter table documents.document add column duration_ms integer;
alter table documents.page add column segments jsonb;
alter table documents.chunk add column start_ms integer, add column end_ms integer;

-- Recordings that wait for a server that writes speech down: which organisations have some that were given up before the moment.
create index document_unspoken on documents.document (organization_id, updated_at)
  where stage = 'FAILED' and error_code = 'SPEECH_UNAVAILABLE' and same_as is null;
create function documents.organizations_without_transcripts(before timestamptz) returns table (organization_id text)
language sql stable security definer set search_path = '' as $$
  select distinct organization_id from documents.document
  where stage = 'FAILED' and error_code = 'SPEECH_UNAVAILABLE' and same_as is null and updated_at <= before
$$;
revoke all on function documents.organizations_without_transcripts(timestamptz) from public;
grant execute on function documents.organizations_without_transcripts(timestamptz) to passerelle_app;

-- Bytes on their way into the blob store. The row is there before the blob and goes with the claim, so what a kill leaves between the two is known.
create table documents.arrival (
  organization_id text not null,
  hash text not null,
  arrived_at timestamptz not null default now(),
  primary key (organization_id, hash)
);
create index arrival_by_age on documents.arrival (arrived_at);
select platform.isolate('documents.arrival');
create function documents.organizations_with_forgotten_arrivals(before timestamptz) returns table (organization_id text)
language sql stable security definer set search_path = '' as $$
  select distinct organization_id from documents.arrival where arrived_at < before
$$;
revoke all on function documents.organizations_with_forgotten_arrivals(timestamptz) from public;
grant execute on function documents.organizations_with_forgotten_arrivals(timestamptz) to passerelle_app;
