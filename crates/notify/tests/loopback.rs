//! The ways over the network, to a receiver on this machine.

#![cfg(test)]

use domain::Timestamp;
use notify::{Channel, DeliveryError, Egress, Heartbeat, Message, Webhook};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Answers one request, and tells what it was.
async fn receiver(answer: &'static str) -> (String, JoinHandle<String>) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/topic", listener.local_addr().unwrap());
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut heard = Vec::new();
        while !is_whole(&heard) {
            let mut some = [0; 1_024];
            let read = stream.read(&mut some).await.unwrap();
            assert_ne!(read, 0, "the request was cut short");
            heard.extend_from_slice(&some[..read]);
        }
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8(heard).unwrap()
    });
    (address, heard)
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    length.is_none_or(|length| length.parse::<usize>().unwrap() <= body.len())
}

fn message() -> Message {
    Message {
        at: Timestamp::EPOCH,
        kind: "crossing_unanswered".to_owned(),
        subject: "account 1".to_owned(),
        text: "Look at the position.".to_owned(),
    }
}

/// This machine, by name: it is a private place as well.
fn here() -> Egress {
    Egress::allowing(["127.0.0.1".to_owned()])
}

const YES: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn an_alarm_is_posted_as_plain_text_with_the_token() {
    let (address, heard) = receiver(YES).await;
    let webhook = Webhook::to(&address, Some("tk_secret".to_owned().into()), &here()).unwrap();
    webhook.deliver(&message()).await.unwrap();
    let heard = heard.await.unwrap();
    assert!(heard.starts_with("POST /topic HTTP/1.1\r\n"), "{heard}");
    assert!(heard.contains("authorization: Bearer tk_secret"), "{heard}");
    assert!(heard.ends_with("Look at the position.\ncrossing_unanswered \u{b7} account 1"), "{heard}");
    assert!(!format!("{webhook:?}").contains("tk_secret"));
}

#[tokio::test]
async fn f78_a_redirect_is_not_followed() {
    let (trap, caught) = receiver(YES).await;
    let answer = format!("HTTP/1.1 302 Found\r\nlocation: {trap}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let (address, heard) = receiver(answer.leak()).await;
    let sent = Webhook::to(&address, None, &here()).unwrap().deliver(&message()).await;
    assert!(matches!(sent, Err(DeliveryError::Status(302))), "{sent:?}");
    heard.await.unwrap();
    assert!(!caught.is_finished());
    caught.abort();
}

#[tokio::test]
async fn a_receiver_that_fails_or_is_not_there_is_a_failure_without_its_address() {
    let (address, heard) = receiver("HTTP/1.1 500 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
    let webhook = Webhook::to(&address, None, &here()).unwrap();
    let sent = webhook.deliver(&message()).await;
    assert!(matches!(sent, Err(DeliveryError::Status(500))), "{sent:?}");
    heard.await.unwrap();
    let error = webhook.deliver(&message()).await.unwrap_err().to_string();
    assert!(!error.contains("topic"), "{error}");
}

#[tokio::test]
async fn a_heartbeat_asks_for_its_address() {
    let (address, heard) = receiver(YES).await;
    Heartbeat::to(&address, &here()).unwrap().beat().await.unwrap();
    assert!(heard.await.unwrap().starts_with("GET /topic HTTP/1.1\r\n"));
}
