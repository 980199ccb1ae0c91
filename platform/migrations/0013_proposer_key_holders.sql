-- Who had been shown the secret of the key that proposes: whoever made or rotated it. What a key proposes is their own proposal too.
alter table platform.approval add column proposer_key_holders text[] not null default '{}';
