-- Programs that serve this database now; each shows itself again before `seen_until`.
create table instances (
    id         uuid not null primary key,
    release    text not null check (release <> ''),
    seen_until bigint not null
);

-- One writer an account. The epoch grows with each new owner: an intent is written only under the newest one.
create table leases (
    account_id uuid not null primary key references accounts (id),
    owner      uuid not null,
    epoch      bigint not null check (epoch >= 1),
    taken_at   bigint not null,
    expires_at bigint not null,
    -- Written together with each intent, so that a change of owner waits for the intent, or the intent for it.
    intent_at  bigint not null default 0
);

alter table actions add column epoch bigint not null default 0;
