use crate::http::{Web, router};
use crate::jobs::market_feed::MarketFeed;
use crate::redis_sessions::RedisSessions;
use crate::system_clock::SystemEntropy;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, StatusCode, header};
use axum::response::IntoResponse;
use bus::Bus;
use domain::{AccountId, LedgerEntry, LedgerOutcome, Millis, Mode, Price, Reason, Sats, Tick, Timestamp, UserId};
use paper::{Chance, PaperAccount, PaperMarket, SharedVenue, Venue, VenueRules};
use serde_json::Value;
use service::{Clock, Desk, Entropy, Origin, Sealer, Services};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::{NewEntry, Store, User};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

pub const PASSWORD: &str = "correct horse battery staple";

/// A clock that stands still until it is moved.
pub struct StillClock(AtomicI64);

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_ms(self.0.load(Ordering::SeqCst))
    }
}

impl StillClock {
    pub fn advance(&self, by: Millis) {
        self.0.fetch_add(by.get(), Ordering::SeqCst);
    }
}

/// A whole program without its jobs: one user with one served paper account.
pub struct Stage {
    pub router: Router,
    pub services: Services,
    pub store: Arc<dyn Store>,
    pub clock: Arc<StillClock>,
    pub bus: Bus,
    pub account: AccountId,
    pub feed: Arc<MarketFeed>,
    pub folder: TempDir,
    guard: tokio::sync::Mutex<service::MarginGuard>,
}

pub struct Setting {
    pub secure: bool,
    pub hsts_subdomains: bool,
    pub demo: bool,
    pub account_name: &'static str,
    pub proxies: Vec<ipnet::IpNet>,
    pub api_origins: Vec<axum::http::HeaderValue>,
    pub alarms: notify::Alarms,
    /// Where sessions are kept; `None` for the database.
    pub redis: Option<String>,
}

impl Default for Setting {
    fn default() -> Setting {
        Setting {
            secure: false,
            hsts_subdomains: false,
            demo: false,
            account_name: "Paper",
            proxies: Vec::new(),
            api_origins: Vec::new(),
            alarms: notify::Alarms::default(),
            redis: None,
        }
    }
}

impl Stage {
    pub async fn set() -> Stage {
        Stage::set_with(Setting::default()).await
    }

    pub async fn set_with(setting: Setting) -> Stage {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("axisor.db").display());
        Stage::set_at(&url, folder, setting).await
    }

    /// `None`, said aloud, where no server is given; a build server must give one.
    pub async fn on_postgres(setting: Setting) -> Option<Stage> {
        static NEXT: AtomicI64 = AtomicI64::new(0);
        let Ok(server) = std::env::var("AXISOR_TEST_POSTGRES") else {
            assert!(std::env::var("CI").is_err(), "AXISOR_TEST_POSTGRES is not set");
            eprintln!("SKIPPED on PostgreSQL: AXISOR_TEST_POSTGRES is not set; `cargo xtask test` sets it");
            return None;
        };
        let name = format!("http_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let pool = sqlx::PgPool::connect(&server).await.unwrap();
        for statement in [format!("drop database if exists {name}"), format!("create database {name}")] {
            sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&pool).await.unwrap();
        }
        let (server, _) = server.rsplit_once('/').unwrap();
        Some(Stage::set_at(&format!("{server}/{name}"), tempfile::tempdir().unwrap(), setting).await)
    }

    async fn set_at(url: &str, folder: TempDir, setting: Setting) -> Stage {
        let clock = Arc::new(StillClock(AtomicI64::new(1_800_000_000_000)));
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
        let store = store::open(url).await.unwrap();
        let bus = Bus::default();
        let sealer = Sealer::from_master_key(&[7; 32], entropy.clone());
        let opened = Services::open(
            store.clone(),
            clock.clone(),
            entropy,
            sealer,
            bus.clone(),
            domain::brake::BreakerLimits::default(),
        )
        .await;
        let services = opened.unwrap();
        let (identity, desk) = (&services.identity, services.desk.clone());
        let token = identity.open_setup().await.unwrap().unwrap();
        let origin = Origin::CommandLine;
        let user = identity.create_first_user(&token, "ana@example.org", PASSWORD, &origin).await.unwrap();
        let account = desk.add_account(user, setting.account_name, Mode::Paper, |_| None).await.unwrap();
        let (feed, guard) = serve(&desk, &*store, &clock, account).await;
        if let Some(url) = &setting.redis {
            let sessions = RedisSessions::at(url, None, store.clone(), clock.clone()).unwrap();
            assert!(sessions.wait_a_moment().await, "Redis answers");
            services.sessions.keep_in(Arc::new(sessions));
        }
        let feeds = feed.clone();
        let web = Web {
            services: services.clone(),
            store: store.clone(),
            clock: clock.clone(),
            feeds: Arc::new(move || vec![feeds.clone()]),
            unserved: Arc::default(),
            site: site(folder.path()),
            secure: setting.secure,
            hsts_subdomains: setting.hsts_subdomains,
            demo: setting.demo.then_some(user),
            proxies: setting.proxies.clone().into(),
            api_origins: setting.api_origins.clone(),
            alarms: setting.alarms.clone(),
            stop: CancellationToken::new(),
        };
        let router = router(web);
        let guard = tokio::sync::Mutex::new(guard);
        Stage { router, services, store, clock, bus, account, feed, folder, guard }
    }

    pub async fn ask(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap().into_response()
    }

    pub async fn get(&self, path: &str, cookie: &str) -> Response<Body> {
        self.ask(get(path, cookie).body(Body::empty()).unwrap()).await
    }

    /// What a program on this machine is told of the server's health.
    pub async fn health(&self) -> Response<Body> {
        let mut request = get("/health/ready", "").body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))));
        self.ask(request).await
    }

    /// The cookie of a session that has just signed in.
    pub async fn sign_in(&self) -> String {
        let answer = self.ask(sign_in("ana@example.org", PASSWORD, "")).await;
        assert!(answer.status().is_redirection() || answer.status().is_success(), "{}", answer.status());
        cookie(&answer).expect("a session cookie")
    }

    /// A tick at this price in dollars, received now.
    pub fn tick(&self, dollars: i64) {
        let price = Price::from_ticks(dollars * 2).unwrap();
        self.feed.receive(Tick::of(self.clock.now(), price), &self.services.desk, &*self.clock);
    }

    pub async fn look_again(&self) {
        self.guard.lock().await.look_again().await;
    }

    /// The database answers, and what the guard needs is gone from it.
    pub async fn lose_tables(&self) {
        let file = self.folder.path().join("axisor.db");
        let pool = sqlx::SqlitePool::connect(&format!("sqlite:{}", file.display())).await.unwrap();
        sqlx::query("alter table guard_versions rename to guard_versions_lost").execute(&pool).await.unwrap();
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The clock's time in unix seconds.
    pub fn seconds(&self) -> i64 {
        self.clock.now().unix_ms() / 1_000
    }

    /// Writes a decision into the ledger; answers its number.
    pub async fn decide(&self) -> i64 {
        let entry = NewEntry { entry: decision(self.account, self.clock.now()), notify: false };
        *self.store.append_entries(&[entry]).await.unwrap().last().unwrap()
    }

    /// Another user with an account of their own.
    pub async fn strangers_account(&self) -> AccountId {
        let id = UserId::from_uuid(uuid::Uuid::from_u128(7));
        let (email, password_hash) = ("eve@example.org".to_owned(), "$none".to_owned());
        self.store.insert_user(&User { id, email, password_hash, created_at: self.clock.now() }).await.unwrap();
        self.services.desk.add_account(id, "Eve's", Mode::Paper, |_| None).await.unwrap()
    }
}

pub fn decision(account: AccountId, at: Timestamp) -> LedgerEntry {
    LedgerEntry {
        seq: 0,
        account,
        position: None,
        at,
        market_at: at,
        price: None,
        distance: None,
        outcome: LedgerOutcome::Noted,
        reason: Reason::ExchangeReadable,
    }
}

async fn serve(
    desk: &Desk,
    store: &dyn Store,
    clock: &Arc<StillClock>,
    account: AccountId,
) -> (Arc<MarketFeed>, service::MarginGuard) {
    let venue = SharedVenue::new(Venue::new(VenueRules::default(), Chance::seeded(1)));
    venue.lock().open_account(account, Sats::new(1_000_000), 0).unwrap();
    let first = Tick::of(clock.now(), Price::from_ticks(200_000).unwrap());
    let wall = clock.clone();
    let market = PaperMarket::still(venue.clone(), first, Arc::new(move || wall.now()));
    let feed = Arc::new(MarketFeed::new("paper", Arc::new(market)));
    feed.receive(first, desk, &**clock);
    let stored = store.find_account(account).await.unwrap().unwrap();
    let exchange = Arc::new(PaperAccount::new(venue, account));
    let mut guard = desk.open_account(stored, exchange, feed.market(), feed.prices());
    guard.look_again().await;
    (feed, guard)
}

fn site(folder: &Path) -> std::path::PathBuf {
    let site = folder.join("site");
    std::fs::create_dir_all(site.join("pkg")).unwrap();
    std::fs::write(site.join("hash.txt"), "js: abc\nwasm: abc\ncss: abc\n").unwrap();
    std::fs::write(site.join("pkg/axisor.abc.js"), "let plain;").unwrap();
    std::fs::write(site.join("pkg/axisor.abc.js.br"), "brotli").unwrap();
    std::fs::write(site.join("favicon.svg"), "<svg/>").unwrap();
    std::fs::create_dir_all(site.join("replay")).unwrap();
    std::fs::write(site.join("replay/abc.wasm"), "wasm").unwrap();
    std::fs::write(site.join("replay-worker.js"), "let worker;").unwrap();
    std::fs::write(folder.join("secret.txt"), "not for the web").unwrap();
    site
}

pub fn get(path: &str, cookie: &str) -> axum::http::request::Builder {
    Request::get(path).header(header::COOKIE, cookie).header(header::ACCEPT, "text/html")
}

/// The sign-in form, as a browser without wasm sends it.
pub fn sign_in(email: &str, password: &str, cookie: &str) -> Request<Body> {
    let form = format!("email={}&password={}", email.replace('@', "%40"), password.replace(' ', "+"));
    Request::post("/api/sign_in")
        .header(header::HOST, "127.0.0.1:13010")
        .header(header::ORIGIN, "http://127.0.0.1:13010")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "text/html")
        .header(header::COOKIE, cookie)
        .body(Body::from(form))
        .unwrap()
}

/// Calls a server function as the page does.
pub async fn call(stage: &Stage, function: &str, session: &str, arguments: Value) -> (StatusCode, Value) {
    let request = Request::post(format!("/api/{function}"))
        .header(header::HOST, "127.0.0.1:13010")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::COOKIE, session)
        .body(Body::from(arguments.to_string()))
        .unwrap();
    let answer = stage.ask(request).await;
    let status = answer.status();
    (status, serde_json::from_str(&text(answer).await).unwrap_or(Value::Null))
}

/// The session cookie that an answer sets, as a browser would send it back.
pub fn cookie(answer: &Response<Body>) -> Option<String> {
    let set = answer.headers().get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
    let mut sessions = set.filter(|set| set.starts_with("axisor=") || set.starts_with("__Host-axisor="));
    sessions.next().map(|set| set.split(';').next().unwrap().to_owned())
}

pub async fn text(answer: Response<Body>) -> String {
    let bytes = axum::body::to_bytes(answer.into_body(), 4 * 1024 * 1024).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub fn is_redirect_to(answer: &Response<Body>, path: &str) -> bool {
    let location = answer.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
    matches!(answer.status(), StatusCode::FOUND | StatusCode::SEE_OTHER | StatusCode::TEMPORARY_REDIRECT)
        && location.is_some_and(|location| location.starts_with(path))
}
