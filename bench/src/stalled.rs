//! Sockets that do not read, as the kernel sees them: when their connection takes no more, and when the server gives up.

use std::{
    net::SocketAddr,
    ops::Range,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{task::spawn_blocking, time::sleep};

use crate::{
    ledger::Ledger,
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

/// What was seen while watching.
#[derive(Debug)]
pub struct Watched {
    /// What became of each seat.
    pub seats: Vec<Stalled>,
    /// The server's memory, look by look, as long as one of them was open.
    pub memory: Vec<u64>,
    /// The most memory that the kernel held for TCP in that time.
    pub kernel: u64,
    /// The phases of the ledger in that time, each of [`WINDOW`].
    pub open: Range<usize>,
    /// Those of all the time.
    pub phases: Range<usize>,
}

/// How long one phase of the ledger is: other work on the machine disturbs some of them, and not those in the middle.
pub const WINDOW: Duration = Duration::from_secs(5);

/// Watches seats, stalled or not, until a deadline, or until all of them were closed.
pub async fn watch(
    seats: &[Arc<Seat>],
    (toll, server): (Toll, SocketAddr),
    (deadline, until_closed): (Instant, bool),
    ledger: &Ledger,
) -> anyhow::Result<Watched> {
    let began = Instant::now();
    ledger.turn();
    let first = ledger.number();
    let mut last_open = first;
    let mut turned = began;
    let none = Stalled { filled: Duration::ZERO, closed: None, woke: false, unsent: 0, unread: 0 };
    let mut stalled = vec![none; seats.len()];
    let (mut memory, mut kernel) = (Vec::new(), 0);
    while Instant::now() < deadline && !(until_closed && stalled.iter().all(|one| one.closed.is_some())) {
        sleep(LOOK).await;
        if turned.elapsed() >= WINDOW {
            turned += WINDOW;
            ledger.turn();
        }
        if stalled.iter().any(|one| one.closed.is_none()) {
            memory.push(toll.memory()?);
            kernel = kernel.max(kernel_memory()?);
            last_open = ledger.number();
        }
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
    let (open, phases) = (first..last_open + 1, first..ledger.number() + 1);
    ledger.turn();
    Ok(Watched { seats: stalled, memory, kernel, open, phases })
}
