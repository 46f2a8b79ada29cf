//! Messages reach a browser that has no page open: pushed by the server, opened and shown by the service worker, confirmed.
//!
//! Between the two stands a push service of the test's own. It opens what comes, as a browser would, and hands it to the worker by way
//! of the browser's own tools, which begin where a push service ends.

use e2e::{Browser, Server, Window};
use serde_json::json;
use testkit::push::{Device, Service};
use thirtyfour::prelude::*;

const PASSWORD: &str = "two stones struck together";

/// The browser subscribes at the test's service, and is allowed to show notifications.
const STANDS_IN: &str = "
    const [given] = arguments;
    const subscription = { toJSON: () => given, unsubscribe: async () => { window.subscribed = null; return true; } };
    window.subscribed = null;
    PushManager.prototype.getSubscription = async () => window.subscribed;
    PushManager.prototype.subscribe = async (wish) => { window.asked = wish; return window.subscribed = subscription; };
    Notification.requestPermission = async () => 'granted';
    Object.defineProperty(Notification, 'permission', { get: () => 'granted' });";

/// Looks again and again at what the worker shows.
const LOOKS: &str = "
    setInterval(async () => {
        const worker = await navigator.serviceWorker.getRegistration('/rooms/');
        window.shown = await worker.getNotifications();
    }, 100);";

/// Hands what the device has read to the worker.
async fn delivers(window: &Window, base: &str, text: &str) -> WebDriverResult<()> {
    let pushed = json!({ "origin": base, "registrationId": "0", "data": text });
    window.driver.cdp().send_raw("ServiceWorker.deliverPushMessage", pushed).await.map(drop)
}

async fn permits(window: &Window, base: &str) -> WebDriverResult<()> {
    let allowed = json!({ "origin": base, "permissions": ["notifications"] });
    window.driver.cdp().send_raw("Browser.grantPermissions", allowed).await?;
    window.driver.cdp().send_raw("ServiceWorker.enable", json!({})).await.map(drop)
}

#[tokio::test]
async fn a_push_is_shown_and_confirmed_and_settings_say_so() -> WebDriverResult<()> {
    let (service, device) = (Service::start(), Device::new());
    let server = Server::start_with(
        None,
        vec!["--push-services=127.0.0.1".to_owned(), format!("--outbound-own-hosts={}", service.address)],
    );
    let browser = Browser::start();
    let alice = browser.open("alice", 1280, 800).await?;
    let bob = browser.open("bob", 768, 800).await?;
    for (window, name) in [(&alice, "alice"), (&bob, "bob")] {
        window.signs_up(&server.base, name, PASSWORD).await?;
        window.joins("stones").await?;
    }
    permits(&bob, &server.base).await?;
    bob.keeps_the_app().await?;
    let given = device.subscription(&service.endpoint("bob"));
    let keys = json!({ "endpoint": given["endpoint"], "keys": { "p256dh": given["p256dh"], "auth": given["auth"] } });
    bob.driver.execute(STANDS_IN, vec![keys]).await?;

    // He turns it on, and tries it.
    bob.clicks(".account-button").await?;
    bob.clicks("#open-notifications").await?;
    bob.clicks("#push-here").await?;
    bob.sees("#push-test").await?;
    bob.waits_until("window.asked.applicationServerKey.length === 87 && window.asked.userVisibleOnly").await?;
    bob.clicks("#push-test").await?;
    let came = service.hears();
    let text = device.opens(&came.body).expect("it is for this device");
    delivers(&bob, &server.base, &text).await?;
    bob.waits_until("document.querySelector('#notifications')?.textContent.includes('It arrived.')").await?;
    bob.waits_until("document.querySelector('#push-last').textContent.startsWith('Last arrived today')").await?;
    bob.pictures("pushes-768").await?;

    // He closes his page: what Alice says then is pushed, shown with the way to it, and confirmed.
    bob.goes_to(&format!("{}/healthz", server.base)).await?;
    alice.says("**hello** there").await?;
    let text = device.opens(&service.hears().body).expect("it is for this device");
    assert!(text.contains(r#""title":"alice · stones","text":"hello there""#), "{text}");
    delivers(&bob, &server.base, &text).await?;
    bob.goes_to(&format!("{}/login", server.base)).await?;
    bob.driver.execute(LOOKS, Vec::new()).await?;
    bob.waits_until(
        "(window.shown ?? []).some(({ title, body, data }) => title === 'alice · stones' && body === 'hello there' \
         && /^.rooms.\\d+.messages.\\d+$/.test(data.path))",
    )
    .await?;
    alice.closes().await?;
    bob.closes().await
}
