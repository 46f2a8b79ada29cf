//! Requests to the API: JSON in, JSON or a problem in words out.

use protocol::{Code, decode, encode, http::Problem};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestInit, Response, Window};

/// Why a request brought nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The session is over.
    SignedOut,
    /// The server said no, for this reason, in these words.
    Refused(Code, String),
    /// The server could not be reached.
    Unreachable,
}

impl Trouble {
    /// What to tell the person.
    pub fn words(&self) -> String {
        match self {
            Self::SignedOut => "You are logged out.".into(),
            Self::Refused(_, words) => words.clone(),
            Self::Unreachable => "The server cannot be reached. Try again in a moment.".into(),
        }
    }
}

/// A request without content.
#[derive(Debug, Serialize)]
pub struct Nothing {}

/// Asks for something.
pub async fn get<T: DeserializeOwned>(window: &Window, path: &str) -> Result<T, Trouble> {
    read(send(window, "GET", path, None, None).await?).await
}

/// Asks for something that may not be wanted any more before it comes.
pub async fn get_until<T: DeserializeOwned>(window: &Window, path: &str, end: &AbortSignal) -> Result<T, Trouble> {
    read(send(window, "GET", path, None, Some(end)).await?).await
}

/// Asks for a text that may not be wanted any more before it comes; empty, if there is nothing.
pub async fn text_until(window: &Window, path: &str, end: &AbortSignal) -> Result<String, Trouble> {
    words(send(window, "GET", path, None, Some(end)).await?).await
}

/// Asks for something that is not JSON.
pub async fn text(window: &Window, path: &str) -> Result<String, Trouble> {
    words(send(window, "GET", path, None, None).await?).await
}

/// Asks for a change that answers with something.
pub async fn post<T: DeserializeOwned>(window: &Window, path: &str, body: &impl Serialize) -> Result<T, Trouble> {
    read(send(window, "POST", path, Some(encode(body)), None).await?).await
}

/// Sends JSON that is written already, for which nothing is answered.
pub async fn post_text(window: &Window, path: &str, json: String) -> Result<(), Trouble> {
    send(window, "POST", path, Some(json), None).await.map(drop)
}

/// Asks for something to be so.
pub async fn put(window: &Window, path: &str, body: &impl Serialize) -> Result<(), Trouble> {
    send(window, "PUT", path, Some(encode(body)), None).await.map(drop)
}

/// Asks for an end to something.
pub async fn delete(window: &Window, path: &str) -> Result<(), Trouble> {
    send(window, "DELETE", path, None, None).await.map(drop)
}

async fn send(
    window: &Window,
    method: &str,
    path: &str,
    body: Option<String>,
    end: Option<&AbortSignal>,
) -> Result<Response, Trouble> {
    let init = RequestInit::new();
    init.set_method(method);
    init.set_signal(end);
    if let (Some(body), Ok(headers)) = (body, Headers::new()) {
        let _ = headers.set("content-type", "application/json");
        init.set_headers(&headers);
        init.set_body(&JsValue::from_str(&body));
    }
    let answer = JsFuture::from(window.fetch_with_str_and_init(path, &init)).await;
    let response: Response = answer.ok().and_then(|value| value.dyn_into().ok()).ok_or(Trouble::Unreachable)?;
    match response.status() {
        200..300 => Ok(response),
        401 => Err(Trouble::SignedOut),
        _ => {
            let problem = read::<Problem>(response).await.map(|problem| problem.error);
            Err(problem.map_or(Trouble::Unreachable, |why| Trouble::Refused(why.code, why.message)))
        }
    }
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Trouble> {
    decode(&words(response).await?).map_err(|_| Trouble::Unreachable)
}

async fn words(response: Response) -> Result<String, Trouble> {
    let text = response.text().map_err(|_| Trouble::Unreachable)?;
    JsFuture::from(text).await.ok().and_then(|value| value.as_string()).ok_or(Trouble::Unreachable)
}
