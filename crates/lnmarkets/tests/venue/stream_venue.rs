//! A venue's stream that does what a test tells it to.

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{broadcast, watch};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, accept_async};

pub const LAST_PRICE: &str = "futures/inverse/btc_usd/lastPrice";
pub const INDEX: &str = "futures/inverse/btc_usd/index";

/// What the venue does next, on every open socket.
#[derive(Clone, Debug)]
enum Act {
    Tell(String),
    /// Without a word of farewell.
    Cut,
}

#[derive(Clone)]
pub struct StreamVenue {
    pub url: String,
    acts: broadcast::Sender<Act>,
    book: Arc<Mutex<Book>>,
    /// How many sockets have subscribed so far.
    subscribed: watch::Sender<usize>,
}

#[derive(Default)]
struct Book {
    received: Vec<Value>,
    /// What it answers to `authenticate` instead of a yes.
    refusal: Option<String>,
    /// Topics that it does not know.
    unknown: Vec<String>,
    permissions: Vec<String>,
}

impl StreamVenue {
    pub async fn open() -> StreamVenue {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/v1", listener.local_addr().unwrap());
        let (acts, _) = broadcast::channel(64);
        let venue = StreamVenue { url, acts, book: Arc::default(), subscribed: watch::Sender::new(0) };
        let serving = venue.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serving.clone().serve(socket));
            }
        });
        venue
    }

    pub fn tell(&self, topic: &str, data: Value) {
        self.tell_text(&json!({"jsonrpc": "2.0", "method": "subscription", "params": {"topic": topic, "data": data}}));
    }

    pub fn tell_text(&self, frame: &Value) {
        let _ = self.acts.send(Act::Tell(frame.to_string()));
    }

    pub fn tell_nonsense(&self, text: &str) {
        let _ = self.acts.send(Act::Tell(text.to_owned()));
    }

    pub fn cut(&self) {
        let _ = self.acts.send(Act::Cut);
    }

    pub fn refuse_keys(&self, message: &str) {
        self.book.lock().unwrap().refusal = Some(message.to_owned());
    }

    pub fn grant(&self, permissions: &[&str]) {
        self.book.lock().unwrap().permissions = permissions.iter().map(|scope| (*scope).to_owned()).collect();
    }

    pub fn forget(&self, topic: &str) {
        self.book.lock().unwrap().unknown.push(topic.to_owned());
    }

    pub fn received(&self) -> Vec<Value> {
        self.book.lock().unwrap().received.clone()
    }

    pub fn sockets(&self) -> usize {
        *self.subscribed.borrow()
    }

    async fn serve(self, socket: TcpStream) {
        let mut acts = self.acts.subscribe();
        let Ok(mut socket) = accept_async(socket).await else { return };
        loop {
            tokio::select! {
                message = socket.next() => match message {
                    Some(Ok(Message::Text(text))) => self.answer(&mut socket, &text).await,
                    Some(Ok(_)) => {}
                    _ => return,
                },
                act = acts.recv() => match act {
                    Ok(Act::Tell(text)) => socket.send(Message::text(text)).await.unwrap_or_default(),
                    _ => return,
                },
            }
        }
    }

    async fn answer(&self, socket: &mut WebSocketStream<TcpStream>, text: &str) {
        let request: Value = serde_json::from_str(text).unwrap();
        let (answer, subscribes) = {
            let mut book = self.book.lock().unwrap();
            book.received.push(request.clone());
            (book.answer(&request), request["method"] == "subscribe")
        };
        let _ = socket.send(Message::text(answer.to_string())).await;
        if subscribes {
            self.subscribed.send_modify(|count| *count += 1);
        }
    }
}

impl Book {
    fn answer(&self, request: &Value) -> Value {
        let refuse = |message: &str| json!({"error": {"code": -32000, "message": message}});
        let mut answer = match request["method"].as_str().unwrap() {
            "authenticate" => match &self.refusal {
                Some(message) => refuse(message),
                None => json!({"result": {"authenticated": true, "permissions": self.permissions}}),
            },
            "subscribe" => {
                let topics = request["params"]["topics"].as_array().unwrap();
                let known = topics.iter().filter(|topic| !self.unknown.iter().any(|unknown| *topic == unknown));
                json!({"result": {"subscribed": known.collect::<Vec<_>>()}})
            }
            "whoami" => json!({"result": {"apiKey": "key", "userId": "u", "permissions": self.permissions}}),
            _ => refuse("no such method"),
        };
        answer["jsonrpc"] = json!("2.0");
        answer["id"] = request["id"].clone();
        answer
    }
}
