//! One function for both databases: compiled for each, and run in a transaction or in a single glance.

/// Compiles functions once for each database, in modules `sqlite` and `postgres`; within, `Connection` is its own, and
/// so are the rooms named after `beside`.
macro_rules! on_both {
    (beside $($room:ident),+; $($item:item)*) => {
        $crate::both::on_both!(@ sqlite, sqlx::SqliteConnection, $($room),+; $($item)*);
        $crate::both::on_both!(@ postgres, sqlx::PgConnection, $($room),+; $($item)*);
    };
    (@ $module:ident, $connection:ty, $($room:ident),*; $($item:item)*) => {
        pub mod $module {
            use super::*;
            $(use $crate::$room::$module as $room;)*
            type Connection = $connection;
            $($item)*
        }
    };
    ($($item:item)*) => {
        $crate::both::on_both!(@ sqlite, sqlx::SqliteConnection, ; $($item)*);
        $crate::both::on_both!(@ postgres, sqlx::PgConnection, ; $($item)*);
    };
}
pub(crate) use on_both;

/// Runs one function in a transaction of its own.
macro_rules! alone {
    ($begin:expr, $($path:ident)::+ ( $($argument:expr),* )) => {{
        let mut transaction = $begin.await?;
        let done = $($path)::+(&mut transaction $(, $argument)*).await?;
        transaction.commit().await?;
        Ok(done)
    }};
}
pub(crate) use alone;

/// Runs one function that reads with a single statement, which needs no transaction to see one state of the world.
macro_rules! glance {
    ($pool:expr, $($path:ident)::+ ( $($argument:expr),* )) => {{
        let mut connection = $pool.acquire().await?;
        $($path)::+(&mut connection $(, $argument)*).await
    }};
}
pub(crate) use glance;
