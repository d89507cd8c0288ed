-- Prices and funding of the past, by who told them. What is kept is never rewritten.
create table candles (
    source      text    not null check (source in ('lnmarkets', 'signet', 'binance', 'paper')),
    interval_ms bigint  not null check (interval_ms > 0),
    at          bigint  not null,
    open        bigint  not null check (open > 0),
    high        bigint  not null check (high > 0),
    low         bigint  not null check (low > 0),
    close       bigint  not null check (close > 0),
    volume      bigint  not null,
    primary key (source, interval_ms, at)
);

-- A rate is in hundred-millionths; longs pay where it is positive.
create table settlements (
    source text    not null check (source in ('lnmarkets', 'signet', 'binance', 'paper')),
    at     bigint  not null,
    rate   bigint  not null,
    fixing bigint  not null check (fixing > 0),
    primary key (source, at)
);

-- Stretches of time whose past was asked for and answered, from `from_at` on and before `to_at`. An interval of zero
-- stands for the settlements.
create table history_spans (
    source      text    not null check (source in ('lnmarkets', 'signet', 'binance', 'paper')),
    interval_ms bigint  not null check (interval_ms >= 0),
    from_at     bigint  not null,
    to_at       bigint  not null check (from_at < to_at),
    primary key (source, interval_ms, from_at)
);
