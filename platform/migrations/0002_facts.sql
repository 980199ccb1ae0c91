-- The log of what happened, one order per organisation. The head row is taken last in a transaction and held to its commit: positions are
-- therefore handed out in commit order, and a reader that has seen position n will never meet a smaller one later.
create table platform.fact_head (
  organization_id text primary key,
  position bigint not null
);
select platform.isolate('platform.fact_head');

create table platform.fact (
  organization_id text not null,
  position bigint not null,
  type text not null,
  -- Ids and small values; never the text of a document.
  payload jsonb not null,
  actor text,
  occurred_at timestamptz not null default now(),
  primary key (organization_id, position)
);
select platform.isolate('platform.fact');
revoke update, delete on platform.fact from passerelle_app;

-- How far a durable consumer has come, and which process is at it now.
create table platform.fact_cursor (
  organization_id text not null,
  consumer text not null,
  position bigint not null default 0,
  holder text,
  held_until timestamptz,
  primary key (organization_id, consumer)
);
select platform.isolate('platform.fact_cursor');

-- A fact that a consumer could not digest is set aside with its error, so that one bad fact does not hold up the rest.
create table platform.fact_failure (
  organization_id text not null,
  consumer text not null,
  position bigint not null,
  error text not null,
  failed_at timestamptz not null default now(),
  primary key (organization_id, consumer, position)
);
select platform.isolate('platform.fact_failure');

-- Which organisations have facts and how many: all a consumer needs to find its work before it enters an organisation.
create function platform.fact_heads() returns table (organization_id text, head bigint)
language sql stable security definer set search_path = '' as $$
  select organization_id, position as head from platform.fact_head
$$;
revoke all on function platform.fact_heads() from public;
grant execute on function platform.fact_heads() to passerelle_app;
