-- Looks that decided the same as an entry of the ledger, one after the other: what the first and the last of them knew.
create table decision_runs (
    entry       bigint not null primary key references ledger (seq),
    first_sight text   not null check (jsonb_typeof(first_sight::jsonb) = 'object'),
    last_sight  text   not null check (jsonb_typeof(last_sight::jsonb) = 'object'),
    looks       bigint not null check (looks >= 1),
    closest     bigint
);

-- Whether orders that wait at the exchange stay there when the switch is pulled; else they are canceled.
alter table stops add column keep_orders bigint not null default 0 check (keep_orders in (0, 1));
