//! Named points at which a test ends the program. Without the feature `failpoints` there is nothing here.

/// Before and after each step that a top-up takes outside of this process's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Point {
    BeforeLease,
    AfterLease,
    BeforeReading,
    AfterReading,
    BeforeIntent,
    AfterIntent,
    BeforeCall,
    AfterCall,
    BeforeOutcome,
    AfterOutcome,
    BeforeJournal,
    AfterJournal,
    BeforeMerge,
    AfterMerge,
}

impl Point {
    pub const ALL: [Point; 14] = [
        Point::BeforeLease,
        Point::AfterLease,
        Point::BeforeReading,
        Point::AfterReading,
        Point::BeforeIntent,
        Point::AfterIntent,
        Point::BeforeCall,
        Point::AfterCall,
        Point::BeforeOutcome,
        Point::AfterOutcome,
        Point::BeforeJournal,
        Point::AfterJournal,
        Point::BeforeMerge,
        Point::AfterMerge,
    ];

    /// Only a program that has lost its database comes here.
    pub const fn needs_outage(self) -> bool {
        matches!(self, Point::BeforeJournal | Point::AfterJournal | Point::BeforeMerge | Point::AfterMerge)
    }
}

#[cfg(not(feature = "failpoints"))]
pub async fn reach(_: Point) {}

#[cfg(feature = "failpoints")]
pub use armed::{Death, reach};

#[cfg(feature = "failpoints")]
mod armed {
    use super::Point;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use tokio::sync::Notify;

    /// The real program dies at the point that this names, as `kill -9` kills.
    const VARIABLE: &str = "AXISOR_FAILPOINT";

    tokio::task_local! {
        static PLANNED: Arc<Death>;
    }

    /// A death within a story: whoever tells it drops the program when it is called.
    #[derive(Debug)]
    pub struct Death {
        point: Point,
        /// How often the point is passed alive.
        passes: AtomicU32,
        pub called: Notify,
    }

    impl Death {
        pub fn at(point: Point, passes: u32) -> Arc<Death> {
            Arc::new(Death { point, passes: AtomicU32::new(passes), called: Notify::new() })
        }

        /// Tells a story in which this death waits; it comes once.
        pub async fn within<T>(self: Arc<Death>, story: impl Future<Output = T>) -> T {
            PLANNED.scope(self, story).await
        }

        fn is_due(&self, point: Point) -> bool {
            let pass = |left: u32| left.checked_sub(1);
            point == self.point && self.passes.fetch_update(Ordering::SeqCst, Ordering::SeqCst, pass) == Err(0) && {
                // Passed so often that it never comes again.
                self.passes.store(u32::MAX, Ordering::SeqCst);
                true
            }
        }
    }

    pub async fn reach(point: Point) {
        let planned = PLANNED.try_with(Arc::clone).ok();
        if let Some(death) = planned.filter(|death| death.is_due(point)) {
            death.called.notify_one();
            std::future::pending::<()>().await;
        }
        if std::env::var(VARIABLE).is_ok_and(|named| named == format!("{point:?}")) {
            let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
            std::future::pending::<()>().await;
        }
    }
}
