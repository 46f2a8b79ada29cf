//! Whoever vanishes without a word is noticed: connections whose other side answers nothing any more, in neither direction.

use std::{
    collections::BTreeMap,
    net::Ipv4Addr,
    time::{Duration, Instant},
};

use model::{Presence, Signal, UserId};
use protocol::{FromClient, FromServer};
use tokio::time::{sleep, timeout};

use super::Terms;
use crate::{
    black_hole::BlackHole,
    crowd::{Crowd, LOOK, REST, Size},
    fault_path::FaultPath,
    link::Way,
    people::{SOCKETS_PER_ADDRESS, Town},
    report::Report,
    seat::{Seat, Wish},
    server::{Place, Server},
    toll::Toll,
};

/// Until they are shown as offline.
const OFFLINE_MAX: Duration = Duration::from_secs(45);
/// Until the server holds nothing of them any more.
const FREED_MAX: Duration = Duration::from_mins(1);
/// How long is waited in all.
const PATIENCE: Duration = Duration::from_secs(90);

/// How many, and how.
#[derive(Clone, Debug, clap::Args)]
pub struct Scale {
    /// Sockets that vanish.
    #[arg(long, default_value_t = 1_000)]
    sockets: usize,
    /// Sockets of one person, at most 16.
    #[arg(long, default_value_t = 10)]
    sockets_each: usize,
    /// Put them behind a proxy that goes silent, even where the network itself could drop what they send.
    #[arg(long)]
    proxy: bool,
}

impl Scale {
    /// A size for a debug build; the times are the server's own.
    #[must_use]
    pub fn quick() -> Self {
        Self { sockets: 20, sockets_each: 5, proxy: true }
    }
}

/// What stands between the sockets and the server.
enum Between {
    Network(BlackHole),
    Proxies(Vec<FaultPath>),
}

/// What was seen, from the moment of silence on.
struct Seen {
    freed: Option<Duration>,
    offline: BTreeMap<UserId, Duration>,
    /// Sockets of the server before, with, and after the crowd.
    sockets: [usize; 3],
    /// All its open files, the same.
    files: [usize; 3],
}

/// Runs it.
pub async fn run(terms: &Terms, scale: Scale) -> anyhow::Result<Report> {
    let (hole, server) = start(terms, &scale)?;
    let toll = server.toll()?;
    let spared = hole.as_ref().map_or(Ipv4Addr::new(127, 0, 2, 1), BlackHole::spared);
    let doomed = hole.as_ref().map_or(Town::here(server.address).first, BlackHole::doomed);
    let town = Town { server: server.address, first: doomed };
    let size = Size { sockets: scale.sockets, sockets_each: scale.sockets_each };
    let mut crowd = Crowd::gather(town, size, 0).await?;
    let witness = Town { first: spared, ..town }.sign_up_as("witness", 0).await?;
    witness.join("square").await?;
    let link = witness.way.open(&witness.token).await?;
    let wish = Wish { user: witness.person.id, room: crowd.room, since: None, keeps: false };
    let witness = Seat::take(wish, link, &crowd.ledger);
    sleep(REST).await;
    let before = (toll.sockets()?, toll.files()?);
    let between = sit_down(&mut crowd, hole, &scale).await?;
    let people: Vec<UserId> = crowd.people.iter().map(|somebody| somebody.person.id).collect();
    witness.mouth.say(&FromClient::Watch { people: people.clone() }).await?;
    sleep(REST).await;
    let during = (toll.sockets()?, toll.files()?);
    match &between {
        Between::Network(hole) => hole.open()?,
        Between::Proxies(paths) => paths.iter().for_each(FaultPath::go_silent),
    }
    let (freed, offline) = wait(&witness, toll, (before.0, people.len())).await?;
    let after = (toll.sockets()?, toll.files()?);
    let seen = Seen { freed, offline, sockets: [before.0, during.0, after.0], files: [before.1, during.1, after.1] };
    let how = match between {
        Between::Network(_) => "behind a network that drops everything, both ways",
        Between::Proxies(_) => "behind a proxy that goes silent",
    };
    Ok(report(terms, &scale, (how, people.len()), &seen))
}

fn start(terms: &Terms, scale: &Scale) -> anyhow::Result<(Option<BlackHole>, Server)> {
    if scale.proxy || !BlackHole::is_possible() {
        return Ok((None, Server::start(&terms.choice)?));
    }
    let hole = BlackHole::dig()?;
    let place = Place { address: hole.server(), namespace: Some(hole.namespace.clone()) };
    let server = Server::start_at(&terms.choice, place)?;
    Ok((Some(hole), server))
}

async fn sit_down(crowd: &mut Crowd, hole: Option<BlackHole>, scale: &Scale) -> anyhow::Result<Between> {
    let town = crowd.town;
    if let Some(hole) = hole {
        crowd.sit_down(0, |number| town.way(number)).await?;
        return Ok(Between::Network(hole));
    }
    // The server counts by address, and a proxy has one.
    let mut paths = Vec::new();
    for first in (0..scale.sockets).step_by(SOCKETS_PER_ADDRESS) {
        paths.push(FaultPath::open(town.way(first)).await?);
    }
    let way = |number: usize| Way { to: paths[number / SOCKETS_PER_ADDRESS].address, ..town.way(number) };
    crowd.sit_down(0, way).await?;
    Ok(Between::Proxies(paths))
}

/// Waits until the server has as few sockets as before, and everybody is offline.
async fn wait(
    witness: &Seat,
    toll: Toll,
    (before, people): (usize, usize),
) -> anyhow::Result<(Option<Duration>, BTreeMap<UserId, Duration>)> {
    let began = Instant::now();
    // How they were before is told, too.
    drop(witness.take_others());
    let (mut freed, mut offline) = (None, BTreeMap::new());
    let all = async {
        while freed.is_none() || offline.len() < people {
            sleep(LOOK).await;
            if freed.is_none() && toll.sockets()? <= before {
                freed = Some(began.elapsed());
            }
            for (frame, at) in witness.take_others() {
                if let FromServer::Signal { signal: Signal::Presence { people } } = frame {
                    let gone = people.iter().filter(|seen| seen.presence == Presence::Offline);
                    offline.extend(gone.map(|seen| (seen.person, at.saturating_duration_since(began))));
                }
            }
        }
        anyhow::Ok(())
    };
    if let Ok(fault) = timeout(PATIENCE, all).await {
        fault?;
    }
    Ok((freed, offline))
}

fn report(terms: &Terms, scale: &Scale, (how, people): (&str, usize), seen: &Seen) -> Report {
    let title = format!("half-open: {} sockets of {people} people {how}", scale.sockets);
    // The times are those of the server's constants, and hold on a debug build as well.
    let mut report = Report::new(title, true);
    let three =
        |[before, with, after]: [usize; 3]| format!("{before} before, {with} with all of them, {after} at the end");
    report.figure("the server's sockets", three(seen.sockets));
    report.figure("the server's open files", three(seen.files));
    if terms.quick {
        report.figure("a short run", "the times are the same");
    }
    report.promise(
        "everybody was shown as offline",
        seen.offline.len() == people,
        format!("{} of {people}", seen.offline.len()),
    );
    let [first, last] =
        [seen.offline.values().min(), seen.offline.values().max()].map(|at| at.copied().unwrap_or_default());
    report.figure("the first was shown as offline after", format!("{:.1} s", first.as_secs_f64()));
    report.within("the last was shown as offline", last, OFFLINE_MAX);
    report.promise("their sockets are back to the number before", seen.freed.is_some(), seen.sockets[2]);
    report.within("the last socket was freed", seen.freed.unwrap_or(PATIENCE), FREED_MAX);
    report
}
