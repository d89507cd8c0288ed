-- Tokens that a person makes for programs of theirs: kept by hash, shown once.
create table api_tokens (
    id           blob    not null primary key check (length(id) = 16),
    user_id      blob    not null references users (id),
    name         text    not null check (length(name) between 1 and 60),
    token_hash   text    not null unique check (length(token_hash) = 64),
    scopes       text    not null,
    created_at   integer not null,
    expires_at   integer not null check (expires_at > created_at),
    last_used_at integer
) strict;

create index api_tokens_user on api_tokens (user_id);

-- Programs that signed in: each a family of refresh tokens, of which one at a time is good. What ended stays, so that a
-- token of it is known for what it is.
create table token_families (
    id         blob    not null primary key check (length(id) = 16),
    user_id    blob    not null references users (id),
    name       text    not null check (length(name) between 1 and 60),
    scopes     text    not null,
    source     text    not null,
    created_at integer not null,
    seen_at    integer not null,
    expires_at integer not null check (expires_at > created_at),
    ended_at   integer
) strict;

create index token_families_user on token_families (user_id);

-- A refresh token is spent by its use. One that comes again was stolen, or its thief was first: its family ends.
create table refresh_tokens (
    token_hash text    not null primary key check (length(token_hash) = 64),
    family_id  blob    not null references token_families (id),
    expires_at integer not null,
    spent_at   integer
) strict;

create index refresh_tokens_family on refresh_tokens (family_id);

-- Passkeys: the public half and the counter of each, as the library keeps them.
create table passkeys (
    id            blob    not null primary key check (length(id) = 16),
    user_id       blob    not null references users (id),
    credential_id text    not null unique,
    name          text    not null check (length(name) between 1 and 60),
    data          text    not null check (json_valid(data)),
    added_at      integer not null,
    last_used_at  integer
) strict;

create index passkeys_user on passkeys (user_id);
