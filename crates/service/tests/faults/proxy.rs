//! A way to PostgreSQL that can be cut.

use sqlx::AssertSqlSafe;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

pub struct Proxy {
    port: u16,
    server: String,
    database: String,
    serving: Mutex<Option<JoinHandle<()>>>,
}

impl Proxy {
    /// Before a fresh database; `None`, said aloud, where no server is given.
    pub async fn before_postgres() -> Option<Proxy> {
        let Ok(server) = std::env::var("AXISOR_TEST_POSTGRES") else {
            assert!(std::env::var("CI").is_err(), "AXISOR_TEST_POSTGRES is not set");
            eprintln!("SKIPPED on PostgreSQL: AXISOR_TEST_POSTGRES is not set; `cargo xtask test` sets it");
            return None;
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let database = format!("outage_{}_{port}", std::process::id());
        let pool = sqlx::PgPool::connect(&server).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("drop database if exists {database}"))).execute(&pool).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("create database {database}"))).execute(&pool).await.unwrap();
        let address = server.rsplit_once('/').unwrap().0.rsplit_once('@').unwrap().1.to_owned();
        let serving = Mutex::new(Some(tokio::spawn(serve(listener, address.clone()))));
        Some(Proxy { port, server, database, serving })
    }

    pub fn url(&self) -> String {
        let user = self.server.split_once("://").unwrap().1.split_once('@').unwrap().0;
        format!("postgres://{user}@127.0.0.1:{}/{}", self.port, self.database)
    }

    /// Every connection breaks, and no new one is taken.
    pub async fn cut(&self) {
        let serving = self.serving.lock().await.take().unwrap();
        serving.abort();
        assert!(serving.await.unwrap_err().is_cancelled());
    }

    pub async fn mend(&self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        let address = self.server.rsplit_once('/').unwrap().0.rsplit_once('@').unwrap().1.to_owned();
        *self.serving.lock().await = Some(tokio::spawn(serve(listener, address)));
    }
}

/// The connections live in this task, and end with it.
async fn serve(listener: TcpListener, address: String) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok((mut near, _)) = listener.accept().await else { return };
        let address = address.clone();
        connections.spawn(async move {
            let mut far = TcpStream::connect(&address).await.unwrap();
            // Either end may break: that is what this is for.
            drop(tokio::io::copy_bidirectional(&mut near, &mut far).await);
        });
    }
}
