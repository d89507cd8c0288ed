-- The kill switches that a person has pulled. The scope is an account, or the nil id for everything.
create table stops (
    scope      uuid not null,
    stopped    text not null check (stopped in ('trading', 'guards')),
    pulled_at  bigint not null,
    primary key (scope, stopped)
);

-- The breaker over all accounts: it falls by itself, and only a person arms it again. One row.
create table breaker (
    id         bigint not null primary key check (id = 1),
    looked_at  bigint not null,
    armed_at   bigint not null,
    tripped_at bigint
);

insert into breaker (id, looked_at, armed_at) values (1, 0, 0);

create index actions_of_all on actions (written_at) where kind = 'add_margin';
