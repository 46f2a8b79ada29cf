//! What a delivery costs: many people in one room, and some of them speak.

use std::time::{Duration, Instant};

use tokio::time::{sleep, timeout};

use super::{Terms, kib, rate};
use crate::{
    crowd::{Crowd, REST, Size, Speech},
    people::Town,
    report::Report,
    server::Server,
};

/// Memory of the server for a socket at rest, in bytes.
const SOCKET_BYTES_MAX: u64 = 16 * 1024;
/// From the sending of a message to its hearing, for 99 of 100.
const DELIVERY_MAX: Duration = Duration::from_millis(100);
/// How long the last deliveries may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// How many, how much and how long.
#[derive(Clone, Debug, clap::Args)]
pub struct Scale {
    /// Sockets in the room.
    #[arg(long, default_value_t = 1_000)]
    sockets: usize,
    /// Sockets of one person, at most 16.
    #[arg(long, default_value_t = 10)]
    sockets_each: usize,
    /// Messages in a second.
    #[arg(long, default_value_t = 20)]
    rate: u32,
    /// Bytes of each.
    #[arg(long, default_value_t = 100)]
    bytes: usize,
    /// Seconds of it.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
}

impl Scale {
    /// A size for a debug build.
    #[must_use]
    pub fn quick() -> Self {
        Self { sockets: 100, sockets_each: 10, rate: 20, bytes: 100, seconds: 3 }
    }
}

/// Runs it.
pub async fn run(terms: &Terms, scale: Scale) -> anyhow::Result<Report> {
    let server = Server::start(&terms.choice)?;
    let toll = server.toll()?;
    let size = Size { sockets: scale.sockets, sockets_each: scale.sockets_each };
    let mut crowd = Crowd::gather(Town::here(server.address), size, 3).await?;
    sleep(REST).await;
    let alone = toll.memory()?;
    let town = crowd.town;
    crowd.sit_down(0, |number| town.way(number)).await?;
    sleep(REST).await;
    let idle = toll.memory()?;

    let voice = crowd.speak(Speech { rate: scale.rate, bytes: scale.bytes }, 0..scale.sockets)?;
    let warm_up = Duration::from_secs(scale.seconds.min(2));
    sleep(warm_up).await;
    crowd.ledger.turn();
    let (began, processor) = (Instant::now(), toll.processor()?);
    sleep(Duration::from_secs(scale.seconds)).await;
    let (took, processor) = (began.elapsed(), toll.processor()?.saturating_sub(processor));
    crowd.ledger.turn();
    let figures = crowd.ledger.phase(1);
    let said = voice.stop().await?;
    let all = crowd.all(|seat| seat.counts()[0] as u64 >= said);
    let lost = timeout(PATIENCE, all).await.is_err();
    sleep(REST).await;
    let after = toll.memory()?;

    let title = format!(
        "crowd: {} sockets in one room, {} messages a second of {} bytes, for {} s",
        scale.sockets, scale.rate, scale.bytes, scale.seconds
    );
    let mut report = Report::new(title, !terms.quick);
    let sockets = scale.sockets as u64;
    let each = |memory: u64| memory.saturating_sub(alone) / sockets;
    report.figure("receipts", rate(figures.receipts.count(), took));
    report.figure("deliveries", rate(figures.deliveries.count(), took));
    report.figure("time to the receipt", &figures.receipts);
    report.figure("time to the delivery", &figures.deliveries);
    report.figure(
        "server's processor",
        format!("{:.0} % of one core", 100.0 * processor.as_secs_f64() / took.as_secs_f64()),
    );
    let micros = processor.as_secs_f64() * 1e6;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    report.figure(
        "server's processor for each delivery",
        format!("{:.2} µs", micros / figures.deliveries.count() as f64),
    );
    report.figure("server's memory for each socket, after the talk", kib(each(after)));
    let [jumps, lags] = [1, 2].map(|of| crowd.seats.iter().map(|seat| seat.counts()[of]).sum::<usize>());
    report.figure("times that a socket was told that it is behind", lags);
    report.promise(
        "every socket heard every message once, in order",
        !lost && jumps == 0,
        format!("{said} × {sockets}"),
    );
    let idle = each(idle);
    report.measured(
        format!("server's memory for each idle socket: at most {}", kib(SOCKET_BYTES_MAX)),
        idle <= SOCKET_BYTES_MAX,
        kib(idle),
    );
    report.within("delivery, p99", figures.deliveries.quantile(0.99), DELIVERY_MAX);
    Ok(report)
}
