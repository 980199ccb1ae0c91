-- A page of conversations continues after the moment that its last one shows, which a client knows to the millisecond.
alter table ai.conversation alter column updated_at type timestamptz(3);
