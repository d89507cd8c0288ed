//! Budgets in a time that stands still until it is told to move.

use super::*;
use std::sync::Arc;

fn budget(limit: u32) -> Arc<Budget> {
    Arc::new(Budget::new(NonZeroU32::new(limit)))
}

async fn wait_of(budget: &Budget, priority: Priority) -> Duration {
    let asked = Instant::now();
    budget.turn(priority).await;
    asked.elapsed()
}

#[tokio::test(start_paused = true)]
async fn no_window_holds_more_than_the_limit() {
    let budget = budget(5);
    let mut granted = Vec::new();
    for _ in 0..23 {
        budget.turn(Priority::Guard).await;
        granted.push(Instant::now());
    }
    for (first, sixth) in granted.iter().zip(&granted[5..]) {
        assert!(Duration::from_secs(1) < *sixth - *first);
    }
}

#[tokio::test(start_paused = true)]
async fn room_is_waited_for_and_not_taken() {
    let budget = budget(5);
    let room = async |budget: &Budget| {
        let asked = Instant::now();
        budget.room(Priority::Guard).await;
        asked.elapsed()
    };
    for _ in 0..20 {
        assert_eq!(room(&budget).await, Duration::ZERO);
    }
    for _ in 0..5 {
        budget.turn(Priority::Guard).await;
    }
    assert_eq!(room(&budget).await, SECOND + MARGIN);
    assert_eq!(wait_of(&budget, Priority::Guard).await, Duration::ZERO, "and then it is there");
    budget.slow_down(Some("1"), Timestamp::EPOCH);
    assert_eq!(room(&budget).await, SECOND, "nor while the venue asks to wait");
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_reads_does_not_delay_a_top_up() {
    let budget = budget(5);
    for priority in [Priority::Interface, Priority::Entry, Priority::GuardRead] {
        for _ in 0..50 {
            let budget = budget.clone();
            tokio::spawn(async move { budget.turn(priority).await });
        }
    }
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        assert_eq!(wait_of(&budget, Priority::Guard).await, Duration::ZERO);
    }
}

#[tokio::test(start_paused = true)]
async fn the_more_urgent_goes_first() {
    let budget = budget(1);
    budget.turn(Priority::Interface).await;
    let order = Arc::new(Mutex::new(Vec::new()));
    let wait = |priority: Priority| {
        let (budget, order) = (budget.clone(), order.clone());
        tokio::spawn(async move {
            budget.turn(priority).await;
            order.lock().unwrap().push(priority);
        })
    };
    let urgency = [Priority::Interface, Priority::GuardRead, Priority::Guard, Priority::Close, Priority::Entry];
    let tasks: Vec<_> = urgency.into_iter().map(wait).collect();
    for task in tasks {
        task.await.unwrap();
    }
    let by_urgency = [Priority::Guard, Priority::Close, Priority::GuardRead, Priority::Entry, Priority::Interface];
    assert_eq!(*order.lock().unwrap(), by_urgency);
}

#[tokio::test(start_paused = true)]
async fn whoever_gives_up_does_not_hold_up_the_next() {
    let budget = budget(1);
    budget.turn(Priority::Guard).await;
    let impatient = tokio::time::timeout(Duration::from_millis(10), budget.turn(Priority::Guard)).await;
    assert!(impatient.is_err());
    assert!(wait_of(&budget, Priority::Interface).await <= SECOND + MARGIN);
    assert!(budget.state().waiting.is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_venues_own_word_on_its_limit_counts() {
    let fast = budget(5);
    fast.learn(Some("\"default\";q=20;w=1"), Some("\"default\";r=19;t=1"));
    for _ in 0..20 {
        assert_eq!(wait_of(&fast, Priority::Guard).await, Duration::ZERO);
    }
    assert!(SECOND <= wait_of(&fast, Priority::Guard).await);
    let slow = budget(5);
    slow.learn(Some("1;w=2"), None);
    slow.turn(Priority::Guard).await;
    assert!(Duration::from_secs(2) <= wait_of(&slow, Priority::Guard).await);
    let unlimited = Budget::new(None);
    unlimited.learn(Some("1;w=2"), Some("r=0;t=9"));
    unlimited.turn(Priority::Interface).await;
    assert_eq!(wait_of(&unlimited, Priority::Interface).await, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_quota_that_others_used_up_is_waited_for() {
    let budget = budget(5);
    budget.learn(None, Some("\"default\";r=0;t=5"));
    let reads = budget.clone();
    let read = tokio::spawn(async move { wait_of(&reads, Priority::Interface).await });
    assert_eq!(wait_of(&budget, Priority::Guard).await, Duration::from_secs(2));
    assert!(Duration::from_secs(5) <= read.await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn f08_a_wait_holds_reads_for_its_length_and_the_guard_for_a_moment() {
    let budget = budget(5);
    assert_eq!(budget.slow_down(Some("20"), Timestamp::EPOCH), Millis::from_secs(20));
    let reads = budget.clone();
    let read = tokio::spawn(async move { wait_of(&reads, Priority::GuardRead).await });
    let probes = [wait_of(&budget, Priority::Guard).await, wait_of(&budget, Priority::Guard).await];
    assert!(Duration::from_secs(2) <= probes[0] && probes[0] < Duration::from_secs(3));
    assert!(Duration::from_secs(1) <= probes[1], "at most one probe a second");
    assert!(Duration::from_secs(20) <= read.await.unwrap());
}
