-- Whether everybody must have a second factor.
insert into settings (name, value) values ('second_factor', 'offered');

-- By which a program signs in, once; shown to its person once, and kept by its hash.
create table sign_in_codes (
    code_hash  text    not null primary key check (length(code_hash) = 64),
    user_id    blob    not null references users (id) on delete cascade,
    name       text    not null check (length(name) between 1 and 60),
    scopes     text    not null,
    expires_at integer not null
) strict;

create index sign_in_codes_user on sign_in_codes (user_id);
