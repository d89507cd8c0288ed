//! The browser's own door to passkeys: JSON there and JSON back.

use crate::api::PasskeyFault;

/// What the browser is asked.
#[derive(Clone, Copy)]
pub enum Ask {
    /// To make a new one.
    Create,
    /// To show one.
    Get,
}

/// Answers what the authenticator said. The browser speaks with the person meanwhile.
#[cfg(feature = "hydrate")]
pub async fn ask(ask: Ask, options: &str) -> Result<String, PasskeyFault> {
    use js_sys::{Function, JSON, Object, Promise, Reflect};
    use wasm_bindgen::{JsCast, JsValue};
    let (read, act) = match ask {
        Ask::Create => ("parseCreationOptionsFromJSON", "create"),
        Ask::Get => ("parseRequestOptionsFromJSON", "get"),
    };
    let part = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).map_err(|_| PasskeyFault::NotSupported);
    let function =
        |of: &JsValue, name: &str| part(of, name)?.dyn_into::<Function>().map_err(|_| PasskeyFault::NotSupported);
    let window: JsValue = leptos::prelude::window().into();
    let class = part(&window, "PublicKeyCredential")?;
    let container = part(&part(&window, "navigator")?, "credentials")?;
    let options = part(&JSON::parse(options).map_err(|_| PasskeyFault::Unreachable)?, "publicKey")?;
    let options = function(&class, read)?.call1(&class, &options).map_err(|_| PasskeyFault::NotSupported)?;
    let wanted = Object::new();
    Reflect::set(&wanted, &"publicKey".into(), &options).map_err(|_| PasskeyFault::NotSupported)?;
    let asked = function(&container, act)?.call1(&container, &wanted).map_err(|_| PasskeyFault::NotSupported)?;
    let asked: Promise = asked.dyn_into().map_err(|_| PasskeyFault::NotSupported)?;
    let shown = wasm_bindgen_futures::JsFuture::from(asked).await.map_err(|_| PasskeyFault::Canceled)?;
    let text = JSON::stringify(&shown).map_err(|_| PasskeyFault::NotSupported)?;
    text.as_string().ok_or(PasskeyFault::NotSupported)
}

/// Only a browser has an authenticator.
#[cfg(not(feature = "hydrate"))]
pub async fn ask(_ask: Ask, _options: &str) -> Result<String, PasskeyFault> {
    Err(PasskeyFault::NotSupported)
}
