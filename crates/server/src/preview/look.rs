//! One look behind a link.

use std::time::Duration;

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, Request, Uri, header, uri::Scheme},
};
use http_body_util::Full;
use model::limits::{PREVIEW_MS, PREVIEW_PAGE_BYTES_MAX, PREVIEW_PICTURE_BYTES_MAX, PREVIEW_REDIRECTS_MAX};
use tokio::time::timeout;
use url::Url;

use super::{Preview, page, picture};
use crate::{
    House,
    outbound::{Answer, NoAnswer, Outbound},
};

const PATIENCE: Duration = Duration::from_millis(PREVIEW_MS);
/// What can be looked at. Packed answers are not asked for, and not unpacked.
const ACCEPT: HeaderValue = HeaderValue::from_static("text/html, application/xhtml+xml, image/*;q=0.5");

/// What can be said of the page behind a link. `None`: nothing, or nobody answers, or the link leads inward.
pub(super) async fn look(house: &House, outbound: &Outbound, link: &str) -> Option<Preview> {
    let url = Url::parse(link).ok()?;
    if house.settings.public.as_ref().is_some_and(|own| own.to_string() == url.origin().ascii_serialization()) {
        // What is behind links to here, only who is signed in may see.
        return None;
    }
    let (url, answer) = in_time(link, follow(outbound, url)).await?;
    let told = if is_picture(&answer.headers) {
        page::Told { picture: Some(url.to_string()), ..page::Told::default() }
    } else if is_page(&answer.headers) {
        page::read(&page::decode(&answer.body, media_type(&answer.headers)))
    } else {
        return None;
    };
    let picture = match (told.picture.and_then(|to| url.join(&to).ok()), house.settings.files.as_ref()) {
        (Some(to), Some(files)) => match in_time(link, follow(outbound, to)).await {
            Some((_, answer)) if is_picture(&answer.headers) && !answer.cut => picture::make(files, &answer.body).await,
            Some(_) | None => None,
        },
        _ => None,
    };
    if told.title.is_none() && told.text.is_none() && picture.is_none() {
        return None;
    }
    let site = told.site.or_else(|| url.host_str().map(|host| host.trim_start_matches("www.").to_owned()))?;
    Some(Preview { site, title: told.title, text: told.text, picture })
}

async fn in_time<T>(link: &str, work: impl Future<Output = Result<T, NoAnswer>>) -> Option<T> {
    let outcome = timeout(PATIENCE, work).await.unwrap_or_else(|_| Err(NoAnswer::Away("it took too long".to_owned())));
    outcome.inspect_err(|error| tracing::debug!(link, %error, "no preview")).ok()
}

/// Asks for an address, and where it is sent on to. Every one of them passes the guard.
async fn follow(outbound: &Outbound, mut url: Url) -> Result<(Url, Answer), NoAnswer> {
    for _ in 0..=PREVIEW_REDIRECTS_MAX {
        let uri = address(outbound, &mut url).ok_or(NoAnswer::Forbidden("the address is none"))?;
        let mut request = Request::new(Full::<Bytes>::default());
        *request.uri_mut() = uri;
        request.headers_mut().insert(header::ACCEPT, ACCEPT);
        let answer = outbound.send(request, wanted).await?;
        let to = answer.headers.get(header::LOCATION).and_then(|to| to.to_str().ok());
        match to.and_then(|to| url.join(to).ok()) {
            Some(to) if answer.status.is_redirection() => url = to,
            _ if answer.status.is_success() => return Ok((url, answer)),
            _ => return Err(NoAnswer::Away(answer.status.to_string())),
        }
    }
    Err(NoAnswer::Away("it was sent on too often".to_owned()))
}

/// An address as it is asked: without what is for the browser alone, and by HTTPS wherever it leads out.
fn address(outbound: &Outbound, url: &mut Url) -> Option<Uri> {
    url.set_fragment(None);
    let uri: Uri = url.as_str().parse().ok()?;
    if uri.scheme() != Some(&Scheme::HTTP) || outbound.is_own(&uri) {
        return Some(uri);
    }
    url.set_scheme("https").ok()?;
    url.as_str().parse().ok()
}

/// How much of an answer is read, in bytes.
fn wanted(headers: &HeaderMap) -> usize {
    if is_page(headers) {
        PREVIEW_PAGE_BYTES_MAX
    } else if is_picture(headers) {
        PREVIEW_PICTURE_BYTES_MAX
    } else {
        0
    }
}

fn is_page(headers: &HeaderMap) -> bool {
    let media_type = media_type(headers).split(';').next().unwrap_or_default().trim();
    let page = ["text/html", "application/xhtml+xml"].iter().any(|page| media_type.eq_ignore_ascii_case(page));
    page && is_plain(headers)
}

/// Whether an answer says that it is a picture. Whether it is one, only its maker finds out.
fn is_picture(headers: &HeaderMap) -> bool {
    let media_type = media_type(headers);
    media_type.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("image/")) && is_plain(headers)
}

fn is_plain(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_ENCODING).is_none_or(|coding| coding == "identity")
}

fn media_type(headers: &HeaderMap) -> &str {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().trim()
}
