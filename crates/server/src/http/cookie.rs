//! The session's cookie: `HttpOnly`, `SameSite=Lax`; under TLS also `Secure`, with the prefix `__Host-`, which keeps it to this
//! host and path (RFC 6265bis, 4.1.3).

use axum::http::{HeaderMap, HeaderValue, header};
use model::limits::SESSION_AGE_MS;

use crate::{Origin, Secret};

const PLAIN: &str = "stonechat_sid";
const SECURE: &str = "__Host-sid";

/// The session's secret in a request's cookies. Only the name that we would set counts: a neighbouring host could set the
/// other one, and with it sign somebody in as somebody else.
pub(crate) fn session(headers: &HeaderMap, public: Option<&Origin>) -> Option<Secret> {
    let wanted = name(public);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).map(|(_, value)| Secret::shown(value))
}

/// Puts the session's secret into the browser.
pub(crate) fn keep(secret: &Secret, public: Option<&Origin>) -> Option<HeaderValue> {
    set(secret.reveal(), SESSION_AGE_MS / 1_000, public)
}

/// Takes it out again.
pub(crate) fn forget(public: Option<&Origin>) -> Option<HeaderValue> {
    set("", 0, public)
}

fn set(value: &str, age_s: i64, public: Option<&Origin>) -> Option<HeaderValue> {
    let name = name(public);
    let secure = if name == SECURE { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{name}={value}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Lax{secure}")).ok()
}

fn name(public: Option<&Origin>) -> &'static str {
    if public.is_some_and(|origin| origin.secure) { SECURE } else { PLAIN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_neighbours_cookie_does_not_count() {
        let cookies = "stonechat_sid=neighbour; __Host-sid=own";
        let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(cookies))]);
        let public = Origin { secure: true, authority: "chat.example.org".into() };
        let found = |public| session(&headers, public).map(|secret| secret.reveal().to_owned());
        assert_eq!(found(Some(&public)).as_deref(), Some("own"));
        assert_eq!(found(None).as_deref(), Some("neighbour"));
        let kept = keep(&Secret::shown("x"), Some(&public)).unwrap();
        assert!(
            kept.to_str().unwrap().starts_with("__Host-sid=x; Path=/; ")
                && kept.to_str().unwrap().ends_with("; Secure")
        );
    }
}
