//! People who talk while something else goes on, and what they notice of it.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::sync_channel,
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use testkit::cast::Guest;

/// How many talk, and how often each says something: 320 messages a second in all.
const TALKERS: usize = 8;
const EVERY: Duration = Duration::from_millis(25);

/// People who talk until they are told to stop. Dropping it tells them.
pub struct Talk {
    over: Arc<AtomicBool>,
    talkers: Vec<JoinHandle<Vec<Duration>>>,
}

/// How long each message took until it was acknowledged.
pub struct Times(Vec<Duration>);

impl Talk {
    /// People sign up, join `general` and begin.
    #[must_use]
    pub fn begins(base: &str) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let guests: Vec<_> = (0..TALKERS).map(|n| Guest::signs_up(base, &format!("talker{n}"))).collect();
        let talk = |guest| {
            let over = Arc::clone(&over);
            thread::spawn(move || talk(&guest, &over))
        };
        let talkers = guests.into_iter().map(talk).collect();
        Self { over, talkers }
    }

    /// They stop.
    #[must_use]
    pub fn ends(mut self) -> Times {
        self.over.store(true, Ordering::Relaxed);
        let mut times: Vec<_> = self.talkers.drain(..).flat_map(|talker| talker.join().expect("they talked")).collect();
        times.sort_unstable();
        Times(times)
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

impl Times {
    /// The time within which so many of a hundred messages were acknowledged.
    #[must_use]
    pub fn quantile(&self, of: usize) -> Duration {
        *self.0.get((self.0.len().saturating_sub(1)) * of / 100).expect("somebody said something")
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [half, most, all] = [50, 99, 100].map(|of| self.quantile(of));
        write!(f, "{} messages: p50 {half:?}, p99 {most:?}, longest {all:?}", self.0.len())
    }
}

/// Talks at its pace until it is over.
fn talk(guest: &Guest, over: &AtomicBool) -> Vec<Duration> {
    let (_never, pause) = sync_channel::<()>(1);
    let room = guest.joins("general");
    let mut line = guest.connects();
    let (mut times, mut next) = (Vec::new(), Instant::now());
    while !over.load(Ordering::Relaxed) {
        let began = Instant::now();
        line.posts(room, &format!("t{}", times.len()), "people talk on").expect("it is kept");
        times.push(began.elapsed());
        next += EVERY;
        let _ = pause.recv_timeout(next.saturating_duration_since(Instant::now()));
    }
    times
}
