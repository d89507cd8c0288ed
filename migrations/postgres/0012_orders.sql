-- What a person asks for by hand is an action as well: who asked, and on which terms.
alter table actions drop constraint actions_kind_check;
alter table actions add constraint actions_kind_check check (
    kind in ('add_margin', 'close', 'cash_in', 'open', 'stop_loss', 'take_profit', 'cancel')
);
alter table actions drop constraint actions_check;
alter table actions add constraint actions_amount_check check (
    (kind in ('add_margin', 'cash_in')) = (amount is not null) and amount > 0
);
-- Of an opening, a stop-loss or a take-profit.
alter table actions add column terms text check (
    (kind in ('open', 'stop_loss', 'take_profit')) = (terms is not null) and (terms is null or jsonb_typeof(terms::jsonb) is not null)
);
alter table actions add column asked_by uuid references users (id);
alter table actions add column cashed_in_pnl_before bigint not null default 0;
alter table actions drop constraint actions_state_check;
alter table actions add constraint actions_state_check check (
    state in ('intent', 'unknown', 'proved', 'refuted', 'frozen', 'counted')
);
