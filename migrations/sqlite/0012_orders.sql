-- What a person asks for by hand is an action as well: who asked, and on which terms.
create table actions_new (
    id                      blob    not null primary key check (length(id) = 16),
    account_id              blob    not null references accounts (id),
    position_id             blob    not null check (length(position_id) = 16),
    kind                    text    not null check (
        kind in ('add_margin', 'close', 'cash_in', 'open', 'stop_loss', 'take_profit', 'cancel')
    ),
    amount                  integer check ((kind in ('add_margin', 'cash_in')) = (amount is not null) and amount > 0),
    -- Of an opening, a stop-loss or a take-profit.
    terms                   text    check (
        (kind in ('open', 'stop_loss', 'take_profit')) = (terms is not null) and (terms is null or json_valid(terms))
    ),
    guard_id                blob    not null check (length(guard_id) = 16),
    guard_version           integer not null,
    asked_by                blob    references users (id),
    margin_before           integer not null,
    funding_before          integer not null,
    cashed_in_margin_before integer not null,
    cashed_in_pnl_before    integer not null default 0,
    liquidation_before      integer not null,
    written_at              integer not null,
    market_at               integer not null,
    not_after               integer not null check (not_after >= written_at),
    state                   text    not null check (state in ('intent', 'unknown', 'proved', 'refuted', 'frozen', 'counted')),
    epoch                   integer not null default 0,
    rides_on                blob    references actions_new (id)
) strict;

insert into actions_new (id, account_id, position_id, kind, amount, guard_id, guard_version, margin_before,
    funding_before, cashed_in_margin_before, liquidation_before, written_at, market_at, not_after, state, epoch, rides_on)
select id, account_id, position_id, kind, amount, guard_id, guard_version, margin_before,
    funding_before, cashed_in_margin_before, liquidation_before, written_at, market_at, not_after, state, epoch, rides_on
from actions;

drop table actions;
alter table actions_new rename to actions;

-- One open action a position, and beside it at most one emergency.
create unique index one_open_action on actions (account_id, position_id)
    where state in ('intent', 'unknown', 'frozen') and rides_on is null;
create unique index one_open_emergency on actions (account_id, position_id)
    where state in ('intent', 'unknown', 'frozen') and rides_on is not null;
create index actions_position on actions (account_id, position_id, market_at);
create index actions_written_at on actions (account_id, written_at);
create index actions_of_all on actions (written_at) where kind = 'add_margin';
