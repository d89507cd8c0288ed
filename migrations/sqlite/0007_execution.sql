-- A top-up beside one of unknown fate, made because liquidation was nearer than the proof: `rides_on` names that one.
alter table actions add column rides_on blob references actions (id);

-- One open action a position, and beside it at most one emergency.
drop index one_open_action;
create unique index one_open_action on actions (account_id, position_id)
    where state in ('intent', 'unknown', 'frozen') and rides_on is null;
create unique index one_open_emergency on actions (account_id, position_id)
    where state in ('intent', 'unknown', 'frozen') and rides_on is not null;

-- Positions whose books do not add up though no action is open: nothing is sent for them until a person thaws them.
create table freezes (
    account_id  blob    not null references accounts (id),
    position_id blob    not null check (length(position_id) = 16),
    frozen_at   integer not null,
    primary key (account_id, position_id)
) strict;

-- An owner that is the only program on this database may go on beside it, with a journal of its own, until its lease
-- runs out: whoever follows it must have read that journal, or wait until nothing of it can arrive.
alter table leases add column alone integer not null default 0 check (alone in (0, 1));
alter table leases add column quiet_until integer not null default 0;

-- How far each such journal has been taken into this database.
create table journals (
    instance_id blob    not null primary key check (length(instance_id) = 16),
    merged      integer not null
) strict;
