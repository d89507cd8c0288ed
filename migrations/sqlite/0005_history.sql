-- Prices and funding of the past, by who told them. What is kept is never rewritten.
create table candles (
    source      text    not null check (source in ('lnmarkets', 'signet', 'binance', 'paper')),
    interval_ms integer not null check (interval_ms > 0),
    at          integer not null,
    open        integer not null check (open > 0),
    high        integer not null check (high > 0),
    low         integer not null check (low > 0),
    close       integer not null check (close > 0),
    volume      integer not null,
    primary key (source, interval_ms, at)
) strict, without rowid;

-- A rate is in hundred-millionths; longs pay where it is positive.
create table settlements (
    source text    not null check (source in ('lnmarkets', 'signet', 'binance', 'paper')),
    at     integer not null,
    rate   integer not null,
    fixing integer not null check (fixing > 0),
    primary key (source, at)
) strict, without rowid;

-- Stretches of time whose past was asked for and answered, from `from_at` on and before `to_at`. An interval of zero
-- stands for the settlements.
create table history_spans (
    source      text    not null check (source in ('lnmarkets', 'signet', 'binance', 'paper')),
    interval_ms integer not null check (interval_ms >= 0),
    from_at     integer not null,
    to_at       integer not null check (from_at < to_at),
    primary key (source, interval_ms, from_at)
) strict, without rowid;
