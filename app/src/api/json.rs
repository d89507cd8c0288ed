//! How a page's questions travel: JSON there and JSON back.
//!
//! What is sent and how is the same for every server function, so it is written, and downloaded, once.

use crate::wire::read;
use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::client::Client;
use leptos::server_fn::codec::Json as Post;
use leptos::server_fn::server::Server;
use leptos::server_fn::{Http, Protocol};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Server functions with this protocol are called with JSON and answer with JSON.
pub struct Json;

impl<Asked, Answer, C, S, Fault> Protocol<Asked, Answer, C, S, Fault> for Json
where
    Asked: Serialize + DeserializeOwned + Send,
    Answer: Serialize + DeserializeOwned + Send,
    C: Client<Fault>,
    S: Server<Fault>,
    Fault: FromServerFnError + DeserializeOwned + Send,
{
    const METHOD: http::Method = http::Method::POST;

    fn run_server<F, Answering>(
        request: S::Request,
        answer: F,
    ) -> impl Future<Output = Result<S::Response, Fault>> + Send
    where
        F: Fn(Asked) -> Answering + Send,
        Answering: Future<Output = Result<Answer, Fault>> + Send,
    {
        <Http<Post, Post> as Protocol<Asked, Answer, C, S, Fault>>::run_server(request, answer)
    }

    async fn run_client(path: &str, asked: Asked) -> Result<Answer, Fault> {
        let unreachable = || Fault::from_server_fn_error(ServerFnErrorErr::Request(String::new()));
        let asked = serde_json::to_string(&asked).map_err(|_| unreachable())?;
        let said = post(path, asked).await.ok_or_else(unreachable)?;
        if said.is_ok {
            read(&said.text).map_err(|_| unreachable())
        } else {
            Err(read(&said.text).unwrap_or_else(|_| unreachable()))
        }
    }
}

/// What the program said.
struct Said {
    is_ok: bool,
    text: String,
}

/// Sends a text and waits for the answer; `None` where there is none.
#[cfg(feature = "hydrate")]
fn post(path: &str, text: String) -> std::pin::Pin<Box<dyn Future<Output = Option<Said>> + Send>> {
    use leptos::prelude::window;
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;
    let request = web_sys::RequestInit::new();
    request.set_method("POST");
    request.set_body(&JsValue::from_str(&text));
    let answering = web_sys::Headers::new().ok().and_then(|headers| {
        headers.set("content-type", "application/json").ok()?;
        headers.set("accept", "application/json").ok()?;
        request.set_headers(&headers);
        Some(window().fetch_with_str_and_init(path, &request))
    });
    // A browser has one thread: what is sent to another is never touched there.
    Box::pin(send_wrapper::SendWrapper::new(async move {
        let response: web_sys::Response = JsFuture::from(answering?).await.ok()?.dyn_into().ok()?;
        let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
        Some(Said { is_ok: response.ok(), text })
    }))
}

/// Only a browser asks.
#[cfg(not(feature = "hydrate"))]
fn post(_path: &str, _text: String) -> std::future::Ready<Option<Said>> {
    std::future::ready(None)
}
