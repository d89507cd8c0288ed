-- Every intent is counted in the lease that it was written under, whichever statement wrote it.
create function count_intent() returns trigger language plpgsql as $$
begin
    update leases set intents = intents + 1 where account_id = new.account_id and epoch = new.epoch;
    return new;
end;
$$;

create trigger intents_are_counted after insert on actions for each row execute function count_intent();
