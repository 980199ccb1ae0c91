-- What a place says of its entity: the document is from it, is about it, or names it; and the passage that holds the place (its index, for
-- passages get new ids when a document is read anew).
alter table documents.mention
  add column relation text not null default 'MENTIONS' check (relation in ('WRITTEN_BY', 'ABOUT', 'MENTIONS')),
  add column chunk integer;
