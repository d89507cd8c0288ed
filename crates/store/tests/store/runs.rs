//! How often a decision was repeated is kept beside it, and found by position and time.

use crate::database::{Fresh, on_both};
use crate::sample::{at, entry, fence, intent, position, stored_account, write};
use domain::why::{Run, Sight, Step};
use domain::{Bps, LedgerEntry, Reason};
use store::NewEntry;

on_both!(a_run_grows_beside_its_entry, a_run);

fn sight(ms: i64) -> Sight {
    let time = at(ms);
    Sight { at: time, market_at: time, price: None, price_age: None, distance: Some(Bps::new(-7)), rule: None }
}

async fn a_run(fresh: &Fresh) {
    let store = fresh.open().await;
    let (mine, yours) = (stored_account(&*store).await, stored_account(&*store).await);
    let (trade, other) = (position(), position());
    let told = |account, position, ms| {
        let NewEntry { entry, .. } = entry(account, position, Reason::ExchangeReadable, false);
        NewEntry { entry: LedgerEntry { at: at(ms), ..entry }, notify: false }
    };
    let entries = [
        told(mine, Some(trade), 10),
        told(mine, Some(other), 20),
        told(mine, None, 30),
        told(yours, None, 30),
        told(mine, Some(trade), 40),
    ];
    let seqs = store.append_entries(&entries).await.unwrap();
    let run = Run { entry: seqs[0], first: sight(10), last: sight(10), looks: 1, closest: None };
    store.save_runs(&[run]).await.unwrap();
    let run = Run { last: sight(25), looks: 9, closest: Some(Bps::new(-7)), ..run };
    store.save_runs(&[run]).await.unwrap();
    let step =
        |index: usize, run| Step { entry: LedgerEntry { seq: seqs[index], ..entries[index].entry.clone() }, run };
    let steps = store.list_steps(mine, trade, at(39), 10).await.unwrap();
    assert_eq!(steps, [step(2, None), step(0, Some(run))]);
    let steps = store.list_steps(mine, trade, at(40), 1).await.unwrap();
    assert_eq!(steps, [step(4, None)]);
    assert_eq!(store.list_accounts_of(trade).await.unwrap(), [mine]);
    assert_eq!(store.list_accounts_of(position()).await.unwrap(), []);
    let meant = intent(mine, trade, 10, 100);
    write(&*store, &meant, fence()).await.unwrap();
    assert_eq!(store.find_newest_action(mine, trade, at(104)).await.unwrap(), None, "written later");
    let found = store.find_newest_action(mine, trade, at(105)).await.unwrap();
    assert_eq!(found.map(|action| action.intent), Some(meant));
}
