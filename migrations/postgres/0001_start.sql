-- Ids are UUIDs, times are Unix milliseconds UTC, amounts are satoshis, prices half dollars.

create table users (
    id            uuid    not null primary key,
    email         text    not null unique check (email = lower(trim(email)) and email <> ''),
    password_hash text    not null check (password_hash like '$%'),
    created_at    bigint  not null
);

-- One-time links that make the first user; only the SHA-256 of a link's token is kept.
create table setup_links (
    token_hash text    not null primary key,
    expires_at bigint  not null,
    used_at    bigint
);

create table sessions (
    id         text    not null primary key,
    data       bytea   not null,
    expires_at bigint  not null
);

create index sessions_expires_at on sessions (expires_at);

create table accounts (
    id         uuid    not null primary key,
    user_id    uuid    not null references users (id),
    name       text    not null check (name <> ''),
    mode       text    not null check (mode in ('paper', 'signet', 'live')),
    sealed_key bytea   check (sealed_key is not null or mode = 'paper'),
    created_at bigint  not null,
    unique (user_id, name)
);

-- Every version that was ever saved; the newest one counts.
create table guard_versions (
    account_id uuid    not null references accounts (id),
    version    bigint  not null check (version >= 1),
    guard_id   uuid    not null,
    state      text    not null check (state in ('off', 'shadow', 'live')),
    policy     text    not null check (
        coalesce((policy::jsonb ->> 'trigger')::bigint between 10 and 5000, false)
        and coalesce((policy::jsonb ->> 'target')::bigint between (policy::jsonb ->> 'trigger')::bigint + 50 and 9000, false)
        and coalesce((policy::jsonb -> 'limits' ->> 'per_action')::bigint between 1 and 1000000000, false)
        and coalesce((policy::jsonb -> 'limits' ->> 'per_position')::bigint between 1 and 1000000000, false)
        and coalesce((policy::jsonb -> 'limits' ->> 'per_day')::bigint between 1 and 1000000000, false)
        and coalesce((policy::jsonb -> 'limits' ->> 'wallet_reserve')::bigint between 0 and 1000000000, false)
        and coalesce((policy::jsonb -> 'limits' ->> 'max_actions')::bigint between 1 and 1000, false)
    ),
    saved_at   bigint  not null,
    primary key (account_id, version)
);

-- The intent journal: a row is on disk before the call that it is about is sent.
create table actions (
    id                      uuid    not null primary key,
    account_id              uuid    not null references accounts (id),
    position_id             uuid    not null,
    kind                    text    not null check (kind in ('add_margin', 'close')),
    amount                  bigint  check ((kind = 'add_margin') = (amount is not null) and amount > 0),
    guard_id                uuid    not null,
    guard_version           bigint  not null,
    margin_before           bigint  not null,
    funding_before          bigint  not null,
    cashed_in_margin_before bigint  not null,
    liquidation_before      bigint  not null,
    written_at              bigint  not null,
    market_at               bigint  not null,
    not_after               bigint  not null check (not_after >= written_at),
    state                   text    not null check (state in ('intent', 'unknown', 'proved', 'refuted', 'frozen'))
);

-- While an action's fate is open, nothing else may be tried on its position, whoever tries.
create unique index one_open_action on actions (account_id, position_id) where state in ('intent', 'unknown', 'frozen');
create index actions_position on actions (account_id, position_id, market_at);
create index actions_written_at on actions (account_id, written_at);

-- The decision ledger: written once, never changed.
create table ledger (
    seq         bigint  generated always as identity primary key,
    account_id  uuid    not null references accounts (id),
    position_id uuid,
    at          bigint  not null,
    market_at   bigint  not null,
    price       bigint,
    distance    bigint,
    outcome     text    not null check (outcome in ('acted', 'held', 'refused', 'alarmed', 'noted')),
    reason      text    not null check (jsonb_typeof(reason::jsonb) in ('object', 'string'))
);

create index ledger_account on ledger (account_id, seq);
create index ledger_position on ledger (account_id, position_id, seq);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the ledger is never changed';
end
$$;

create trigger ledger_is_not_changed before update or delete on ledger
    for each row execute function refuse_change();

-- Messages to people. `run_at` is when one is due; taking one moves it to the end of the lease.
create table notices (
    id           bigint  generated always as identity primary key,
    entry        bigint  not null references ledger (seq),
    run_at       bigint  not null,
    attempts     bigint  not null default 0,
    delivered_at bigint,
    last_error   text
);

create index notices_due on notices (run_at, id) where delivered_at is null;
