//! The one way out: every request that this server makes to an address that somebody else named.
//!
//! A name is resolved once; each address that comes of it is looked at, and the connection goes to the very address that was looked
//! at. So nothing that stands behind a name, now or a moment later, leads into the operator's own network. Only HTTPS, at its own
//! port; redirections are not followed: where one leads is asked anew, or not at all. Hosts of their own that an operator names are
//! let through, also without TLS.
//!
//! The store of files is not among these: its address is the operator's, and only theirs.

mod reach;

use std::{fmt, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri, header, uri::Scheme},
};
use futures_util::future::BoxFuture;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioIo},
};
use model::limits::{OUTBOUND_AT_ONCE, OUTBOUND_MS};
use tokio::{
    net::{TcpStream, lookup_host},
    sync::Semaphore,
    time::timeout,
};

/// The time until a connection to one address stands.
const CONNECT_PATIENCE: Duration = Duration::from_secs(3);
/// Addresses of one name that are tried.
const ADDRESSES_MAX: usize = 4;
/// Connections to one host that are kept open for the next request, and for how long.
const IDLE_MAX: usize = 4;
const IDLE: Duration = Duration::from_mins(1);
/// Who asks.
const USER_AGENT: HeaderValue = HeaderValue::from_static(concat!("Stonechat/", env!("CARGO_PKG_VERSION")));

/// The way out.
pub(crate) struct Outbound {
    guard: Guard,
    plain: Client<Guard, Full<Bytes>>,
    /// None where the machine trusts nobody: it has no list of certificates.
    tls: Option<Client<HttpsConnector<Guard>, Full<Bytes>>>,
    turns: Semaphore,
}

/// What another server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// As much as was wanted of it.
    pub(crate) body: Vec<u8>,
    /// Whether there was more.
    pub(crate) cut: bool,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoAnswer {
    /// This server does not ask there.
    #[error("this server does not ask there: {0}")]
    Forbidden(&'static str),
    /// Nobody answered, or not in time, or too much.
    #[error("no answer: {0}")]
    Away(String),
}

impl Outbound {
    /// A way out. `own_hosts`: hosts of the operator's own, as `host` or `host:port`, that may be asked wherever they are.
    pub(crate) fn new(own_hosts: &[String]) -> Self {
        let guard = Guard { own_hosts: own_hosts.iter().map(|host| host.to_ascii_lowercase()).collect() };
        let mut builder = Client::builder(TokioExecutor::new());
        builder.pool_max_idle_per_host(IDLE_MAX).pool_idle_timeout(IDLE).pool_timer(hyper_util::rt::TokioTimer::new());
        let tls = match HttpsConnectorBuilder::new().with_native_roots() {
            Ok(roots) => Some(builder.build(roots.https_only().enable_http1().wrap_connector(guard.clone()))),
            Err(error) => {
                tracing::warn!(%error, "the machine's certificates cannot be read: nobody out there is asked anything");
                None
            }
        };
        Self { plain: builder.build(guard.clone()), tls, guard, turns: Semaphore::new(OUTBOUND_AT_ONCE) }
    }

    /// Whether such an address may be asked: by how it is written, and by what stands behind its name at the moment.
    pub(crate) async fn check(&self, uri: &Uri) -> Result<(), NoAnswer> {
        self.guard.resolve(uri).await.map(drop)
    }

    /// Whether a host is one of the operator's own, which may be asked wherever it is and without TLS.
    pub(crate) fn is_own(&self, uri: &Uri) -> bool {
        matches!(self.guard.admit(uri), Ok((_, _, true)))
    }

    /// Sends a request, and gives the answer. Its body is read as far as `most` wants, in bytes, by the answer's headers.
    pub(crate) async fn send(
        &self,
        mut request: Request<Full<Bytes>>,
        most: impl FnOnce(&HeaderMap) -> usize,
    ) -> Result<Answer, NoAnswer> {
        self.guard.admit(request.uri())?;
        request.headers_mut().insert(header::USER_AGENT, USER_AGENT);
        let _turn = self.turns.acquire().await.map_err(|_| NoAnswer::Away("the server closes".to_owned()))?;
        let asked = async {
            let answer = self.ask(request).await?;
            let (head, body) = answer.into_parts();
            let (body, cut) = read(body, most(&head.headers)).await;
            Ok(Answer { status: head.status, headers: head.headers, body, cut })
        };
        timeout(Duration::from_millis(OUTBOUND_MS), asked)
            .await
            .unwrap_or_else(|_| Err(NoAnswer::Away("it took too long".to_owned())))
    }

    async fn ask(&self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, NoAnswer> {
        let answer = if request.uri().scheme() == Some(&Scheme::HTTP) {
            self.plain.request(request).await
        } else {
            let tls = self.tls.as_ref().ok_or_else(|| NoAnswer::Away("there is no list of certificates".to_owned()))?;
            tls.request(request).await
        };
        answer.map_err(|error| refused(&error).unwrap_or_else(|| NoAnswer::Away(reasons(&error))))
    }
}

/// The first `most` bytes of a body, and whether there were, or would have been, more. Read to its end, the connection serves again.
async fn read(mut body: Incoming, most: usize) -> (Vec<u8>, bool) {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return (bytes, true) };
        let Some(data) = frame.data_ref() else { continue };
        let left = most.saturating_sub(bytes.len());
        bytes.extend(data.iter().take(left));
        if data.len() > left {
            return (bytes, true);
        }
    }
    (bytes, false)
}

/// Our own refusal, if one is among the reasons.
fn refused(error: &(dyn std::error::Error + 'static)) -> Option<NoAnswer> {
    let mut reasons = std::iter::successors(Some(error), |error| error.source());
    reasons.find_map(|error| error.downcast_ref::<NoAnswer>().cloned())
}

/// All reasons in one line. They are for the log.
fn reasons(error: &(dyn std::error::Error + 'static)) -> String {
    let reasons = std::iter::successors(Some(error), |error| error.source());
    reasons.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Lets connections through to where they may go.
#[derive(Clone)]
struct Guard {
    own_hosts: Arc<[String]>,
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guard")
    }
}

impl Guard {
    /// Looks at how an address is written. Gives its host and port, and whether it is one of the operator's own.
    fn admit<'a>(&self, uri: &'a Uri) -> Result<(&'a str, u16, bool), NoAnswer> {
        let authority = uri.authority().ok_or(NoAnswer::Forbidden("the address has no host"))?;
        if authority.as_str().contains('@') {
            return Err(NoAnswer::Forbidden("the address has a name and a password in it"));
        }
        let secure = uri.scheme() == Some(&Scheme::HTTPS);
        if !secure && uri.scheme() != Some(&Scheme::HTTP) {
            return Err(NoAnswer::Forbidden("the address is not one of HTTPS"));
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        let written = authority.as_str().to_ascii_lowercase();
        let own = self.own_hosts.iter().any(|own| *own == written || *own == host.to_ascii_lowercase());
        let port = authority.port_u16().unwrap_or(if secure { 443 } else { 80 });
        if !own && !secure {
            return Err(NoAnswer::Forbidden("the address is not one of HTTPS"));
        }
        if !own && port != 443 {
            return Err(NoAnswer::Forbidden("the address has a port of its own"));
        }
        Ok((host, port, own))
    }

    /// The addresses behind a name, if every one of them may be asked.
    async fn resolve(&self, uri: &Uri) -> Result<Vec<SocketAddr>, NoAnswer> {
        let (host, port, own) = self.admit(uri)?;
        let found = timeout(CONNECT_PATIENCE, lookup_host((host, port))).await;
        let found = found.map_err(|_| NoAnswer::Away("the name was not resolved in time".to_owned()))?;
        let found: Vec<_> = found.map_err(|error| NoAnswer::Away(error.to_string()))?.collect();
        // One that leads inward makes the name unfit, whatever else stands behind it.
        if !own && !found.iter().all(|address| reach::is_out(address.ip())) {
            return Err(NoAnswer::Forbidden("it is in a network that is not for everybody"));
        }
        Ok(found)
    }

    async fn connect(self, uri: Uri) -> Result<TokioIo<TcpStream>, NoAnswer> {
        let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for address in self.resolve(&uri).await?.into_iter().take(ADDRESSES_MAX) {
            match timeout(CONNECT_PATIENCE, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok(TokioIo::new(stream)),
                Ok(Err(error)) => last = error,
                Err(elapsed) => last = elapsed.into(),
            }
        }
        Err(NoAnswer::Away(last.to_string()))
    }
}

impl tower::Service<Uri> for Guard {
    type Response = TokioIo<TcpStream>;
    type Error = NoAnswer;
    type Future = BoxFuture<'static, Result<Self::Response, NoAnswer>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), NoAnswer>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}

#[cfg(test)]
mod tests;
