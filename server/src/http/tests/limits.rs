use super::stage::Stage;
use crate::http::listener;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

/// What the listener answers to these bytes, to the end of the connection.
async fn answer(request: &str) -> String {
    let stage = Stage::set().await;
    let (socket, address) = listener::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let stop = CancellationToken::new();
    let router = stage.router.clone();
    let serving = tokio::spawn({
        let stop = stop.clone();
        async move { listener::serve(socket, router, &stop).await }
    });
    let mut stream = TcpStream::connect(address).await.unwrap();
    // A server that has refused already may close before it has read all.
    let _ = stream.write_all(request.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    stop.cancel();
    serving.await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn f82_a_flood_of_headers_is_refused() {
    let many: String = (0..5_000).map(|number| format!("x-{number}: y\r\n")).collect();
    let told = answer(&format!("GET /health/live HTTP/1.1\r\nhost: a\r\n{many}connection: close\r\n\r\n")).await;
    assert!(told.starts_with("HTTP/1.1 431"), "{told}");
    let long = "y".repeat(1_000_000);
    let told = answer(&format!("GET /health/live HTTP/1.1\r\nhost: a\r\nx: {long}\r\nconnection: close\r\n\r\n")).await;
    assert!(told.is_empty() || told.starts_with("HTTP/1.1 431"), "{}", told.lines().next().unwrap_or_default());
}

#[tokio::test]
async fn f85_a_request_that_two_parsers_could_read_in_two_ways_is_refused() {
    for smuggled in [
        "content-length: 4\r\ncontent-length: 5\r\n\r\nabcde",
        "transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "content-length : 4\r\n\r\nabcd",
    ] {
        let told = answer(&format!("POST /api/sign_out HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{smuggled}")).await;
        assert!(told.is_empty() || told.starts_with("HTTP/1.1 400"), "{smuggled:?}: {told}");
    }
}
