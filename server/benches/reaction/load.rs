//! What else a server does while its guard reacts: a hundred sign-ins a second are tried, pages follow the account, and
//! one backup follows the other.

use super::Error;
use super::stage::{DATABASE, EMAIL, PASSWORD, Stage};
use server::http::{Web, listener, router};
use server::system_clock::SystemClock;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, SqlitePool};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

/// Each is told of every reaction; of a thousand, two cores that react fifty times a second cannot feed all.
const READERS: usize = 200;
const BETWEEN_SIGN_INS: Duration = Duration::from_millis(10);
const BETWEEN_BACKUPS: Duration = Duration::from_millis(500);
const PATIENCE: Duration = Duration::from_secs(30);

/// A load that goes on until it is ended.
pub struct Load {
    tasks: JoinSet<()>,
    since: Instant,
    done: Arc<Done>,
}

#[derive(Default)]
struct Done {
    sign_ins: AtomicUsize,
    /// Bytes that readers were told.
    told: AtomicUsize,
    backups: AtomicUsize,
}

impl Load {
    /// Returns once every reader is told something.
    pub async fn begin(stage: &Stage, folder: &Path) -> Result<Load, Error> {
        let (mut tasks, done) = (JoinSet::new(), Arc::new(Done::default()));
        let address = serve(stage, folder, &mut tasks).await?;
        let cookie = sign_in(address, 0, EMAIL).await?.ok_or("the sign-in gave no session")?;
        for reader in 0..READERS {
            let reader = follow(address, reader, &stage.account.to_string(), &cookie).await?;
            tasks.spawn(read_on(reader, Arc::clone(&done)));
        }
        tasks.spawn(keep_signing_in(address, Arc::clone(&done)));
        tasks.spawn(keep_backing_up(folder.to_owned(), Arc::clone(&done)));
        Ok(Load { tasks, since: Instant::now(), done })
    }

    /// Ends it; answers what it was.
    pub async fn end(mut self) -> String {
        let seconds = self.since.elapsed().as_secs_f64();
        self.tasks.shutdown().await;
        let Done { sign_ins, told, backups } = &*self.done;
        let a_second = |count: &AtomicUsize| {
            let count = u32::try_from(count.load(Ordering::Relaxed)).unwrap_or(u32::MAX);
            f64::from(count) / seconds
        };
        let (sign_ins, bytes, backups) = (a_second(sign_ins), a_second(told), a_second(backups));
        format!(
            "{sign_ins:.0} answered sign-ins, {backups:.1} backups and {READERS} readers with {:.0} kB a second",
            bytes / 1_000.0
        )
    }
}

async fn serve(stage: &Stage, folder: &Path, tasks: &mut JoinSet<()>) -> Result<SocketAddr, Error> {
    let (listener, address) = listener::bind((Ipv4Addr::LOCALHOST, 0).into()).await?;
    let (feed, stop) = (Arc::clone(&stage.feed), stage.stop.clone());
    let router = router(Web {
        services: stage.services.clone(),
        store: Arc::clone(&stage.store),
        clock: Arc::new(SystemClock),
        feeds: Arc::new(move || vec![Arc::clone(&feed)]),
        unserved: Arc::default(),
        site: folder.to_owned(),
        secure: false,
        hsts_subdomains: false,
        proxies: [format!("{}/32", Ipv4Addr::LOCALHOST).parse()?].into(),
        api_origins: Vec::new(),
        demo: None,
        alarms: notify::Alarms::default(),
        stop: stop.clone(),
    });
    tasks.spawn(async move { listener::serve(listener, router, &stop).await });
    Ok(address)
}

/// Signs in with the right password or, whoever else it is, in vain; answers the session's cookie.
async fn sign_in(server: SocketAddr, who: usize, email: &str) -> Result<Option<String>, Error> {
    let form = format!("email={}&password={}", email.replace('@', "%40"), PASSWORD.replace(' ', "+"));
    let from = somewhere(who)?;
    let request = format!(
        "POST /api/sign_in HTTP/1.1\r\nhost: {server}\r\norigin: http://{server}\r\nsec-fetch-site: same-origin\r\n\
         x-forwarded-for: {from}\r\ncontent-type: application/x-www-form-urlencoded\r\naccept: text/html\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{form}",
        form.len()
    );
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut answer)).await??;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let set = answer.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    Ok(set.and_then(|cookie| cookie.split(';').next()).map(str::to_owned))
}

/// So that each comes from somewhere else: one address is soon told to wait.
fn somewhere(who: usize) -> Result<Ipv4Addr, Error> {
    let [_, a, b, c] = u32::try_from(who)?.to_be_bytes();
    Ok(Ipv4Addr::new(10, a, b, c))
}

async fn follow(server: SocketAddr, who: usize, account: &str, cookie: &str) -> Result<TcpStream, Error> {
    let mut stream = TcpStream::connect(server).await?;
    let from = somewhere(who)?;
    let request = format!(
        "GET /live/{account} HTTP/1.1\r\nhost: {server}\r\nx-forwarded-for: {from}\r\ncookie: {cookie}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut some = [0; 64];
    let read = timeout(PATIENCE, stream.read(&mut some)).await??;
    let begun = some.get(..read).is_some_and(|told| told.starts_with(b"HTTP/1.1 200"));
    if begun { Ok(stream) } else { Err("a stream was refused".into()) }
}

async fn read_on(mut stream: TcpStream, done: Arc<Done>) {
    let mut some = [0; 4_096];
    while let Ok(read @ 1..) = stream.read(&mut some).await {
        done.told.fetch_add(read, Ordering::Relaxed);
    }
}

/// Whether or not those before were answered. No two come from one place or know one another's address.
async fn keep_signing_in(server: SocketAddr, done: Arc<Done>) {
    let (mut beat, mut trying) = (interval(BETWEEN_SIGN_INS), JoinSet::new());
    beat.set_missed_tick_behavior(MissedTickBehavior::Skip);
    for who in 1.. {
        beat.tick().await;
        let done = Arc::clone(&done);
        trying.spawn(async move {
            if sign_in(server, who, &format!("{who}@example.org")).await.is_ok() {
                done.sign_ins.fetch_add(1, Ordering::Relaxed);
            }
        });
        while trying.try_join_next().is_some() {}
    }
}

/// A whole copy, each time anew.
async fn keep_backing_up(folder: PathBuf, done: Arc<Done>) {
    let options = SqliteConnectOptions::new().filename(folder.join(DATABASE)).read_only(true);
    let Ok(database) = SqlitePool::connect_with(options).await else { return };
    let (mut beat, copy) = (interval(BETWEEN_BACKUPS), folder.join("backup.db"));
    loop {
        beat.tick().await;
        let statement = format!("vacuum into '{}'", copy.display());
        if sqlx::query(AssertSqlSafe(statement)).execute(&database).await.is_ok() {
            done.backups.fetch_add(1, Ordering::Relaxed);
        }
        // What could not be removed fails the next copy, and is missing in the count.
        let _ = std::fs::remove_file(&copy);
    }
}
