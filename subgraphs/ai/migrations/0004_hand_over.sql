-- A question that its asker hands to a person. Only this row shows colleagues what was asked: answers and conversations stay private.
create table ai.hand_over (
  id text primary key,
  organization_id text not null,
  -- One answer is handed over once; handing it over again finds the first.
  answer_id text not null references ai.answer (id) on delete cascade,
  conversation_id text not null,
  asker_id text not null,
  assignee_id text,
  question text not null,
  note text,
  status text not null,
  reply text,
  reply_document_ids text[] not null default '{}',
  replier_id text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  taken_at timestamptz(3),
  answered_at timestamptz(3),
  closed_at timestamptz(3),
  unique (organization_id, answer_id)
);
create index hand_over_by_status on ai.hand_over (organization_id, status, id);
create index hand_over_by_asker on ai.hand_over (organization_id, asker_id, id);
select platform.isolate('ai.hand_over');
