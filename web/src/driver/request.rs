//! Requests whose body is a file, with word of how much of it has left. `fetch` cannot tell that yet.

use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ProgressEvent, XmlHttpRequest};

/// A request that brings no answer for so long has failed, in milliseconds.
const PATIENCE_MS: u32 = 120_000;

/// What the server answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
    /// What it says of how far an upload has come.
    pub(crate) offset: Option<u64>,
}

/// What a request carries.
pub(crate) enum Load {
    Nothing,
    Json(String),
    Bytes(Blob),
    /// A piece of a file, and where it begins there.
    Piece(Blob, u64),
}

/// Asks, and tells of each stretch of the body that has left. None: no answer came.
pub(crate) async fn ask(method: &str, path: &str, load: Load, sent: impl Fn(u64) + 'static) -> Option<Answer> {
    let request = XmlHttpRequest::new().ok()?;
    request.open(method, path).ok()?;
    request.set_timeout(PATIENCE_MS);
    let told = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole bytes, below 2^53")]
        sent(event.loaded() as u64);
    });
    request.upload().ok()?.set_onprogress(Some(told.as_ref().unchecked_ref()));
    let ended = js_sys::Promise::new(&mut |answered, _| {
        request.set_onloadend(Some(&answered));
        if send(&request, &load).is_err() {
            let _ = answered.call0(&JsValue::NULL);
        }
    });
    let _ = JsFuture::from(ended).await;
    let status = request.status().ok().filter(|status| *status != 0)?;
    let body = request.response_text().ok().flatten().unwrap_or_default();
    let offset = request.get_response_header("upload-offset").ok().flatten().and_then(|offset| offset.parse().ok());
    Some(Answer { status, body, offset })
}

fn send(request: &XmlHttpRequest, load: &Load) -> Result<(), JsValue> {
    match load {
        Load::Nothing => request.send(),
        Load::Json(body) => {
            request.set_request_header("content-type", "application/json")?;
            request.send_with_opt_str(Some(body))
        }
        Load::Bytes(bytes) => {
            request.set_request_header("content-type", "application/octet-stream")?;
            request.send_with_opt_blob(Some(bytes))
        }
        Load::Piece(piece, offset) => {
            request.set_request_header("content-type", "application/octet-stream")?;
            request.set_request_header("upload-offset", &offset.to_string())?;
            request.send_with_opt_blob(Some(piece))
        }
    }
}
