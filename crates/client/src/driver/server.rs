//! A server: its address, and requests to it.

use std::{fmt, sync::Arc, time::Duration};

use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Method, Request, Response, StatusCode, Uri,
    body::{Bytes, Incoming},
    header,
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use protocol::{
    Code, decode, encode,
    http::{LogInBody, Problem, SignedIn},
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::timeout;

use super::Trouble;

/// A request that brings no answer for so long has failed.
const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes of an answer that are read; a page of history is far below.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Time for which a connection without requests is kept.
const IDLE: Duration = Duration::from_mins(1);
/// Characters that are told of an error that is not ours.
const REASON_CHARS_MAX: usize = 200;
/// Who asks.
const USER_AGENT: &str = concat!("Stonechat-client/", env!("CARGO_PKG_VERSION"));
/// Where the API is.
pub(super) const API: &str = "/api/v1";

/// A server. Copies share their connections.
#[derive(Clone)]
pub struct Server {
    base: Arc<str>,
    http: Http,
}

/// What proves who asks: `Authorization: Bearer …`. It does not show itself to a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

#[derive(Clone)]
enum Http {
    Plain(Client<HttpConnector, Full<Bytes>>),
    Tls(Client<HttpsConnector<HttpConnector>, Full<Bytes>>),
}

impl Token {
    /// A token that the server gave, at a log-in or for a bot.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into().trim().to_owned())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({})", self.base)
    }
}

impl Server {
    /// The server at this address, such as `https://chat.example.org`; without a scheme it is `https`. Nothing is asked yet.
    ///
    /// [`Trouble::Address`], if it is no address of a server; [`Trouble::Certificates`], if TLS is needed and cannot be had.
    pub fn at(address: &str) -> Result<Self, Trouble> {
        let address = address.trim();
        let address = if address.contains("://") { address.to_owned() } else { format!("https://{address}") };
        let uri: Uri = address.parse().map_err(|_| Trouble::Address("This is not an address of a server."))?;
        let named = uri.authority().filter(|authority| !authority.host().is_empty());
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), named) else {
            return Err(Trouble::Address("An address of a server is like https://chat.example.org."));
        };
        if authority.as_str().contains('@') {
            return Err(Trouble::Address("Leave the name and the password out of the address: it is seen by others."));
        }
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(Trouble::Address("Give the server's address alone, without a path behind it."));
        }
        let mut builder = Client::builder(TokioExecutor::new());
        builder.pool_idle_timeout(IDLE).pool_timer(TokioTimer::new());
        let http = match scheme {
            "http" => Http::Plain(builder.build_http()),
            "https" => {
                let roots = HttpsConnectorBuilder::new().with_native_roots();
                let roots = roots.map_err(|error| Trouble::Certificates(error.to_string()))?;
                Http::Tls(builder.build(roots.https_only().enable_http1().build()))
            }
            _ => return Err(Trouble::Address("An address of a server begins with https:// or http://.")),
        };
        Ok(Self { base: format!("{scheme}://{authority}").into(), http })
    }

    /// Its address, with the scheme and without a slash at the end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Whether what is said to it, the password too, can be read on the way: it is asked without TLS, and not on this machine.
    #[must_use]
    pub fn is_open_to_others(&self) -> bool {
        let host = self.base.strip_prefix("http://").map(|rest| rest.rsplit_once(':').map_or(rest, |(host, _)| host));
        host.is_some_and(|host| {
            let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
            host != "localhost" && !address.is_ok_and(|address| address.is_loopback())
        })
    }

    /// Makes a session, and gives its token. The session lasts until [`log_out`](Self::log_out), or until the server ends it.
    pub async fn log_in(&self, username: &str, password: &str) -> Result<Token, Trouble> {
        let body = encode(&LogInBody { username: username.to_owned(), password: password.to_owned() });
        let signed_in: SignedIn = read(self.send(None, (Method::POST, "session"), Some(body)).await?).await?;
        Ok(Token::new(signed_in.token))
    }

    /// Ends the session of a token.
    pub async fn log_out(&self, token: &Token) -> Result<(), Trouble> {
        self.send(Some(token), (Method::DELETE, "session"), None).await.map(drop)
    }

    /// Asks for something: `path` is what stands after `/api/v1/`.
    pub async fn get<T: DeserializeOwned>(&self, token: &Token, path: &str) -> Result<T, Trouble> {
        read(self.send(Some(token), (Method::GET, path), None).await?).await
    }

    /// Asks for a change that answers with something.
    pub async fn post<T: DeserializeOwned>(
        &self,
        token: &Token,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Trouble> {
        read(self.send(Some(token), (Method::POST, path), Some(encode(body))).await?).await
    }

    /// Asks for an end to something.
    pub async fn delete(&self, token: &Token, path: &str) -> Result<(), Trouble> {
        self.send(Some(token), (Method::DELETE, path), None).await.map(drop)
    }

    async fn send(
        &self,
        token: Option<&Token>,
        (method, path): (Method, &str),
        body: Option<String>,
    ) -> Result<Response<Incoming>, Trouble> {
        let mut request = Request::builder().method(method).uri(format!("{}{API}/{path}", self.base));
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let answer = self.request(token, request, body.unwrap_or_default()).await?;
        match answer.status() {
            status if status.is_success() => Ok(answer),
            status if status.is_redirection() => {
                let to = answer.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or("elsewhere");
                Err(Trouble::Foreign(format!("it leads to {}", printable(to))))
            }
            status => Err(refusal(status, read::<Problem>(answer).await)),
        }
    }

    /// Sends any request, whoever it is from, and gives the answer, whatever it is.
    pub(super) async fn request(
        &self,
        token: Option<&Token>,
        request: hyper::http::request::Builder,
        body: String,
    ) -> Result<Response<Incoming>, Trouble> {
        let mut request = request.header(header::USER_AGENT, USER_AGENT);
        if let Some(Token(token)) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request =
            request.body(Full::from(body)).map_err(|error| Trouble::Unreachable(printable(&error.to_string())))?;
        let asked = async {
            match &self.http {
                Http::Plain(client) => client.request(request).await,
                Http::Tls(client) => client.request(request).await,
            }
        };
        let answered = timeout(PATIENCE, asked).await.map_err(|_| Trouble::Unreachable("it took too long".into()))?;
        answered.map_err(|error| Trouble::Unreachable(reasons(&error)))
    }
}

/// What the server says by such a status, and perhaps in a body.
fn refusal(status: StatusCode, problem: Result<Problem, Trouble>) -> Trouble {
    match problem.map(|problem| problem.error) {
        Ok(refused) if refused.code == Code::NotSignedIn => Trouble::SignedOut,
        Ok(refused) => Trouble::Refused { code: refused.code, message: refused.message },
        Err(_) if status == StatusCode::UNAUTHORIZED => Trouble::SignedOut,
        Err(_) if status.is_server_error() => Trouble::Unreachable(format!("it answered with {status}")),
        Err(_) => Trouble::Foreign(format!("it answered with {status}")),
    }
}

async fn read<T: DeserializeOwned>(answer: Response<Incoming>) -> Result<T, Trouble> {
    let body = timeout(PATIENCE, Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect()).await;
    let body = body.map_err(|_| Trouble::Unreachable("it took too long".into()))?;
    let body = body.map_err(|error| Trouble::Unreachable(printable(&error.to_string())))?.to_bytes();
    let text = std::str::from_utf8(&body).map_err(|_| Trouble::Foreign("its answer is not text".into()))?;
    decode(text).map_err(|error| Trouble::Foreign(error.what))
}

/// All reasons in one line.
fn reasons(error: &(dyn std::error::Error + 'static)) -> String {
    let reasons = std::iter::successors(Some(error), |error| error.source());
    printable(&reasons.map(ToString::to_string).collect::<Vec<_>>().join(": "))
}

/// Words of others for a terminal or a log: nothing in them but what can be read.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !model::hides_in_a_name(*c)).take(REASON_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_that_of_a_server_and_nothing_else() {
        let sound = [
            ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
            (" http://localhost/ ", "http://localhost"),
            ("http://[::1]:8000", "http://[::1]:8000"),
        ];
        for (written, base) in sound {
            assert_eq!(Server::at(written).unwrap().base(), base);
        }
        for wrong in
            ["", "ftp://a", "http://", "http://:80", "http://a/room/5", "http://a/?b", "http://eve:secret@a", "a b"]
        {
            assert!(matches!(Server::at(wrong), Err(Trouble::Address(_))), "{wrong}");
        }
    }

    #[test]
    fn what_goes_over_a_network_without_tls_is_open_to_others() {
        for (address, open) in [
            ("http://127.0.0.1:8000", false),
            ("http://[::1]:8000", false),
            ("http://localhost:8000", false),
            ("http://chat.example.org", true),
            ("http://192.168.1.5:8000", true),
            ("http://localhost.example.org", true),
        ] {
            assert_eq!(Server::at(address).unwrap().is_open_to_others(), open, "{address}");
        }
    }

    #[test]
    fn a_token_does_not_show_itself() {
        assert_eq!(format!("{:?}", Token::new("stc_secret")), "Token(…)");
    }
}
