//! A slow reader harms nobody: some sockets of a busy room stop reading, and come back later.
//!
//! What a stalled socket does not read lies in the kernel first, on both sides of the connection, and in the server only when
//! the kernel takes no more. The two are measured apart.

use std::{
    ops::Range,
    sync::Arc,
    time::{Duration, Instant},
};

use model::{Cursor, Message, Seq};
use protocol::{Close, FromServer};
use tokio::time::{sleep, timeout};

use super::{Terms, kib};
use crate::{
    crowd::{Crowd, LOOK, REST, Size, Speech},
    ledger::Ledger,
    link::Way,
    lists::{Differences, compare},
    people::Town,
    quantile::{Histogram, median, millis},
    report::Report,
    seat::{BROKEN, Seat, Wish},
    server::Server,
    stalled::{Stalled, WINDOW, Watched, watch},
};

/// Memory of the server for a stalled socket, in bytes.
const STALLED_BYTES_MAX: u64 = 320 * 1024;
/// From the moment when a connection takes no more until the server has closed it.
const CLOSE_MAX: Duration = Duration::from_secs(10);
/// What others may notice, in percent of their time before.
const RISE_MAX: u128 = 10;
/// Phases that the ledger has room for: as many windows as five minutes have. What is later is not counted.
const PHASES: usize = 60;
/// How long anything else may take.
const PATIENCE: Duration = Duration::from_mins(3);

/// How many, how much and how long.
#[derive(Clone, Debug, clap::Args)]
pub struct Scale {
    /// Sockets in the room.
    #[arg(long, default_value_t = 1_000)]
    sockets: usize,
    /// Sockets of one person, at most 16.
    #[arg(long, default_value_t = 10)]
    sockets_each: usize,
    /// Sockets that stop reading.
    #[arg(long, default_value_t = 20)]
    stalled: usize,
    /// Messages in a second.
    #[arg(long, default_value_t = 200)]
    rate: u32,
    /// Bytes of each.
    #[arg(long, default_value_t = 200)]
    bytes: usize,
    /// Seconds before the stall.
    #[arg(long, default_value_t = 30)]
    before_seconds: u64,
    /// Seconds of it, at most.
    #[arg(long, default_value_t = 60)]
    stalled_seconds: u64,
    /// The kernel's buffer on the side of a stalled reader, in bytes.
    #[arg(long, default_value_t = 16_384)]
    receive_bytes: u32,
}

impl Scale {
    /// A size for a debug build: large messages, so that buffers are full soon.
    #[must_use]
    pub fn quick() -> Self {
        Self {
            sockets: 40,
            sockets_each: 10,
            stalled: 4,
            rate: 100,
            bytes: 7_900,
            before_seconds: 1,
            stalled_seconds: 30,
            receive_bytes: 16_384,
        }
    }
}

/// What the stalled clients had in the end.
struct After {
    reasons: Vec<u16>,
    resets: usize,
    wrong: Differences,
    complete: bool,
}

/// What was seen before the stall, and during it.
struct Seen {
    before: Watched,
    during: Watched,
}

/// Runs it.
pub async fn run(terms: &Terms, scale: Scale) -> anyhow::Result<Report> {
    let server = Server::start(&terms.choice)?;
    let toll = server.toll()?;
    let size = Size { sockets: scale.sockets, sockets_each: scale.sockets_each };
    let mut crowd = Crowd::gather(Town::here(server.address), size, PHASES).await?;
    let town = crowd.town;
    let receive_bytes = |number| (number < scale.stalled).then_some(scale.receive_bytes);
    crowd.sit_down(scale.stalled, |number| Way { receive_bytes: receive_bytes(number), ..town.way(number) }).await?;
    // Who stalls does not speak: their receipts would count among the others'.
    let voice = crowd.speak(Speech { rate: scale.rate, bytes: scale.bytes }, scale.stalled..scale.sockets)?;
    sleep(REST).await;
    // They are watched before the stall as well, so that the watching makes no difference.
    let (seats, asked) = (&crowd.seats[..scale.stalled], (toll, server.address));
    let until = |seconds| Instant::now() + Duration::from_secs(seconds);
    let before = watch(seats, asked, (until(scale.before_seconds), false), &crowd.ledger).await?;
    for seat in seats {
        seat.stall();
    }
    let during = watch(seats, asked, (until(scale.stalled_seconds), terms.quick), &crowd.ledger).await?;
    let seen = Seen { before, during };

    let mut returned = Vec::with_capacity(scale.stalled);
    for number in 0..scale.stalled {
        returned.push(come_back(&crowd, number).await?);
    }
    sleep(REST).await;
    let said = voice.stop().await?;
    let reference = Arc::clone(&crowd.seats[scale.stalled]);
    let all_heard = async {
        while (reference.counts()[0] as u64) < said || returned.iter().any(|back| !back.is_up_to(&reference)) {
            sleep(LOOK).await;
        }
    };
    let caught_up = timeout(PATIENCE, all_heard).await.is_ok();
    let (truth, _) = crowd.owner(scale.stalled).desk().read_after(crowd.room, Seq::ZERO).await?;
    let truth: Vec<_> = truth.iter().map(at_its_place).collect();
    let reasons = returned.iter().map(|back| back.told).collect();
    // What one of the others heard is compared as well.
    let mut wrong = compare(&reference.take_messages(), &truth);
    let resets = returned.iter().filter(|back| back.reset.is_some()).count();
    for (number, back) in returned.into_iter().enumerate() {
        wrong = wrong.and(compare(&back.all(&crowd, number).await?, &truth));
    }
    let complete = said <= truth.len() as u64 && caught_up;
    Ok(report(terms, &scale, &crowd, (seen, After { reasons, resets, wrong, complete })))
}

/// A stalled client that came back.
struct Returned {
    /// The number that its connection was closed with, as far as it came to read it.
    told: u16,
    /// What it had before.
    had: Vec<(u64, String)>,
    /// Where it stood.
    cursor: Cursor,
    /// The place from which on the server tells, if it did not tell from the cursor on.
    reset: Option<u64>,
    seat: Arc<Seat>,
}

/// Reads what the kernel still has, to the end of the connection, and opens another that goes on from there.
async fn come_back(crowd: &Crowd, number: usize) -> anyhow::Result<Returned> {
    let old = &crowd.seats[number];
    old.resume();
    let ended = async {
        while old.ended().is_none() {
            sleep(LOOK).await;
        }
    };
    timeout(PATIENCE, ended).await?;
    let somebody = crowd.owner(number);
    let link = crowd.town.way(number).open(&somebody.token).await?;
    let cursor = old.cursor().ok_or_else(|| anyhow::anyhow!("a socket that was never greeted"))?;
    let wish = Wish { user: somebody.person.id, room: crowd.room, since: Some(cursor.clone()), keeps: true };
    let seat = Seat::take(wish, link, &Ledger::new(0));
    let listens = async {
        while !seat.listens() {
            sleep(LOOK).await;
        }
    };
    timeout(PATIENCE, listens).await?;
    let reset = seat
        .take_others()
        .into_iter()
        .find_map(|(frame, _)| if let FromServer::Reset { head, .. } = frame { Some(head.number()) } else { None });
    let (told, _) = old.ended().unwrap_or((BROKEN, Instant::now()));
    Ok(Returned { told, had: old.take_messages(), cursor, reset, seat })
}

impl Returned {
    fn is_up_to(&self, reference: &Seat) -> bool {
        self.seat.cursor() == reference.cursor()
    }

    /// Everything that the client has now, in the order in which it came.
    async fn all(self, crowd: &Crowd, number: usize) -> anyhow::Result<Vec<(u64, String)>> {
        let mut all = self.had;
        if let Some(head) = self.reset {
            let (missed, _) = crowd.owner(number).desk().read_after(crowd.room, self.cursor.seq).await?;
            let missed = missed.iter().map(at_its_place);
            all.extend(missed.filter(|(place, _)| *place <= head));
        }
        all.extend(self.seat.take_messages());
        Ok(all)
    }
}

fn at_its_place(message: &Message) -> (u64, String) {
    (message.seq.number(), message.said.text.as_str().to_owned())
}

/// What the others heard, window by window.
fn deliveries(crowd: &Crowd, phases: &Range<usize>) -> Vec<Histogram> {
    let windows = phases.clone().map(|phase| crowd.ledger.phase(phase).deliveries);
    windows.filter(|window| window.count() > 0).collect()
}

fn report(terms: &Terms, scale: &Scale, crowd: &Crowd, found: (Seen, After)) -> Report {
    let (Seen { before, during }, After { reasons, resets, wrong, complete }) = found;
    let stalled = &during.seats;
    let title = format!(
        "slow: {} of {} sockets in a room of {} messages a second stop reading for up to {} s",
        scale.stalled, scale.sockets, scale.rate, scale.stalled_seconds
    );
    let mut report = Report::new(title, !terms.quick);
    let count = (scale.stalled as u64).max(1);
    let all = [&before, &during].map(|watched| deliveries(crowd, &watched.phases));
    let [early, late] = all.each_ref().map(|all| all.iter().fold(Histogram::default(), Histogram::and));
    let others = &crowd.seats[scale.stalled..];
    let [jumps, lags] = [1, 2].map(|of| others.iter().map(|seat| seat.counts()[of]).sum::<usize>());
    report.figure("the others' deliveries before", &early);
    report.figure("the others' deliveries during the stall", &late);
    report.figure("times that one of the others was told that it is behind", lags);
    let held = |bytes: fn(&Stalled) -> u64| kib(stalled.iter().map(bytes).sum::<u64>() / count);
    report.figure("the kernel held of a stalled socket, on the server's side", held(|one| one.unsent));
    report.figure("the kernel held of a stalled socket, on the reader's side", held(|one| one.unread));
    let grown = during.kernel.saturating_sub(before.kernel) / count;
    report.figure("the kernel's memory for TCP at its most, whosever it is, more than before, for each", kib(grown));
    let filled = stalled.iter().map(|one| one.filled).max().unwrap_or_default();
    report.figure("until the kernel took no more", format!("{:.1} s", filled.as_secs_f64()));
    let most = |watched: &Watched| watched.memory.iter().copied().max().unwrap_or(0);
    let grown = most(&during).saturating_sub(most(&before)) / count;
    report.figure("the server's memory at its most, whosever it is, more than before, for each", kib(grown));

    let [early_memory, late_memory] = [&before, &during].map(|watched| median(watched.memory.clone()));
    let each = late_memory.saturating_sub(early_memory) / count;
    let what = format!("the server's memory for each stalled socket: at most {}", kib(STALLED_BYTES_MAX));
    report.measured(what, each <= STALLED_BYTES_MAX, kib(each));
    let open = stalled.iter().filter(|one| one.closed.is_none()).count();
    report.none("stalled sockets that were not closed", open);
    let longest = stalled.iter().filter_map(|one| one.closed).max().unwrap_or_default();
    report.within("closed after the kernel took no more", longest, CLOSE_MAX);
    let number = Close::TooSlow.number();
    let others_told = reasons.iter().filter(|told| ![number, BROKEN].contains(*told)).count();
    report.none(format!("who was told another reason than {number}"), others_told);
    let woke: Vec<u16> = stalled.iter().zip(&reasons).filter(|(one, _)| one.woke).map(|(_, told)| *told).collect();
    // The kernel may have taken its last bytes a while after the server began to wait: then the moment is past.
    let right = woke.contains(&number);
    report.promise(
        format!("who read again in the last moment, if not too late, was told {number}"),
        right,
        format!("{woke:?}"),
    );
    let open = [&before, &during].map(|watched| deliveries(crowd, &watched.open));
    let typical = |all: &Vec<Histogram>| median(all.iter().map(|one| one.quantile(0.99)).collect());
    report.figure(
        format!("the others' p99 of {WINDOW:?}, at the median, before and in all the time after"),
        all.each_ref().map(|all| millis(typical(all))).join(" → "),
    );
    let [early, late] = open.each_ref().map(typical);
    let kept = late.as_micros() * 100 <= early.as_micros() * (100 + RISE_MAX);
    let change = format!("{} → {}", millis(early), millis(late));
    report.measured(format!("the same while the stalled are open: rises by at most {RISE_MAX} %"), kept, change);
    report.none("places that one of the others missed", jumps);
    let resets =
        if complete { format!("{resets} of {count} by a reset and pages of history") } else { "no".to_owned() };
    report.promise("who stalled has everything after coming back", complete, resets);
    report.none("  lost", wrong.lost);
    report.none("  doubled", wrong.doubled);
    report.none("  out of order", wrong.inverted);
    report.none("  not what was said", wrong.foreign);
    report
}
