//! A place that takes logs, one request after the other, and answers when it is told to.

use crate::PATIENCE;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

pub struct Receiver {
    listener: TcpListener,
    address: SocketAddr,
}

impl Receiver {
    pub async fn open() -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        Receiver { listener, address }
    }

    pub fn address(&self, user: &str, path: &str) -> String {
        format!("http://{user}{}{path}", self.address)
    }

    /// The head and the body of the next request, which is then answered.
    pub async fn take(&mut self, status: u16) -> (String, String) {
        tokio::time::timeout(PATIENCE, self.heard(status)).await.expect("a batch comes")
    }

    async fn heard(&mut self, status: u16) -> (String, String) {
        let (mut stream, _) = self.listener.accept().await.unwrap();
        let mut heard = Vec::new();
        let whole = loop {
            if let Some(whole) = whole(&heard) {
                break whole;
            }
            let mut some = [0; 65_536];
            let read = stream.read(&mut some).await.unwrap();
            assert_ne!(read, 0, "the request was cut short");
            heard.extend_from_slice(&some[..read]);
        };
        let answer = format!("HTTP/1.1 {status} Told\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.unwrap();
        whole
    }
}

fn whole(request: &[u8]) -> Option<(String, String)> {
    let text = String::from_utf8_lossy(request);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let lower = head.to_lowercase();
    let length = lower.lines().find_map(|line| line.strip_prefix("content-length: "))?;
    (length.parse::<usize>().unwrap() <= body.len()).then(|| (head.to_owned(), body.to_owned()))
}
