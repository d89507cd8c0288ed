-- Programs that serve this database now; each shows itself again before `seen_until`.
create table instances (
    id         blob not null primary key check (length(id) = 16),
    release    text not null check (release <> ''),
    seen_until integer not null
) strict;

-- One writer an account. The epoch grows with each new owner: an intent is written only under the newest one.
create table leases (
    account_id blob not null primary key references accounts (id),
    owner      blob not null check (length(owner) = 16),
    epoch      integer not null check (epoch >= 1),
    taken_at   integer not null,
    expires_at integer not null,
    -- Written together with each intent, so that a change of owner waits for the intent, or the intent for it.
    intent_at  integer not null default 0
) strict;

alter table actions add column epoch integer not null default 0;
