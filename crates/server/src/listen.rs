//! The accept loop: hyper on our own sockets, so that every wait has a limit and every connection is counted.
//!
//! `axum::serve` installs no timer, and without one hyper's limit on the time of a request's head does nothing.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use model::limits::{
    CONNECTIONS_MAX, CONNECTIONS_PER_ADDRESS_MAX, DRAIN_MS, HEADER_TIMEOUT_MS, PING_MS, PONG_TIMEOUT_MS,
    UNSENT_BYTES_MAX,
};
use socket2::SockRef;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};

use crate::{
    House,
    house::Stay,
    http::{self, Peer, is_trusted},
    pace::network,
};

/// The largest head of a request, and the largest read, in bytes.
const BUFFER_BYTES: usize = 16 * 1024;
/// How long to wait after the system refused a connection, for example for want of file descriptors.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);

/// Serves the house until `stop` is done; then lets what is under way finish, at most [`DRAIN_MS`].
pub async fn serve(house: Arc<House>, listener: TcpListener, stop: impl Future<Output = ()>) {
    let app = http::router(Arc::clone(&house));
    let doorman = Doorman::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            let place = doorman.place().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_RETRY).await;
                continue;
            }
        };
        let peer = address.ip();
        let trusted = is_trusted(peer, &house.settings.trusted_proxies);
        // Whoever is not let in sees the connection close, which costs less than an answer.
        if let (Some(entry), Some(stay)) = (doorman.admit(peer, trusted), house.enter()) {
            tune(&stream);
            // Requests carry it along, so that a connection that becomes a socket keeps its seat.
            let seat = Seat(Arc::new((entry, place)));
            tokio::spawn(attend(stream, peer, app.clone(), seat, stay));
        }
    }
    drop(listener);
    drop(app);
    let farewell = async {
        house.close().await;
        house.leave().await;
    };
    if tokio::time::timeout(Duration::from_millis(DRAIN_MS), farewell).await.is_err() {
        tracing::warn!("some connections did not finish in time and were cut");
    }
}

/// Serves one connection, until it ends or the house closes and its last request is answered.
async fn attend(stream: TcpStream, peer: IpAddr, app: Router, seat: Seat, (mut closing, token): Stay) {
    let service = tower::service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        request.extensions_mut().insert(seat.clone());
        tower::ServiceExt::oneshot(app.clone(), request)
    });
    // Not `auto::Builder`: while it finds out the version of HTTP, no limit on the time of the head holds.
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_millis(HEADER_TIMEOUT_MS))
        .max_buf_size(BUFFER_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    // An error here is a client that went away or broke the rules of HTTP.
    tokio::select! {
        _ = connection.as_mut() => {}
        () = async { drop(closing.wait_for(|closing| *closing).await) } => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
    drop(token);
}

/// Small frames go out at once, a peer that is gone is noticed within the time of a ping and its answer, and the kernel takes
/// little for a peer that does not read: what it has sent and heard no answer to does not count, so a long way is not a slow one.
fn tune(stream: &TcpStream) {
    let timeout = Duration::from_millis(PING_MS + PONG_TIMEOUT_MS);
    let _ = stream.set_nodelay(true);
    #[cfg(target_os = "linux")]
    {
        let _ = SockRef::from(stream).set_tcp_user_timeout(Some(timeout));
        let _ = SockRef::from(stream).set_tcp_notsent_lowat(UNSENT_BYTES_MAX);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (SockRef::from(stream), timeout, UNSENT_BYTES_MAX);
}

/// Counts connections: in all, and from each address.
pub struct Doorman {
    places: Arc<Semaphore>,
    guests: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// A connection's share in the house, given back when its last holder is gone.
#[derive(Clone)]
pub(crate) struct Seat(#[expect(dead_code, reason = "held, not read")] Arc<(Entry, Option<OwnedSemaphorePermit>)>);

/// A connection's place among those from its address; gives it back when dropped.
pub struct Entry {
    peer: IpAddr,
    guests: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Doorman {
    /// A doorman of an empty house.
    #[must_use]
    pub fn new() -> Self {
        Self { places: Arc::new(Semaphore::new(CONNECTIONS_MAX)), guests: Arc::default() }
    }

    /// Waits for a place in the house.
    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).acquire_owned().await.ok()
    }

    /// Lets a connection in, unless too many came from its address. A trusted proxy brings everybody, and is not counted.
    pub fn admit(&self, peer: IpAddr, trusted: bool) -> Option<Entry> {
        let peer = network(peer);
        if !trusted {
            let mut guests = self.guests.lock().unwrap_or_else(PoisonError::into_inner);
            let count = guests.entry(peer).or_default();
            if *count >= CONNECTIONS_PER_ADDRESS_MAX {
                return None;
            }
            *count += 1;
        }
        Some(Entry { peer, guests: Arc::clone(&self.guests) })
    }
}

impl Default for Doorman {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut guests = self.guests.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = guests.get_mut(&self.peer) {
            *count -= 1;
            if *count == 0 {
                guests.remove(&self.peer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_does_not_fill_the_house() {
        let doorman = Doorman::new();
        let [one, other] = ["192.0.2.1", "192.0.2.2"].map(|text| text.parse().unwrap());
        let entries: Vec<_> = (0..CONNECTIONS_PER_ADDRESS_MAX).map(|_| doorman.admit(one, false)).collect();
        assert!(entries.iter().all(Option::is_some));
        assert!(doorman.admit(one, false).is_none());
        assert!(doorman.admit(other, false).is_some());
        drop(entries);
        assert!(doorman.admit(one, false).is_some());
    }
}
