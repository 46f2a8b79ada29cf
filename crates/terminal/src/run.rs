//! The loop: keys, the network and signals come in, the engine and the desk change, the screen is drawn.

use std::{fmt::Write as _, io, thread, time::Duration};

use anyhow::bail;
use client::{
    Connection, Effect, Input,
    driver::{Driver, Server, Token, Trouble, wall},
};
use futures_util::FutureExt as _;
use jiff::{Timestamp, tz::TimeZone};
use model::{Room, RoomId};
use protocol::http::{JoinRoomBody, OpenDirectBody, People};
use ratatui::crossterm::event::{self, Event};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::mpsc,
    time::Instant,
};

use crate::{
    composer::Edit,
    desk::{Desk, Key, Wish},
    screen::Screen,
    text,
    view::view,
};

/// Keys that wait to be taken.
const KEYS_MAX: usize = 64;
/// Answers to what the person asked for that wait to be taken.
const ANSWERS_MAX: usize = 16;
/// Frames that are taken before the screen is drawn again.
const BURST_MAX: usize = 64;
/// How often the thread that reads keys looks whether it is still wanted.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Time between two rings: several rooms may have news at once.
const RING_EVERY: Duration = Duration::from_secs(1);

/// What a request of the person came to.
enum Answer {
    /// They are in this room, or will be as soon as the server says so.
    Went(RoomId),
    /// They are to be told this.
    Told(String),
    /// The session is over.
    SignedOut,
}

struct Run {
    driver: Driver,
    desk: Desk,
    answers: mpsc::Sender<Answer>,
    rang: Option<Instant>,
    over: bool,
}

/// Runs until the person goes, or the session is over.
pub(crate) async fn run(driver: Driver) -> anyhow::Result<()> {
    let mut ends = [signal(SignalKind::terminate())?, signal(SignalKind::hangup())?];
    let (answers, mut answered) = mpsc::channel(ANSWERS_MAX);
    let mut screen = Screen::take()?;
    let size = ratatui::crossterm::terminal::size()?;
    let mut run = Run { driver, desk: Desk::new(size, TimeZone::system()), answers, rang: None, over: false };
    let mut keys = read_keys();
    run.give(Input::Focus(true))?;
    run.give(Input::Connect)?;
    while !run.over {
        run.follow()?;
        let size = screen.draw(|frame| view(frame, run.driver.client(), &run.desk))?;
        run.desk.size = size;
        let [term, hang_up] = &mut ends;
        tokio::select! {
            effects = run.driver.turn() => {
                run.heed(effects)?;
                // A burst is drawn once.
                for _ in 0..BURST_MAX {
                    let Some(effects) = run.driver.turn().now_or_never() else { break };
                    run.heed(effects)?;
                }
            }
            event = keys.recv() => match event {
                Some(event) => run.hear(event?)?,
                None => run.over = true,
            },
            answer = answered.recv() => if let Some(answer) = answer {
                run.answered(answer)?;
            },
            _ = term.recv() => run.over = true,
            _ = hang_up.recv() => run.over = true,
        }
    }
    drop(screen);
    let state = run.driver.client().connection();
    run.driver.close().await;
    if state == Connection::SignedOut {
        bail!(Trouble::SignedOut);
    }
    Ok(())
}

/// What comes from the keyboard, read by a thread that ends when nobody wants it any more.
fn read_keys() -> mpsc::Receiver<io::Result<Event>> {
    let (tell, keys) = mpsc::channel(KEYS_MAX);
    thread::spawn(move || {
        while !tell.is_closed() {
            let event = match event::poll(LOOK_EVERY) {
                Ok(false) => continue,
                Ok(true) => event::read(),
                Err(error) => Err(error),
            };
            let failed = event.is_err();
            if tell.blocking_send(event).is_err() || failed {
                return;
            }
        }
    });
    keys
}

impl Run {
    fn give(&mut self, input: Input) -> io::Result<()> {
        let effects = self.driver.give(input);
        self.heed(effects)
    }

    fn heed(&mut self, effects: Vec<Effect>) -> io::Result<()> {
        for effect in effects {
            match effect {
                Effect::Notify { .. } => self.ring()?,
                Effect::SignedOut => self.over = true,
                Effect::Tell(words) => self.desk.tell(&words),
                // The screen is drawn from the engine after each turn; and nothing is kept on a disk.
                Effect::Changed(_)
                | Effect::Reveal { .. }
                | Effect::Withdraw(_)
                | Effect::Keep(_)
                | Effect::Forget(_)
                | Effect::KeepDraft { .. }
                | Effect::KeepHome(_)
                | Effect::Wipe
                | Effect::Upload { .. }
                | Effect::Connect
                | Effect::Disconnect
                | Effect::Send(_)
                | Effect::CheckSession
                | Effect::FetchHistory(_)
                | Effect::FetchMembers { .. }
                | Effect::FetchMarks(_) => {}
            }
        }
        Ok(())
    }

    fn follow(&mut self) -> io::Result<()> {
        let wishes = self.desk.follow(self.driver.client());
        self.grant(wishes)
    }

    fn hear(&mut self, event: Event) -> io::Result<()> {
        let key = match event {
            Event::Key(event) => Key::of(event),
            Event::Paste(words) => {
                let words = words.replace("\r\n", "\n").replace('\r', "\n");
                Some(Key::Edit(Edit::Insert(text::clean(&words).into_owned())))
            }
            Event::Resize(columns, rows) => {
                self.desk.size = (columns, rows);
                None
            }
            Event::FocusGained => return self.focus(true),
            Event::FocusLost => return self.focus(false),
            Event::Mouse(_) => None,
        };
        let Some(key) = key else { return Ok(()) };
        let wishes = self.desk.press(key, self.driver.client(), wall());
        self.grant(wishes)
    }

    fn focus(&mut self, focused: bool) -> io::Result<()> {
        self.desk.focused = focused;
        self.give(Input::Focus(focused))
    }

    fn grant(&mut self, wishes: Vec<Wish>) -> io::Result<()> {
        for wish in wishes {
            match wish {
                Wish::Give(input) => self.give(input)?,
                Wish::Join(name) => self.ask(|server, token| join(server, token, name)),
                Wish::Direct(name) => self.ask(|server, token| direct(server, token, name)),
                Wish::Leave(room) => self.ask(|server, token| leave(server, token, room)),
                Wish::Quit => self.over = true,
            }
        }
        Ok(())
    }

    /// Asks the server for something that the person wants.
    fn ask<F: Future<Output = Result<Answer, Trouble>> + Send + 'static>(
        &self,
        request: impl FnOnce(Server, Token) -> F,
    ) {
        let request = request(self.driver.server().clone(), self.driver.token().clone());
        let answers = self.answers.clone();
        tokio::spawn(async move {
            let answer = request.await.unwrap_or_else(|trouble| {
                if trouble == Trouble::SignedOut { Answer::SignedOut } else { Answer::Told(trouble.to_string()) }
            });
            let _ = answers.send(answer).await;
        });
    }

    fn answered(&mut self, answer: Answer) -> io::Result<()> {
        match answer {
            Answer::Went(room) => {
                let wishes = self.desk.go(self.driver.client(), room);
                self.grant(wishes)
            }
            Answer::Told(words) => {
                self.desk.tell(&words);
                Ok(())
            }
            Answer::SignedOut => self.give(Input::SignedOut),
        }
    }

    /// Rings, unless it is a time at which the person wants quiet.
    fn ring(&mut self) -> io::Result<()> {
        let quiet = self.driver.client().me().and_then(|me| me.notices.quiet.as_ref());
        let minute = |zone: &str| {
            let now = Timestamp::from_millisecond(wall().as_ms()).ok()?.in_tz(zone).ok()?;
            u16::try_from(i32::from(now.hour()) * 60 + i32::from(now.minute())).ok()
        };
        let is_quiet = quiet.is_some_and(|quiet| minute(quiet.time_zone.as_str()).is_some_and(|now| quiet.covers(now)));
        if is_quiet || self.rang.is_some_and(|rang| rang.elapsed() < RING_EVERY) {
            return Ok(());
        }
        self.rang = Some(Instant::now());
        Screen::ring()
    }
}

async fn join(server: Server, token: Token, name: String) -> Result<Answer, Trouble> {
    let room: Room = server.post(&token, "rooms/join", &JoinRoomBody { name }).await?;
    Ok(Answer::Went(room.id))
}

async fn direct(server: Server, token: Token, name: String) -> Result<Answer, Trouble> {
    let folded = name.to_lowercase();
    // A name has no characters that an address could not have; what else was typed is nobody's.
    if !folded.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-')) {
        return Ok(Answer::Told(format!("Nobody here is called {name}.")));
    }
    let found: People = server.get(&token, &format!("people?q={}", percent(&folded))).await?;
    let mut people = found.people.into_iter().map(|entry| entry.person);
    let Some(person) = people.find(|person| person.name.as_str().to_lowercase() == folded) else {
        return Ok(Answer::Told(format!("Nobody here is called {name}.")));
    };
    let room: Room = server.post(&token, "directs", &OpenDirectBody { people: vec![person.id] }).await?;
    Ok(Answer::Went(room.id))
}

async fn leave(server: Server, token: Token, room: RoomId) -> Result<Answer, Trouble> {
    server.delete(&token, &format!("rooms/{room}/members/me")).await?;
    Ok(Answer::Told("You left the room.".to_owned()))
}

/// A word as it stands in an address.
fn percent(word: &str) -> String {
    word.bytes().fold(String::new(), |mut written, byte| {
        let _ = write!(written, "%{byte:02X}");
        written
    })
}
