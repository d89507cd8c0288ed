//! A database of a real Redis, and a way to it that can be cut.

#![cfg(test)]

use fred::clients::Client;
use fred::interfaces::{ClientLike, KeysInterface};
use fred::types::config::Config;
use fred::types::{Builder, CustomCommand, Value};
use std::sync::{Arc, Mutex};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// One of Redis's databases, empty at first. Each test has a number of its own, since they run at once.
pub struct Redis {
    server: String,
    number: u8,
    client: Client,
}

impl Redis {
    /// `None`, said aloud, where no server is given; a build server must give one.
    pub async fn open(number: u8) -> Option<Redis> {
        let Ok(server) = std::env::var("AXISOR_TEST_REDIS") else {
            assert!(std::env::var_os("CI").is_none(), "AXISOR_TEST_REDIS is not set");
            eprintln!("SKIPPED on Redis: AXISOR_TEST_REDIS is not set; `cargo xtask test` sets it");
            return None;
        };
        let server = server.trim_start_matches("redis://").trim_end_matches('/').to_owned();
        let config = Config::from_url(&format!("redis://{server}/{number}")).unwrap();
        let client = Builder::from_config(config).build().unwrap();
        client.init().await.unwrap();
        let redis = Redis { server, number, client };
        redis.flush().await;
        Some(redis)
    }

    pub fn url(&self) -> String {
        format!("redis://{}/{}", self.server, self.number)
    }

    pub async fn flush(&self) {
        let flush = CustomCommand::new_static("FLUSHDB", None, false);
        self.client.custom::<Value, Value>(flush, vec![]).await.unwrap();
    }

    /// All that it holds.
    pub async fn dump(&self) -> Vec<(String, String)> {
        let keys = CustomCommand::new_static("KEYS", None, false);
        let mut keys: Vec<String> = self.client.custom(keys, vec!["*".to_owned()]).await.unwrap();
        keys.sort();
        let mut all = Vec::new();
        for key in keys {
            let value: String = self.client.get(&key).await.unwrap();
            all.push((key, value));
        }
        all
    }

    /// As it was before, and nothing else: what a replica that stayed behind brings when it takes over.
    pub async fn restore(&self, dump: &[(String, String)]) {
        self.flush().await;
        for (key, value) in dump {
            let _: Value = self.client.set(key, value.as_str(), None, None, false).await.unwrap();
        }
    }

    /// A way to it that can be cut.
    pub async fn relay(&self) -> Relay {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("redis://{}/{}", listener.local_addr().unwrap(), self.number);
        let (server, ways) = (self.server.clone(), Arc::new(Mutex::new(Vec::new())));
        let opened: Arc<Mutex<Vec<AbortHandle>>> = Arc::clone(&ways);
        let accepting = tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let server = server.clone();
                let way = tokio::spawn(async move {
                    let mut far = TcpStream::connect(&server).await.unwrap();
                    let _ = copy_bidirectional(&mut near, &mut far).await;
                });
                opened.lock().unwrap().push(way.abort_handle());
            }
        });
        Relay { url, accepting: accepting.abort_handle(), ways }
    }
}

pub struct Relay {
    pub url: String,
    accepting: AbortHandle,
    ways: Arc<Mutex<Vec<AbortHandle>>>,
}

impl Relay {
    /// Nothing gets through any more, and nobody answers at its address.
    pub fn cut(&self) {
        self.accepting.abort();
        for way in self.ways.lock().unwrap().drain(..) {
            way.abort();
        }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.cut();
    }
}
