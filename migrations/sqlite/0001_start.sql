-- Ids are UUIDs in 16 bytes, times are Unix milliseconds UTC, amounts are satoshis, prices half dollars.

create table users (
    id            blob    not null primary key check (length(id) = 16),
    email         text    not null unique check (email = lower(trim(email)) and email <> ''),
    password_hash text    not null check (password_hash like '$%'),
    created_at    integer not null
) strict;

-- One-time links that make the first user; only the SHA-256 of a link's token is kept.
create table setup_links (
    token_hash text    not null primary key,
    expires_at integer not null,
    used_at    integer
) strict;

create table sessions (
    id         text    not null primary key,
    data       blob    not null,
    expires_at integer not null
) strict;

create index sessions_expires_at on sessions (expires_at);

create table accounts (
    id         blob    not null primary key check (length(id) = 16),
    user_id    blob    not null references users (id),
    name       text    not null check (name <> ''),
    mode       text    not null check (mode in ('paper', 'signet', 'live')),
    sealed_key blob    check (sealed_key is not null or mode = 'paper'),
    created_at integer not null,
    unique (user_id, name)
) strict;

-- Every version that was ever saved; the newest one counts.
create table guard_versions (
    account_id blob    not null references accounts (id),
    version    integer not null check (version >= 1),
    guard_id   blob    not null check (length(guard_id) = 16),
    state      text    not null check (state in ('off', 'shadow', 'live')),
    policy     text    not null check (
        coalesce(json_extract(policy, '$.trigger') between 10 and 5000, 0)
        and coalesce(json_extract(policy, '$.target') between json_extract(policy, '$.trigger') + 50 and 9000, 0)
        and coalesce(json_extract(policy, '$.limits.per_action') between 1 and 1000000000, 0)
        and coalesce(json_extract(policy, '$.limits.per_position') between 1 and 1000000000, 0)
        and coalesce(json_extract(policy, '$.limits.per_day') between 1 and 1000000000, 0)
        and coalesce(json_extract(policy, '$.limits.wallet_reserve') between 0 and 1000000000, 0)
        and coalesce(json_extract(policy, '$.limits.max_actions') between 1 and 1000, 0)
    ),
    saved_at   integer not null,
    primary key (account_id, version)
) strict;

-- The intent journal: a row is on disk before the call that it is about is sent.
create table actions (
    id                      blob    not null primary key check (length(id) = 16),
    account_id              blob    not null references accounts (id),
    position_id             blob    not null check (length(position_id) = 16),
    kind                    text    not null check (kind in ('add_margin', 'close')),
    amount                  integer check ((kind = 'add_margin') = (amount is not null) and amount > 0),
    guard_id                blob    not null check (length(guard_id) = 16),
    guard_version           integer not null,
    margin_before           integer not null,
    funding_before          integer not null,
    cashed_in_margin_before integer not null,
    liquidation_before      integer not null,
    written_at              integer not null,
    market_at               integer not null,
    not_after               integer not null check (not_after >= written_at),
    state                   text    not null check (state in ('intent', 'unknown', 'proved', 'refuted', 'frozen'))
) strict;

-- While an action's fate is open, nothing else may be tried on its position, whoever tries.
create unique index one_open_action on actions (account_id, position_id) where state in ('intent', 'unknown', 'frozen');
create index actions_position on actions (account_id, position_id, market_at);
create index actions_written_at on actions (account_id, written_at);

-- The decision ledger: written once, never changed.
create table ledger (
    seq         integer primary key autoincrement,
    account_id  blob    not null references accounts (id),
    position_id blob,
    at          integer not null,
    market_at   integer not null,
    price       integer,
    distance    integer,
    outcome     text    not null check (outcome in ('acted', 'held', 'refused', 'alarmed', 'noted')),
    reason      text    not null check (json_type(reason) in ('object', 'text'))
) strict;

create index ledger_account on ledger (account_id, seq);
create index ledger_position on ledger (account_id, position_id, seq);

create trigger ledger_is_not_changed before update on ledger begin
    select raise(abort, 'the ledger is never changed');
end;

create trigger ledger_is_not_deleted before delete on ledger begin
    select raise(abort, 'the ledger is never changed');
end;

-- Messages to people. `run_at` is when one is due; taking one moves it to the end of the lease.
create table notices (
    id           integer primary key autoincrement,
    entry        integer not null references ledger (seq),
    run_at       integer not null,
    attempts     integer not null default 0,
    delivered_at integer,
    last_error   text
) strict;

create index notices_due on notices (run_at, id) where delivered_at is null;
