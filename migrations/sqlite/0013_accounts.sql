-- When an account was taken out of service. Its key is wiped (no bytes are left in `sealed_key`), and what was decided
-- and done for it stays.
alter table accounts add column removed_at integer;
