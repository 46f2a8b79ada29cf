//! What the browser has of pushes: whether it takes them for this site, and where they are to go.

use js_sys::{Array, JSON, Object, Reflect};
use protocol::{decode, http::SubscribeBody};
use serde::Deserialize;
use wasm_bindgen::JsValue;
use web_sys::Window;

use super::worker::{asked, member, registration};

/// A subscription as a browser writes it.
#[derive(Deserialize)]
struct Written {
    endpoint: String,
    keys: Keys,
}

#[derive(Deserialize)]
struct Keys {
    p256dh: String,
    auth: String,
}

/// Whether the browser can take pushes for this site.
pub(crate) async fn can(window: &Window) -> bool {
    manager(window).await.is_some()
}

/// Whether it takes them now: it forgets by itself, too.
pub(crate) async fn takes(window: &Window) -> bool {
    let Some(manager) = manager(window).await else { return false };
    asked(&manager, "getSubscription", &Array::new()).await.is_some_and(|found| !found.is_null())
}

/// Has the browser take pushes from the server that has this key. None: it does not, or was not allowed to.
pub(crate) async fn begin(window: &Window, key: &str) -> Option<SubscribeBody> {
    // One for another key would stand in the way.
    end(window).await;
    let wish = Object::new();
    Reflect::set(&wish, &"userVisibleOnly".into(), &JsValue::TRUE).ok()?;
    Reflect::set(&wish, &"applicationServerKey".into(), &key.into()).ok()?;
    read(&asked(&manager(window).await?, "subscribe", &Array::of1(&wish)).await?)
}

/// Has the browser take none any more.
pub(crate) async fn end(window: &Window) {
    if let Some(manager) = manager(window).await
        && let Some(found) = asked(&manager, "getSubscription", &Array::new()).await
    {
        let _ = asked(&found, "unsubscribe", &Array::new()).await;
    }
}

/// Takes away what was pushed and is shown under this tag.
pub(crate) async fn close_shown(window: &Window, tag: &str) {
    let Some(worker) = registration(window).await else { return };
    let wish = Object::new();
    let _ = Reflect::set(&wish, &"tag".into(), &tag.into());
    let Some(shown) = asked(&worker, "getNotifications", &Array::of1(&wish)).await else { return };
    for notice in Array::from(&shown) {
        if let Some(close) = member(&notice, "close") {
            let _ = js_sys::Function::from(close).call0(&notice);
        }
    }
}

async fn manager(window: &Window) -> Option<JsValue> {
    member(&registration(window).await?, "pushManager")
}

fn read(subscription: &JsValue) -> Option<SubscribeBody> {
    let text = JSON::stringify(subscription).ok()?.as_string()?;
    let Written { endpoint, keys: Keys { p256dh, auth } } = decode(&text).ok()?;
    Some(SubscribeBody { endpoint, p256dh, auth })
}
