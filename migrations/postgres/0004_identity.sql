-- Secrets beside the exchange keys, each sealed under a data key of its own. `owner` is a user, or the nil UUID for the
-- program itself.
create table secrets (
    owner   uuid    not null,
    field   text    not null check (field in ('totp_seed', 'audit_key')),
    version bigint  not null check (version >= 1),
    sealed  bytea   not null check (length(sealed) > 120),
    primary key (owner, field)
);

-- What people and the program did with accounts, keys and rules: each entry holds the hash of the one before it, and a
-- signature under a key that the database does not know.
create table audit (
    seq          bigint  not null primary key check (seq >= 1),
    at           bigint  not null,
    actor        uuid,
    source       text    not null,
    action       text    not null,
    subject      text    not null,
    value_before text,
    value_after  text,
    previous     bytea   not null check (length(previous) = 32),
    hash         bytea   not null check (length(hash) = 32),
    signature    bytea   not null check (length(signature) = 64)
);

create index audit_actor on audit (actor, seq);

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
    raise exception 'the audit is never changed';
end
$$;

create trigger audit_is_not_changed before update or delete on audit
    for each row execute function refuse_audit_change();

create trigger audit_is_not_emptied before truncate on audit
    for each statement execute function refuse_audit_change();

-- Whose session it is, so that a person can see theirs and end them; null before anyone has signed in.
alter table sessions add column user_id uuid references users (id);
create index sessions_user on sessions (user_id);

-- Failed attempts to come in, counted by what was tried and from where; both are kept as hashes.
create table attempts (
    subject      text    not null primary key,
    failures     bigint  not null check (failures >= 1),
    last_at      bigint  not null,
    locked_until bigint  not null
);

create index attempts_last_at on attempts (last_at);

-- Who must also give a code of their authenticator. Codes of `last_step` and before are spent.
create table authenticators (
    user_id   uuid    not null primary key references users (id),
    added_at  bigint  not null,
    last_step bigint  not null
);

-- What stands in for a lost authenticator, each once; kept as hashes.
create table recovery_codes (
    user_id   uuid    not null references users (id),
    code_hash text    not null check (length(code_hash) = 64),
    used_at   bigint,
    primary key (user_id, code_hash)
);
