-- Secrets beside the exchange keys, each sealed under a data key of its own. `owner` is a user, or the nil UUID for the
-- program itself.
create table secrets (
    owner   blob    not null check (length(owner) = 16),
    field   text    not null check (field in ('totp_seed', 'audit_key')),
    version integer not null check (version >= 1),
    sealed  blob    not null check (length(sealed) > 120),
    primary key (owner, field)
) strict;

-- What people and the program did with accounts, keys and rules: each entry holds the hash of the one before it, and a
-- signature under a key that the database does not know.
create table audit (
    seq          integer not null primary key check (seq >= 1),
    at           integer not null,
    actor        blob    check (length(actor) = 16),
    source       text    not null,
    action       text    not null,
    subject      text    not null,
    value_before text,
    value_after  text,
    previous     blob    not null check (length(previous) = 32),
    hash         blob    not null check (length(hash) = 32),
    signature    blob    not null check (length(signature) = 64)
) strict;

create index audit_actor on audit (actor, seq);

create trigger audit_is_not_changed before update on audit begin
    select raise(abort, 'the audit is never changed');
end;

create trigger audit_is_not_deleted before delete on audit begin
    select raise(abort, 'the audit is never changed');
end;

-- Whose session it is, so that a person can see theirs and end them; null before anyone has signed in.
alter table sessions add column user_id blob references users (id);
create index sessions_user on sessions (user_id);

-- Failed attempts to come in, counted by what was tried and from where; both are kept as hashes.
create table attempts (
    subject      text    not null primary key,
    failures     integer not null check (failures >= 1),
    last_at      integer not null,
    locked_until integer not null
) strict;

create index attempts_last_at on attempts (last_at);

-- Who must also give a code of their authenticator. Codes of `last_step` and before are spent.
create table authenticators (
    user_id   blob    not null primary key references users (id),
    added_at  integer not null,
    last_step integer not null
) strict;

-- What stands in for a lost authenticator, each once; kept as hashes.
create table recovery_codes (
    user_id   blob    not null references users (id),
    code_hash text    not null check (length(code_hash) = 64),
    used_at   integer,
    primary key (user_id, code_hash)
) strict;
