//! Sockets that do not read, as the kernel sees them: when their connection takes no more, and when the server gives up.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{task::spawn_blocking, time::sleep};

use crate::{
    seat::Seat,
    toll::{Toll, kernel_memory},
};

/// How often the kernel is asked.
const LOOK: Duration = Duration::from_millis(100);
/// One in so many reads again in the last moment, to hear the good-bye.
const LAST_MOMENT_EACH: usize = 4;
/// The last moment, after the connection took no more: the server has given up, and still waits for its good-bye to be taken.
const LAST_MOMENT: Duration = Duration::from_millis(8_800);

/// What became of one of them.
#[derive(Clone, Copy, Debug)]
pub struct Stalled {
    /// From the stall until the connection took no more.
    pub filled: Duration,
    /// From then until the server had closed it, if it has.
    pub closed: Option<Duration>,
    /// It read again in the last moment.
    pub woke: bool,
    /// The most bytes that the kernel held for it on the server's side.
    pub unsent: u64,
    /// The same on the reader's side.
    pub unread: u64,
}

/// Watches seats, stalled or not, until a deadline, or until all of them were closed. Says what became of them, and the most memory that
/// the server and the kernel held meanwhile.
pub async fn watch(
    seats: &[Arc<Seat>],
    (toll, server): (Toll, SocketAddr),
    deadline: Instant,
    until_closed: bool,
) -> anyhow::Result<(Vec<Stalled>, [u64; 2])> {
    let began = Instant::now();
    let none = Stalled { filled: Duration::ZERO, closed: None, woke: false, unsent: 0, unread: 0 };
    let mut stalled = vec![none; seats.len()];
    let mut most = [0, 0];
    while Instant::now() < deadline && !(until_closed && stalled.iter().all(|one| one.closed.is_some())) {
        sleep(LOOK).await;
        most = [most[0].max(toll.memory()?), most[1].max(kernel_memory()?)];
        // It takes milliseconds, in which the crowd would not be heard.
        let ends = spawn_blocking(move || toll.ends()).await??;
        let now = began.elapsed();
        for (number, (one, seat)) in stalled.iter_mut().zip(seats).enumerate() {
            if one.closed.is_some() {
                continue;
            }
            let local = seat.mouth.local;
            let far = ends.iter().find(|end| end.local == server && end.remote == local);
            let near = ends.iter().find(|end| end.local == local && end.remote == server);
            one.unread = one.unread.max(near.map_or(0, |end| end.unread));
            match far.filter(|end| end.stands) {
                Some(end) if end.unsent > one.unsent => (one.unsent, one.filled) = (end.unsent, now),
                Some(_) => {}
                None => one.closed = Some(now.saturating_sub(one.filled)),
            }
            if number.is_multiple_of(LAST_MOMENT_EACH)
                && one.unsent > 0
                && now.saturating_sub(one.filled) >= LAST_MOMENT
            {
                one.woke = true;
                seat.resume();
            }
        }
    }
    Ok((stalled, most))
}
