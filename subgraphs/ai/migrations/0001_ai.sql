-- Conversations and answers are a person's own: other members of the organisation do not see them.
create table ai.conversation (
  id text primary key,
  organization_id text not null,
  user_id text not null,
  title text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index conversation_by_user on ai.conversation (organization_id, user_id, updated_at desc, id desc);
select platform.isolate('ai.conversation');

create table ai.answer (
  id text primary key,
  organization_id text not null,
  conversation_id text not null references ai.conversation (id) on delete cascade,
  user_id text not null,
  -- The caller's own name for the request; a repeated call finds the first one's answer.
  request_id text,
  question text not null,
  text text not null,
  abstained boolean not null,
  -- Sentences with their citations, kept whole: the words and boxes stay even when a source is gone.
  sentences jsonb not null,
  mode text not null,
  model text,
  created_at timestamptz not null default now()
);
create unique index answer_by_request on ai.answer (organization_id, user_id, request_id) where request_id is not null;
create index answer_by_conversation on ai.answer (conversation_id, created_at, id);
select platform.isolate('ai.answer');

-- Every call of a model, whoever made it.
create table ai.job (
  id text primary key,
  organization_id text not null,
  user_id text,
  task text not null,
  kind text not null,
  provider text not null,
  model text not null,
  digest text,
  prompt text,
  input text,
  output text,
  input_tokens integer,
  output_tokens integer,
  waited_ms integer not null,
  duration_ms integer not null,
  outcome text not null,
  error text,
  started_at timestamptz not null
);
create index job_by_start on ai.job (organization_id, started_at desc, id desc);
select platform.isolate('ai.job');
