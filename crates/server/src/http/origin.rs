//! Whether a request comes from a page of ours. Browsers send cookies along with requests that other sites' pages make, so
//! a cookie alone is no proof of a wish (OWASP ASVS 5.0, 3.5.1; for sockets 4.4.2).

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use protocol::Code;

use crate::{Failure, House, Origin, http::cookie};

/// Middleware: whatever could change something must come from a page of ours, or from no browser at all.
pub(crate) async fn check(State(house): State<Arc<House>>, request: Request, next: Next) -> Response {
    let harmless = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // A browser's report about our own policy says nothing of where it comes from, and changes nothing.
    let path = request.uri().path();
    let report = path == "/csp";
    // Browsers without a script often do not say where a form comes from. The forms of the plain pages prove it themselves; and who
    // logs in brings a password, whatever cookie comes along.
    let (headers, public) = (request.headers(), house.settings.public.as_ref());
    let foreign = if path.starts_with("/plain/") || matches!(path, "/login" | "/signup") {
        names_another_site(headers, public)
    } else {
        is_foreign(headers, public)
    };
    if harmless || report || !foreign {
        next.run(request).await
    } else {
        Failure::Door(Code::ForeignOrigin).into_response()
    }
}

/// Whether a request that changes something comes from elsewhere. Browsers say by `Sec-Fetch-Site` (over TLS and on
/// loopback) or by `Origin`; with a cookie and neither, nobody vouches for it.
pub(crate) fn is_foreign(headers: &HeaderMap, public: Option<&Origin>) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text("sec-fetch-site"), text("origin")) {
        (Some("same-origin" | "none"), _) => false,
        (Some(_), _) => true,
        (None, Some(origin)) => !is_ours(origin, headers, public),
        (None, None) => cookie::session(headers, public).is_some(),
    }
}

/// Whether a socket may be opened: the origin must be named, and ours, whenever a cookie comes along.
pub(crate) fn socket_is_foreign(headers: &HeaderMap, public: Option<&Origin>) -> bool {
    match headers.get(header::ORIGIN).map(|value| value.to_str().unwrap_or("?")) {
        Some(origin) => !is_ours(origin, headers, public),
        None => cookie::session(headers, public).is_some(),
    }
}

/// Whether it is said that a request comes from another site, where nobody needs to log in, or where the request proves by itself
/// whence it comes. A program names no origin.
pub(crate) fn names_another_site(headers: &HeaderMap, public: Option<&Origin>) -> bool {
    let site = headers.get("sec-fetch-site").map(|value| value.to_str().unwrap_or("?"));
    let origin = headers.get(header::ORIGIN).map(|value| value.to_str().unwrap_or("?"));
    match (site, origin) {
        (Some("same-origin" | "none"), _) | (None, None) => false,
        (Some(_), _) => true,
        (None, Some(origin)) => !is_ours(origin, headers, public),
    }
}

/// With a public address set, that and nothing else; else the host that the request itself names.
fn is_ours(origin: &str, headers: &HeaderMap, public: Option<&Origin>) -> bool {
    if let Some(public) = public {
        return origin == public.to_string();
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    authority.is_some() && authority == host
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    const COOKIE: (&str, &str) = ("cookie", "stonechat_sid=abc; __Host-sid=abc");
    const HOST: (&str, &str) = ("host", "chat.example.org");

    #[test]
    fn a_form_of_another_site_is_foreign() {
        let cases: [(&[(&'static str, &'static str)], bool); 9] = [
            (&[HOST], false),
            (&[HOST, COOKIE], true),
            (&[HOST, COOKIE, ("origin", "https://chat.example.org")], false),
            (&[HOST, COOKIE, ("origin", "https://evil.example")], true),
            (&[HOST, COOKIE, ("origin", "https://chat.example.org.evil.example")], true),
            (&[HOST, COOKIE, ("origin", "https://chat.example.org:8443")], true),
            (&[HOST, COOKIE, ("origin", "null")], true),
            (&[HOST, COOKIE, ("sec-fetch-site", "same-origin"), ("origin", "null")], false),
            (&[HOST, ("sec-fetch-site", "same-site"), ("origin", "https://chat.example.org")], true),
        ];
        for (pairs, foreign) in cases {
            assert_eq!(is_foreign(&headers(pairs), None), foreign, "{pairs:?}");
        }
    }

    #[test]
    fn a_socket_with_a_cookie_names_its_origin() {
        let public = Origin { secure: true, authority: "chat.example.org".into() };
        let cases: [(&[(&'static str, &'static str)], bool); 6] = [
            (&[HOST], false),
            (&[HOST, COOKIE], true),
            (&[HOST, COOKIE, ("origin", "https://chat.example.org")], false),
            (&[HOST, COOKIE, ("origin", "http://chat.example.org")], true),
            (&[HOST, ("origin", "https://evil.example")], true),
            (&[HOST, COOKIE, ("origin", "null")], true),
        ];
        for (pairs, foreign) in cases {
            assert_eq!(socket_is_foreign(&headers(pairs), Some(&public)), foreign, "{pairs:?}");
        }
    }
}
