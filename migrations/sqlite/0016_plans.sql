-- The plan that somebody came with. A grant stands before it for as long as it lasts.
alter table users add column plan text not null default 'unlimited' check (plan in ('free', 'pro', 'unlimited'));

-- What admins granted, one after the other; the newest that has not run out counts. A request is granted once, however
-- often it arrives.
create table plan_grants (
    request_id blob    not null primary key check (length(request_id) = 16),
    user_id    blob    not null references users (id) on delete cascade,
    number     integer not null check (number >= 1),
    plan       text    not null check (plan in ('free', 'pro', 'unlimited')),
    granted_at integer not null,
    ends_at    integer check (ends_at > granted_at),
    why        text    not null check (why <> ''),
    unique (user_id, number)
) strict;

-- The plan of whoever comes from now on.
insert into settings (name, value) values ('plan', 'unlimited');

-- In which zone (by its IANA name) and in which unit somebody wants to read, on every device; null for what the browser says.
alter table users add column time_zone text check (length(time_zone) between 1 and 64);
alter table users add column units text check (units in ('sats', 'btc', 'usd'));
