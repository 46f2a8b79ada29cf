//! Everybody has the same messages in the same order, however often their connections are cut.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Context as _;
use model::{RoomId, Seq};
use testkit::chance::Chance;
use tokio::{
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::{Terms, rate};
use crate::{
    crowd::LOOK,
    device::{Device, Standing, Story, Task, Weather},
    lists::{Differences, compare, fingerprint},
    people::{Somebody, Town},
    quantile::Histogram,
    report::Report,
    resumes::Resumed,
    server::Server,
};

/// From dialling again until everything that was missed has come, for 99 of 100.
const RESUME_MAX: Duration = Duration::from_millis(150);
/// Those who missed more are not counted there.
const MISSED_MAX: u64 = 500;
/// How long everybody may take to have everything, once the weather is fine.
const PATIENCE: Duration = Duration::from_mins(2);
/// Bytes of an event on the wire, about; and of a message on its way to the server.
const WIRE_BYTES: [u64; 2] = [220, 110];

/// How many, how much and how rough.
#[derive(Clone, Debug, clap::Args)]
pub struct Scale {
    /// Clients, each of one person.
    #[arg(long, default_value_t = 50)]
    clients: usize,
    /// Rooms that all of them are in.
    #[arg(long, default_value_t = 20)]
    rooms: usize,
    /// Messages in all.
    #[arg(long, default_value_t = 100_000)]
    messages: usize,
    /// Messages in a second; each is heard, read and compared as often as there are clients, on one core.
    #[arg(long, default_value_t = 300)]
    rate: u32,
    /// Connections of a hundred that are cut in a second.
    #[arg(long, default_value_t = 30)]
    churn: u64,
    /// Begin from this, to have the same chance again.
    #[arg(long)]
    seed: Option<u64>,
}

impl Scale {
    /// A size for a debug build.
    #[must_use]
    pub fn quick() -> Self {
        Self { clients: 8, rooms: 4, messages: 1_200, rate: 300, churn: 60, seed: None }
    }
}

/// Every message of each room, as the server has it: its place, key and text.
type Truth = BTreeMap<RoomId, Vec<(u64, [String; 2])>>;

/// The devices of a run.
struct Fleet {
    weather: Arc<Weather>,
    standings: Vec<Arc<Standing>>,
    tasks: Vec<JoinHandle<anyhow::Result<Story>>>,
}

/// Runs it.
pub async fn run(terms: &Terms, scale: Scale) -> anyhow::Result<Report> {
    let seed = scale.seed.unwrap_or_else(testkit::chance::seed);
    let server = Server::start(&terms.choice)?;
    let people = Town::here(server.address).sign_up(scale.clients).await?;
    let mut rooms = Vec::with_capacity(scale.rooms);
    for number in 0..scale.rooms {
        let name = format!("room {number}");
        for somebody in &people {
            let room = somebody.join(&name).await?;
            if !rooms.contains(&room) {
                rooms.push(room);
            }
        }
    }
    let fleet = Fleet::launch(&scale, (&people, &rooms), Chance::new(seed)).await?;
    let weather = Arc::clone(&fleet.weather);
    timeout(PATIENCE, fleet.all(|standing| standing.online.load(Ordering::Relaxed)))
        .await
        .context("not everybody came online")?;

    let began = Instant::now();
    weather.stormy.store(true, Ordering::Relaxed);
    weather.talking.store(true, Ordering::Relaxed);
    fleet.all(|standing| standing.unsent.load(Ordering::Relaxed) == 0).await;
    let took = began.elapsed();
    weather.stormy.store(false, Ordering::Relaxed);
    let complete = fleet.all(|standing| standing.shown.load(Ordering::Relaxed) >= scale.messages);
    let complete = timeout(PATIENCE, complete).await.is_ok();
    weather.over.store(true, Ordering::Relaxed);
    let mut stories = Vec::with_capacity(scale.clients);
    for task in fleet.tasks {
        stories.push(task.await??);
    }
    let truth = truth(&people[0], &rooms).await?;
    Ok(report(terms, (&scale, seed, took), (&stories, &truth, complete)))
}

impl Fleet {
    async fn launch(
        scale: &Scale,
        (people, rooms): (&[Somebody], &[RoomId]),
        mut chance: Chance,
    ) -> anyhow::Result<Self> {
        // A connection that carries so many bytes a second lives for so many seconds, on average.
        let downwards = u64::from(scale.rate) * WIRE_BYTES[0];
        let upwards = u64::from(scale.rate) * WIRE_BYTES[1] / scale.clients as u64;
        let most = |bytes: u64| (2 * bytes * 100 / scale.churn.max(1)).max(1);
        let weather = Arc::new(Weather {
            stormy: AtomicBool::new(false),
            talking: AtomicBool::new(false),
            over: AtomicBool::new(false),
            cut_bytes: [most(downwards), most(upwards)],
        });
        let clients = u32::try_from(scale.clients)?;
        let (mut standings, mut tasks) = (Vec::new(), Vec::new());
        for (number, somebody) in people.iter().enumerate() {
            let more = usize::from(number < scale.messages % scale.clients);
            let task = Task {
                somebody: somebody.clone(),
                rooms: rooms.to_vec(),
                messages: scale.messages / scale.clients + more,
                every: Duration::from_secs(1) * clients / scale.rate.max(1),
            };
            let standing = Arc::new(Standing::default());
            let device = Device::new(task, Arc::clone(&weather), Arc::clone(&standing), chance.split()).await?;
            standings.push(standing);
            tasks.push(tokio::spawn(device.run()));
        }
        Ok(Self { weather, standings, tasks })
    }

    /// Waits until this is so of everybody, or somebody gave up.
    async fn all(&self, is_so: impl Fn(&Standing) -> bool) {
        while !self.standings.iter().all(|standing| is_so(standing)) && !self.tasks.iter().any(JoinHandle::is_finished)
        {
            sleep(LOOK).await;
        }
    }
}

async fn truth(somebody: &Somebody, rooms: &[RoomId]) -> anyhow::Result<Truth> {
    let mut truth = Truth::new();
    let mut desk = somebody.desk();
    for room in rooms {
        let (messages, _) = desk.read_after(*room, Seq::ZERO).await?;
        let kept = messages.into_iter().map(|message| {
            let texts = [message.said.key.as_str(), message.said.text.as_str()].map(str::to_owned);
            (message.seq.number(), texts)
        });
        truth.insert(*room, kept.collect());
    }
    Ok(truth)
}

fn report(
    terms: &Terms,
    (scale, seed, took): (&Scale, u64, Duration),
    (stories, truth, complete): (&[Story], &Truth, bool),
) -> Report {
    let title = format!(
        "churn: {} clients in {} rooms, {} messages, {} % of connections cut in a second; seed {seed}",
        scale.clients, scale.rooms, scale.messages, scale.churn
    );
    let mut report = Report::new(title, !terms.quick);
    report.figure("messages", format!("{} in {:.0} s", rate(scale.messages as u64, took), took.as_secs_f64()));
    report.figure("connections cut", stories.iter().map(|story| story.cuts).sum::<usize>());
    report.figure(
        "resumes beyond the window, filled from history",
        stories.iter().map(|story| story.resets).sum::<usize>(),
    );
    let [plain, slow] = [0, 1].map(|slow| times(stories, slow));
    report.figure("time to resume over a line that adds a delay", &slow);
    report.figure("time to resume", &plain);

    let kept: usize = truth.values().map(Vec::len).sum();
    report.promise("the server has every message, once", kept == scale.messages && once(truth), kept);
    report.promise("everybody has every message", complete, format!("{} × {}", scale.messages, stories.len()));
    let (mut wrong, mut same) = (Differences::default(), 0);
    for story in stories {
        for (room, kept) in truth {
            let shown = story.record.rooms.get(room).map(|shown| &shown.messages);
            let list: Vec<_> = shown.into_iter().flatten().map(|(place, texts)| (*place, texts.clone())).collect();
            wrong = wrong.and(compare(&list, kept));
            same += usize::from(print(&list) == print(kept));
        }
    }
    let lists = stories.len() * truth.len();
    report.promise(
        "lists of places, keys and texts with the server's SHA-256",
        same == lists,
        format!("{same} of {lists}"),
    );
    let sum = |of: fn(&Story) -> usize| stories.iter().map(of).sum::<usize>();
    report.none("gaps", wrong.lost + wrong.foreign);
    report.none("inversions", sum(|story| story.record.rooms.values().map(|shown| shown.inverted).sum()));
    let doubled = sum(|story| story.record.rooms.values().map(|shown| shown.doubled).sum());
    report.none("duplicates", doubled + sum(|story| story.record.doubled_rows));
    report.none("messages of one author out of their order", out_of_turn(truth));
    report.within("resume, p99 of those who missed at most 500", plain.quantile(0.99), RESUME_MAX);
    report
}

fn times(stories: &[Story], slow: usize) -> Histogram {
    let mut times = Histogram::default();
    let all = stories.iter().flat_map(|story| &story.resumed[slow]);
    for Resumed { took, .. } in all.filter(|resumed| resumed.missed <= MISSED_MAX) {
        times.add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }
    times
}

fn print(list: &[(u64, [String; 2])]) -> String {
    fingerprint(list.iter().map(|(place, [key, text])| (*place, [key.as_str(), text.as_str()])))
}

/// Whether no text stands twice: each names its author and its number.
fn once(truth: &Truth) -> bool {
    let mut texts: Vec<&str> = truth.values().flatten().map(|(_, [_, text])| text.as_str()).collect();
    let count = texts.len();
    texts.sort_unstable();
    texts.dedup();
    texts.len() == count
}

/// Messages that stand in their room before an earlier one of the same author.
fn out_of_turn(truth: &Truth) -> usize {
    let mut wrong = 0;
    for kept in truth.values() {
        let mut last: BTreeMap<&str, u64> = BTreeMap::new();
        for (_, [_, text]) in kept {
            let (author, number) = text.split_once(' ').unwrap_or((text, ""));
            let number = number.parse().unwrap_or(0);
            wrong += usize::from(last.insert(author, number).is_some_and(|before| before >= number));
        }
    }
    wrong
}
