-- The terms of a point are ten times as long as the rest of its row and are read only when it is replaced or removed: apart from it, a
-- filter over a hundred thousand points reads a tenth of the pages.
create table platform.vector_terms (
  organization_id text not null,
  shelf integer not null,
  point integer not null,
  terms text[] not null,
  primary key (shelf, point)
);
select platform.isolate('platform.vector_terms');
insert into platform.vector_terms (organization_id, shelf, point, terms) select organization_id, shelf, point, terms from platform.vector_point;
alter table platform.vector_point drop column terms;
