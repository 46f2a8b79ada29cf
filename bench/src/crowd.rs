//! Many sockets in one room of one server, and a voice that speaks there in turn from each of them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context as _, ensure};
use model::RoomId;
use protocol::FromClient;
use tokio::{
    task::JoinHandle,
    time::{MissedTickBehavior, interval, sleep, timeout},
};

use crate::{
    ledger::Ledger,
    link::Way,
    people::{Somebody, Town},
    seat::{Seat, Wish},
};

/// How long a crowd may take to listen.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often something that only can be looked at is looked at.
pub const LOOK: Duration = Duration::from_millis(50);
/// How long a server is left alone before its memory is read.
pub const REST: Duration = Duration::from_secs(2);

/// Its size.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Sockets.
    pub sockets: usize,
    /// Sockets of one person, at most 16.
    pub sockets_each: usize,
}

/// People with accounts who are in one room.
#[derive(Debug)]
pub struct Crowd {
    /// Where they meet.
    pub room: RoomId,
    /// Who they are.
    pub people: Vec<Somebody>,
    /// Their sockets, once they are open.
    pub seats: Vec<Arc<Seat>>,
    /// When they heard what.
    pub ledger: Ledger,
    /// Where they come from.
    pub town: Town,
    size: Size,
}

/// How fast the voice speaks, and how much.
#[derive(Clone, Copy, Debug)]
pub struct Speech {
    /// Messages in a second.
    pub rate: u32,
    /// Bytes of each, at least those of a moment.
    pub bytes: usize,
}

/// A voice that speaks until it is told to stop.
#[derive(Debug)]
pub struct Voice {
    stop: Arc<AtomicBool>,
    said: Arc<AtomicU64>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Crowd {
    /// Makes the accounts, and takes all of them into one room.
    pub async fn gather(town: Town, size: Size, phases: usize) -> anyhow::Result<Self> {
        let people = town.sign_up(size.sockets.div_ceil(size.sockets_each)).await?;
        let mut room = None;
        for somebody in &people {
            room = Some(somebody.join("square").await?);
        }
        let room = room.context("a crowd has at least one socket")?;
        Ok(Self { room, people, seats: Vec::new(), ledger: Ledger::new(phases), town, size })
    }

    /// Opens the sockets, each by its way, and waits until all of them listen. The first of them, so many and one, keep what
    /// they hear.
    pub async fn sit_down(&mut self, kept: usize, way: impl Fn(usize) -> Way) -> anyhow::Result<()> {
        let apart = Ledger::new(0);
        for number in 0..self.size.sockets {
            let somebody = self.owner(number).clone();
            let link = way(number).open(&somebody.token).await.with_context(|| format!("socket {number}"))?;
            let wish = Wish { user: somebody.person.id, room: self.room, since: None, keeps: number <= kept };
            // Who is looked at more closely is not one of those whose time is measured.
            let ledger = if number < kept { &apart } else { &self.ledger };
            self.seats.push(Seat::take(wish, link, ledger));
        }
        timeout(PATIENCE, self.all(Seat::listens)).await.context("not all sockets listen")
    }

    /// Whose socket this is.
    #[must_use]
    pub fn owner(&self, seat: usize) -> &Somebody {
        &self.people[seat / self.size.sockets_each]
    }

    /// Waits until this is so of every seat.
    pub async fn all(&self, is_so: impl Fn(&Seat) -> bool) {
        while !self.seats.iter().all(|seat| is_so(seat)) {
            sleep(LOOK).await;
        }
    }

    /// Begins to speak from those seats, in turn.
    pub fn speak(&self, speech: Speech, from: std::ops::Range<usize>) -> anyhow::Result<Voice> {
        ensure!(!from.is_empty() && speech.rate > 0, "somebody has to speak, and sometimes");
        let (stop, said) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let seats: Vec<_> = self.seats[from].to_vec();
        let (room, ledger) = (self.room, self.ledger.clone());
        let told = (Arc::clone(&stop), Arc::clone(&said));
        let task = tokio::spawn(async move {
            let mut pace = interval(Duration::from_secs(1) / speech.rate);
            pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
            for (number, seat) in seats.iter().cycle().enumerate() {
                pace.tick().await;
                if told.0.load(Ordering::Relaxed) {
                    break;
                }
                let now = ledger.now();
                let mut text = format!("{now} {number} ");
                text.extend(std::iter::repeat_n('.', speech.bytes.saturating_sub(text.len())));
                text.push('!');
                let key = format!("at-{now}-{number}");
                seat.mouth
                    .say(&FromClient::Post { room, key, text, files: Vec::new(), reply: None, forward: None })
                    .await?;
                told.1.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        });
        Ok(Voice { stop, said, task })
    }
}

impl Voice {
    /// Messages said so far.
    #[must_use]
    pub fn said(&self) -> u64 {
        self.said.load(Ordering::Relaxed)
    }

    /// Stops, and says how many messages were said.
    pub async fn stop(self) -> anyhow::Result<u64> {
        self.stop.store(true, Ordering::Relaxed);
        self.task.await??;
        Ok(self.said.load(Ordering::Relaxed))
    }
}
