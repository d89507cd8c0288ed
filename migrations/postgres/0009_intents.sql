-- How many intents were written under a lease, ever. Who writes one names the number it knew before it read the
-- exchange: had another been written meanwhile, what was read may be from before it.
alter table leases add column intents bigint not null default 0;
