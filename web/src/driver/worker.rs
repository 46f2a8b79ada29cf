//! The service worker, which keeps the app's own files so that the app opens without a network. Only a browser that trusts the
//! way to the server has it.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::Window;

/// Where the server has it.
const WORKER: &str = "/sw.js";
/// The pages that it may answer for.
const SCOPE: &str = "/rooms/";
/// The one policy that the server's headers allow, and it makes the one address above.
const POLICY: &str = "stonechat-worker";

/// Has the browser install the worker, or look for a newer one.
pub(crate) async fn install(window: &Window) {
    if let Some(promise) = register(window) {
        let _ = JsFuture::from(promise).await;
    }
}

/// Takes the worker out, with what it keeps.
pub(crate) async fn remove(window: &Window) {
    let _ = unregister(window).await;
    let _ = drop_caches(window).await;
}

fn register(window: &Window) -> Option<Promise> {
    let workers = container(window)?;
    let options = Object::new();
    Reflect::set(&options, &"scope".into(), &SCOPE.into()).ok()?;
    let register: Function = member(&workers, "register")?.dyn_into().ok()?;
    register.call2(&workers, &trusted(window), &options).ok()?.dyn_into().ok()
}

/// The worker's address, in the form that the page's policy asks for where the browser knows such policies.
fn trusted(window: &Window) -> JsValue {
    let made = || -> Option<JsValue> {
        let types = member(window, "trustedTypes")?;
        let rules = Object::new();
        let rule = Closure::<dyn Fn() -> JsValue>::new(|| JsValue::from_str(WORKER));
        Reflect::set(&rules, &"createScriptURL".into(), rule.as_ref()).ok()?;
        let create: Function = member(&types, "createPolicy")?.dyn_into().ok()?;
        let policy = create.call2(&types, &POLICY.into(), &rules).ok()?;
        let url: Function = member(&policy, "createScriptURL")?.dyn_into().ok()?;
        // The policy goes with the rule: there is no second address to be made by it.
        url.call1(&policy, &WORKER.into()).ok()
    };
    made().unwrap_or_else(|| WORKER.into())
}

/// The worker as the browser has registered it, if it has.
pub(super) async fn registration(window: &Window) -> Option<JsValue> {
    let workers = container(window)?;
    let find: Function = member(&workers, "getRegistration")?.dyn_into().ok()?;
    answer(find.call1(&workers, &SCOPE.into()).ok()?).await.filter(|found| !found.is_undefined())
}

async fn unregister(window: &Window) -> Option<()> {
    let found = registration(window).await?;
    let unregister: Function = member(&found, "unregister")?.dyn_into().ok()?;
    answer(unregister.call0(&found).ok()?).await.map(drop)
}

async fn drop_caches(window: &Window) -> Option<()> {
    let caches = member(window, "caches")?;
    let keys: Function = member(&caches, "keys")?.dyn_into().ok()?;
    let drop_one: Function = member(&caches, "delete")?.dyn_into().ok()?;
    for name in js_sys::Array::from(&answer(keys.call0(&caches).ok()?).await?) {
        answer(drop_one.call1(&caches, &name).ok()?).await?;
    }
    Some(())
}

fn container(window: &Window) -> Option<JsValue> {
    if !window.is_secure_context() {
        return None;
    }
    member(&window.navigator(), "serviceWorker")
}

/// What a method of an object answers.
pub(super) async fn asked(object: &JsValue, method: &str, arguments: &js_sys::Array) -> Option<JsValue> {
    let method: Function = member(object, method)?.dyn_into().ok()?;
    answer(method.apply(object, arguments).ok()?).await
}

/// Something of an object, if it is there.
pub(super) fn member(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok().filter(|value| !value.is_null() && !value.is_undefined())
}

pub(super) async fn answer(promise: JsValue) -> Option<JsValue> {
    JsFuture::from(promise.dyn_into::<Promise>().ok()?).await.ok()
}
