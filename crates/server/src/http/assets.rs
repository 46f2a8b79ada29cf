//! Files that were built into the program: the client, the styles, the icon. Named after their content and cached for ever.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use model::Refusal;

use super::path::Named;
use crate::{Failure, House};

/// The address of the service worker.
pub(crate) const WORKER: &str = "/sw.js";

/// A file that was built in.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// Its address: `/assets/<stem>-<hash>.<ext>`, or that of the service worker.
    pub path: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// Its bytes.
    pub body: &'static [u8],
    /// The same, brotli; empty when it was not compressed.
    pub brotli: &'static [u8],
    /// The same, gzip; empty when it was not compressed.
    pub gzip: &'static [u8],
}

/// The addresses of the client's files.
#[derive(Clone, Copy, Debug)]
pub struct App {
    /// The script that starts it.
    pub script: &'static str,
    /// The program.
    pub wasm: &'static str,
    /// Its style.
    pub style: &'static str,
    /// The emoji, which it fetches when somebody first wants one.
    pub emoji: &'static str,
    /// The programming languages, which it fetches when there is code to be coloured.
    pub languages: &'static str,
}

/// The addresses of the files of the page of instant rooms.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// The script that starts it.
    pub script: &'static str,
    /// The program.
    pub wasm: &'static str,
    /// Its style.
    pub style: &'static str,
}

/// What the pages are made of.
#[derive(Clone, Debug)]
pub struct Front {
    /// Every file.
    pub assets: Vec<Asset>,
    /// The address of the style of the pages that need no script.
    pub doors_style: &'static str,
    /// The address of the icon.
    pub icon: &'static str,
    /// The client, or why this build has none and what to do about it.
    pub app: Result<App, &'static str>,
    /// The page of instant rooms, or the same.
    pub instant: Result<Program, &'static str>,
}

/// A file by its name.
pub(crate) async fn serve(
    State(house): State<Arc<House>>,
    Named(name): Named<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let mut assets = house.front.assets.iter();
    let asset = assets.find(|asset| asset.path.strip_prefix("/assets/") == Some(&name)).ok_or(Refusal::NotFound)?;
    Ok(answer(asset, &headers, "public, max-age=31536000, immutable"))
}

/// The service worker. It has one name for ever, and a browser asks each time whether it is another one.
pub(crate) async fn worker(State(house): State<Arc<House>>, headers: HeaderMap) -> Result<Response, Failure> {
    let asset = house.front.assets.iter().find(|asset| asset.path == WORKER).ok_or(Refusal::NotFound)?;
    Ok(answer(asset, &headers, "no-cache"))
}

/// A file, in the best form that the browser takes.
fn answer(asset: &Asset, headers: &HeaderMap, cache: &'static str) -> Response {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    let takes = |coding: &str| {
        accepted.split(',').any(|item| {
            let mut parts = item.split(';').map(str::trim);
            parts.next() == Some(coding) && !parts.any(|q| matches!(q, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
    };
    let (body, coding) = if !asset.brotli.is_empty() && takes("br") {
        (asset.brotli, Some("br"))
    } else if !asset.gzip.is_empty() && takes("gzip") {
        (asset.gzip, Some("gzip"))
    } else {
        (asset.body, None)
    };
    let mut response = body.into_response();
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

/// Browsers ask for `/favicon.ico` unasked.
pub(crate) async fn icon(State(house): State<Arc<House>>) -> Redirect {
    Redirect::permanent(house.front.icon)
}
