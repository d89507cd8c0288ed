-- Every intent is counted in the lease that it was written under, whichever statement wrote it.
create trigger intents_are_counted after insert on actions begin
    update leases set intents = intents + 1 where account_id = new.account_id and epoch = new.epoch;
end;
