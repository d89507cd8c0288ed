//! Another system that takes the log, and keeps every byte that comes.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone)]
pub struct LogPlace {
    address: SocketAddr,
    taken: Arc<Mutex<Vec<u8>>>,
}

impl LogPlace {
    pub const PASSWORD: &str = "canary-of-the-logs-place";

    pub async fn open() -> LogPlace {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let place = LogPlace { address: listener.local_addr().unwrap(), taken: Arc::default() };
        let taking = place.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(taking.clone().take(stream));
            }
        });
        place
    }

    pub fn url(&self) -> String {
        format!("http://log:{}@{}/insert", LogPlace::PASSWORD, self.address)
    }

    /// The lines alone: the head of a request rightly holds the password.
    pub fn lines(&self) -> Vec<u8> {
        self.taken.lock().unwrap().clone()
    }

    async fn take(self, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        loop {
            let mut length = None;
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).await.ok().filter(|read| *read != 0)?;
                if line == "\r\n" {
                    break;
                }
                length =
                    length.or(line.to_lowercase().strip_prefix("content-length: ").map(|text| text.trim().to_owned()));
            }
            let mut body = vec![0; length?.parse().ok()?];
            stream.read_exact(&mut body).await.ok()?;
            self.taken.lock().unwrap().extend_from_slice(&body);
            stream.write_all(b"HTTP/1.1 204 Taken\r\n\r\n").await.ok()?;
        }
    }
}
