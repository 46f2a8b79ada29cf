//! A device: the client's own engine, with a real socket, a real clock and a person who says something now and then.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::bail;
use client::{Client, Effect, Input, What};
use model::{Body, RoomId, Timestamp};
use protocol::{FromClient, http::History};
use testkit::chance::Chance;
use tokio::time::sleep_until;

use crate::{
    fault_path::{Cut, FaultPath, Plan},
    frames::Came,
    http::Desk,
    link::{Ear, Mouth},
    people::Somebody,
    record::Record,
    resumes::{Resume, Resumed},
    seat::BROKEN,
};

/// The longest time offline, in milliseconds.
const OFFLINE_MS_MAX: u64 = 600;
/// One connection in so many is slow.
const DELAYED_EACH: u64 = 4;
/// What a slow connection adds to each piece, in milliseconds, at most.
const DELAY_MS_MAX: u64 = 20;
/// One cut in so many comes early: in the upgrade, in `hello`, in what was missed.
const EARLY_EACH: u64 = 4;
/// An early cut comes within so many bytes.
const EARLY_BYTES: u64 = 16 * 1024;

/// What all devices of a run share.
#[derive(Debug)]
pub struct Weather {
    /// Connections are cut.
    pub stormy: AtomicBool,
    /// People talk.
    pub talking: AtomicBool,
    /// The run is over.
    pub over: AtomicBool,
    /// The furthest byte that a cut comes after, from the server and to it.
    pub cut_bytes: [u64; 2],
}

/// How a device stands, for those who wait.
#[derive(Debug, Default)]
pub struct Standing {
    /// It was online at least once.
    pub online: AtomicBool,
    /// Messages that it has still to say, or that the server does not have.
    pub unsent: AtomicUsize,
    /// Messages that it has shown.
    pub shown: AtomicUsize,
}

/// What a device is given to do.
#[derive(Debug)]
pub struct Task {
    /// Whose it is.
    pub somebody: Somebody,
    /// Where to talk.
    pub rooms: Vec<RoomId>,
    /// How many messages to say.
    pub messages: usize,
    /// The time between two of them.
    pub every: Duration,
}

/// What a device leaves behind.
#[derive(Debug)]
pub struct Story {
    /// Everything that it has shown.
    pub record: Record,
    /// Its lines that got everything, apart those that were slow by themselves.
    pub resumed: [Vec<Resumed>; 2],
    /// How many of its lines were cut.
    pub cuts: usize,
    /// How many times the server said that what it had was void.
    pub resets: usize,
}

/// A device that runs.
#[derive(Debug)]
pub struct Device {
    task: Task,
    weather: Arc<Weather>,
    standing: Arc<Standing>,
    chance: Chance,
    path: FaultPath,
    desk: Desk,
    client: Client,
    link: Option<(Ear, Mouth)>,
    resume: Option<Resume>,
    slow: bool,
    /// The storm has reached it.
    wet: bool,
    again: Option<Instant>,
    began: Instant,
    said: usize,
    hole: Option<RoomId>,
    story: Story,
}

/// What happened next.
enum Next {
    Heard(Option<u16>),
    Due,
    Again,
    Speak,
}

impl Device {
    /// A device that is switched on.
    pub async fn new(
        task: Task,
        weather: Arc<Weather>,
        standing: Arc<Standing>,
        mut chance: Chance,
    ) -> anyhow::Result<Self> {
        let path = FaultPath::open(task.somebody.way).await?;
        let client = Client::new([chance.between(0, u64::MAX - 1), chance.between(0, u64::MAX - 1)]);
        standing.unsent.store(task.messages, Ordering::Relaxed);
        let story = Story { record: Record::default(), resumed: [Vec::new(), Vec::new()], cuts: 0, resets: 0 };
        let desk = task.somebody.desk();
        let (link, resume, again, hole) = (None, None, None, None);
        let (slow, wet, said, began) = (false, false, 0, Instant::now());
        Ok(Self {
            task,
            weather,
            standing,
            chance,
            path,
            desk,
            client,
            link,
            resume,
            slow,
            wet,
            again,
            began,
            said,
            hole,
            story,
        })
    }

    /// Runs until the run is over.
    pub async fn run(mut self) -> anyhow::Result<Story> {
        self.step(Input::Connect).await?;
        let mut speech = tokio::time::interval(self.task.every);
        let mut texts = Vec::new();
        while !self.weather.over.load(Ordering::Relaxed) {
            let wake = self.client.wake_at().map(|at| self.began + Duration::from_millis(at));
            let next = tokio::select! {
                closed = hear(&mut self.link, &mut texts) => Next::Heard(closed),
                () = moment(wake) => Next::Due,
                () = moment(self.again) => Next::Again,
                _ = speech.tick() => Next::Speak,
            };
            for text in texts.drain(..) {
                self.watch(&text);
                self.step(Input::Frame(text)).await?;
            }
            match next {
                Next::Heard(None) => {}
                Next::Heard(Some(code)) => self.lose(code).await?,
                Next::Due => self.step(Input::Tick).await?,
                Next::Again => {
                    self.again = None;
                    self.step(Input::Connect).await?;
                }
                Next::Speak => self.speak().await?,
            }
            if self.weather.stormy.load(Ordering::Relaxed) && !self.wet {
                // What a connection has to bear is decided at its dialling.
                self.wet = true;
                self.lose(BROKEN).await?;
            }
            self.stand();
        }
        self.story.cuts = self.path.cuts();
        Ok(self.story)
    }

    async fn speak(&mut self) -> anyhow::Result<()> {
        if self.said == self.task.messages || !self.weather.talking.load(Ordering::Relaxed) {
            return Ok(());
        }
        let room = *self.chance.one_of(&self.task.rooms);
        let text = Body::parse(&format!("{} {}", self.task.somebody.person.name, self.said))?;
        self.said += 1;
        self.step(Input::Post { room, text, files: Vec::new(), reply: None, at: Timestamp::from_ms(0) }).await
    }

    fn stand(&self) {
        let unsent = self.task.messages - self.said + self.client.unsent();
        self.standing.unsent.store(unsent, Ordering::Relaxed);
        self.standing.shown.store(self.story.record.count(), Ordering::Relaxed);
        if !self.lacks_a_room() {
            self.standing.online.store(true, Ordering::Relaxed);
        }
    }

    /// The line was lost; the network comes back after a while, which the engine is told.
    async fn lose(&mut self, code: u16) -> anyhow::Result<()> {
        self.link = None;
        self.resume = None;
        self.come_back_soon();
        self.step(Input::SocketClosed { code }).await
    }

    /// Gives the engine an input, does what it wants done, and gives it what comes of that.
    async fn step(&mut self, input: Input) -> anyhow::Result<()> {
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            let now_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
            for effect in self.client.step(now_ms, input) {
                if let Some(input) = self.perform(effect).await? {
                    inputs.insert(0, input);
                }
            }
        }
        Ok(())
    }

    async fn perform(&mut self, effect: Effect) -> anyhow::Result<Option<Input>> {
        match effect {
            Effect::Connect => Ok(self.dial().await),
            Effect::Disconnect => {
                (self.link, self.resume) = (None, None);
                Ok(None)
            }
            Effect::Send(frame) => Ok(self.send(&frame).await),
            Effect::FetchHistory(question) => {
                let path = format!("rooms/{}/messages?{}", question.room, question.side);
                let page = self.desk.fetch::<History>(&path).await;
                Ok(Some(page.map_or(Input::HistoryFailed(question), |page| Input::HistoryArrived { question, page })))
            }
            Effect::FetchMembers { room, .. } => Ok(Some(Input::MembersFailed(room))),
            Effect::FetchMarks(room) => Ok(Some(Input::MarksFailed(room))),
            Effect::SignedOut => bail!("the server ended the session"),
            Effect::Changed(What::Timeline(room)) => Ok(self.look(room)),
            Effect::Changed(What::Rooms) => {
                self.look_at_new_rooms();
                Ok(None)
            }
            Effect::CheckSession
            | Effect::Notify { .. }
            | Effect::Withdraw(_)
            | Effect::Keep(_)
            | Effect::Forget(_)
            | Effect::KeepDraft { .. }
            | Effect::KeepHome(_)
            | Effect::Wipe
            | Effect::Tell(_)
            | Effect::Reveal { .. }
            | Effect::Upload { .. }
            | Effect::Changed(
                What::Connection | What::Me | What::Members(_) | What::Tray(_) | What::Typists(_) | What::People,
            ) => Ok(None),
        }
    }

    async fn dial(&mut self) -> Option<Input> {
        self.again = None;
        let plan = self.plan();
        self.slow = plan.delay > Duration::ZERO;
        self.path.plan(plan);
        // The first line misses nothing.
        self.resume = (!self.story.record.rooms.is_empty()).then(Resume::dialled);
        let way = crate::link::Way { to: self.path.address, from: std::net::Ipv4Addr::LOCALHOST, receive_bytes: None };
        self.link = way.open(&self.task.somebody.token).await.ok();
        if self.link.is_some() {
            return None;
        }
        self.come_back_soon();
        Some(Input::SocketClosed { code: BROKEN })
    }

    /// The network is gone for a while.
    fn come_back_soon(&mut self) {
        let offline = Duration::from_millis(self.chance.between(0, OFFLINE_MS_MAX));
        self.again = Some(Instant::now() + offline);
    }

    fn plan(&mut self) -> Plan {
        if !self.weather.stormy.load(Ordering::Relaxed) {
            return Plan::default();
        }
        let upwards = self.chance.between(1, 4) == 1;
        let early = self.chance.between(1, EARLY_EACH) == 1;
        let most = self.weather.cut_bytes[usize::from(upwards)];
        let bytes = self.chance.between(1, if early { most.min(EARLY_BYTES) } else { most });
        let cut = Some(Cut { bytes, upwards, reset: self.chance.between(1, 2) == 1 });
        let slow = self.chance.between(1, DELAYED_EACH) == 1;
        let delay = if slow { self.chance.between(1, DELAY_MS_MAX) } else { 0 };
        Plan { cut, delay: Duration::from_millis(delay) }
    }

    async fn send(&mut self, frame: &FromClient) -> Option<Input> {
        if let Some(resume) = &mut self.resume {
            resume.says(frame);
        }
        if let Some((_, mouth)) = &self.link {
            // A line that takes nothing more is heard to end.
            let _ = mouth.say(frame).await;
        }
        None
    }

    /// Writes down what a room shows. What the record lacks is looked for as a person would: by looking at the room, upwards.
    fn look(&mut self, id: RoomId) -> Option<Input> {
        let room = self.client.room(id)?;
        let hole = self.story.record.look(&self.client, room);
        match self.hole {
            Some(looked_at) if looked_at == id && !hole => {
                self.hole = None;
                Some(Input::Open(None))
            }
            Some(looked_at) if looked_at == id && !room.timeline().is_loading() => Some(Input::LoadOlder(id)),
            None if hole => {
                self.story.resets += 1;
                self.hole = Some(id);
                Some(Input::Open(Some(id)))
            }
            Some(_) | None => None,
        }
    }

    /// Whether one of the rooms to talk in has not been seen.
    fn lacks_a_room(&self) -> bool {
        self.task.rooms.iter().any(|room| !self.story.record.rooms.contains_key(room))
    }

    /// A record begins with the room, before anything is said there.
    fn look_at_new_rooms(&mut self) {
        if self.lacks_a_room() {
            for room in self.client.rooms() {
                self.story.record.look(&self.client, room);
            }
        }
    }

    fn watch(&mut self, text: &str) {
        if let Some(resumed) = self.resume.as_mut().and_then(|resume| resume.hears(text)) {
            self.resume = None;
            self.story.resumed[usize::from(self.slow)].push(resumed);
        }
    }
}

/// Waits for texts. Says with which number the line ended, if it did. Without a line there is nothing to hear.
async fn hear(link: &mut Option<(Ear, Mouth)>, texts: &mut Vec<String>) -> Option<u16> {
    let Some((ear, _)) = link else { return std::future::pending().await };
    let mut closed = None;
    let stands = ear.hear(|came| match came {
        Came::Text(text) => texts.push(String::from_utf8_lossy(text).into_owned()),
        Came::Close(number) => closed = Some(number),
        Came::Other => {}
    });
    let stands = stands.await.unwrap_or(false);
    closed.or_else(|| (!stands).then_some(BROKEN))
}

async fn moment(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}
