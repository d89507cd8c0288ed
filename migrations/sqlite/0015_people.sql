-- What a person may do here; the first one is the admin. A suspended person is as good as unknown.
alter table users add column role text not null default 'operator' check (role in ('viewer', 'operator', 'admin'));
alter table users add column suspended_at integer;
alter table users add column suspended_why text;
alter table users add column email_verified_at integer;
alter table users add column name text not null default '';
alter table users add column language text not null default 'en' check (language in ('en', 'pt-BR'));

update users set role = 'admin' where id = (select id from users order by created_at, id limit 1);

-- Who else sees an account, and whether they may act on it.
create table account_shares (
    account_id blob    not null references accounts (id) on delete cascade,
    user_id    blob    not null references users (id) on delete cascade,
    access     text    not null check (access in ('see', 'act')),
    shared_at  integer not null,
    primary key (account_id, user_id)
) strict;

create index account_shares_user on account_shares (user_id);

-- One-time links; only the SHA-256 of a link's token is kept. An invitation carries a role, the others a person.
create table links (
    token_hash text    not null primary key,
    purpose    text    not null check (purpose in ('invitation', 'registration', 'reset', 'verification')),
    user_id    blob    references users (id) on delete cascade,
    email      text    check (email = lower(trim(email)) and email <> ''),
    role       text    check (role in ('viewer', 'operator', 'admin')),
    made_at    integer not null,
    expires_at integer not null check (expires_at > made_at),
    used_at    integer,
    check ((purpose in ('reset', 'verification')) = (user_id is not null)),
    check ((purpose in ('invitation', 'registration')) = (role is not null))
) strict;

create index links_user on links (user_id);
create index links_expires_at on links (expires_at);

-- What an admin has set for everybody.
create table settings (
    name  text not null primary key,
    value text not null
) strict;

insert into settings (name, value) values ('registration', 'closed');
