//! The engine, and hands: what it wants of the network is performed, and what comes of that is told to it.

use std::sync::Arc;

use model::limits::HISTORY_PAGE_MAX;
use protocol::{
    encode,
    http::{History, Members, RoomMarks, WhoAmI},
};
use tokio::{
    sync::{Semaphore, mpsc},
    task::JoinSet,
    time::sleep_until,
};

use super::{
    Server, Token, Trouble,
    clock::Clock,
    socket::{Heard, Socket},
};
use crate::{Client, Effect, Input, Question};

/// Frames and answers that wait to be taken. When there are as many, the socket is not read: the server sees that, and says when it
/// is too much.
const CAME_MAX: usize = 64;
/// Requests under way at once; the others wait for their turn.
const REQUESTS_MAX: usize = 4;
/// The number of a socket that was given up from here.
const LOST: u16 = 1006;

/// A client of one person on one server, with the hands that it needs. It does something only while [`turn`](Self::turn) is
/// awaited, and needs a runtime of tokio around it.
#[derive(Debug)]
pub struct Driver {
    client: Client,
    server: Server,
    token: Token,
    clock: Clock,
    socket: Option<Socket>,
    /// The number of that socket: what an older one still says is not heard.
    number: u64,
    came: mpsc::Receiver<Came>,
    tell: mpsc::Sender<Came>,
    asked: JoinSet<()>,
    turns: Arc<Semaphore>,
}

/// What came from outside.
pub(super) enum Came {
    /// From the socket of this number.
    Socket(u64, Heard),
    /// From a request.
    Answer(Box<Input>),
}

impl Driver {
    /// A client that knows nothing yet, and does nothing before it is given [`Input::Connect`].
    ///
    /// [`Trouble::Unreachable`], if the machine has no randomness.
    pub fn new(server: Server, token: Token) -> Result<Self, Trouble> {
        let random = || getrandom::u64().map_err(|error| Trouble::Unreachable(error.to_string()));
        let (tell, came) = mpsc::channel(CAME_MAX);
        Ok(Self {
            client: Client::new([random()?, random()?]),
            server,
            token,
            clock: Clock::new(),
            socket: None,
            number: 0,
            came,
            tell,
            asked: JoinSet::new(),
            turns: Arc::new(Semaphore::new(REQUESTS_MAX)),
        })
    }

    /// All that there is to see.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The server, for requests that the engine does not make.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// What proves who asks.
    #[must_use]
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// Tells the engine something and performs what it wants. Gives back what is not the network's: what changed, what the
    /// person is to be told, what could be kept on a disk. Uploads, which nobody begins here, come back, too.
    pub fn give(&mut self, input: Input) -> Vec<Effect> {
        while self.asked.try_join_next().is_some() {}
        let mut back = Vec::new();
        let mut given_up = false;
        for effect in self.client.step(self.clock.now_ms(), input) {
            match effect {
                Effect::Connect => self.dial(),
                Effect::Disconnect => self.hang_up(),
                Effect::Send(frame) => given_up |= self.socket.as_ref().is_some_and(|line| !line.send(encode(&frame))),
                Effect::CheckSession => self.check_session(),
                Effect::FetchHistory(question) => self.fetch_history(question),
                Effect::FetchMembers { room, after } => {
                    let from = after.map(|id| format!("?after={id}")).unwrap_or_default();
                    let came = move |page: Members| Input::MembersArrived { room, after, page };
                    self.fetch(format!("rooms/{room}/members{from}"), came, Some(Input::MembersFailed(room)));
                }
                Effect::FetchMarks(room) => {
                    let came = |page: RoomMarks| Input::MarksArrived(page);
                    self.fetch(format!("rooms/{room}/marks"), came, Some(Input::MarksFailed(room)));
                }
                Effect::Keep(_)
                | Effect::Forget(_)
                | Effect::KeepDraft { .. }
                | Effect::KeepHome(_)
                | Effect::Wipe
                | Effect::Upload { .. }
                | Effect::Notify { .. }
                | Effect::Withdraw(_)
                | Effect::SignedOut
                | Effect::Reveal { .. }
                | Effect::Tell(_)
                | Effect::Changed(_) => back.push(effect),
            }
        }
        if given_up {
            self.hang_up();
            back.extend(self.give(Input::SocketClosed { code: LOST }));
        }
        back
    }

    /// Waits for the next thing from outside (a frame, an answer, the time that the engine waits for), and tells it to the
    /// engine. Gives back what [`give`](Self::give) does. Whoever stops waiting loses nothing.
    pub async fn turn(&mut self) -> Vec<Effect> {
        loop {
            let wake = self.client.wake_at().and_then(|at_ms| self.clock.moment(at_ms));
            let came = tokio::select! {
                came = self.came.recv() => came,
                () = async { sleep_until(wake.unwrap_or_else(tokio::time::Instant::now)).await }, if wake.is_some() => None,
            };
            match came {
                None => return self.give(Input::Tick),
                Some(Came::Answer(input)) => return self.give(*input),
                Some(Came::Socket(number, heard)) if number == self.number => return self.heard(heard),
                Some(Came::Socket(..)) => {}
            }
        }
    }

    /// Says good-bye to the server, and waits until that is done, two seconds at most. Requests under way are dropped.
    pub async fn close(mut self) {
        if let Some(socket) = self.socket.take() {
            drop(self.came);
            socket.close().await;
        }
    }

    fn heard(&mut self, heard: Heard) -> Vec<Effect> {
        match heard {
            Heard::Frame(text) => self.give(Input::Frame(text)),
            Heard::Closed(code) => {
                self.hang_up();
                self.give(Input::SocketClosed { code })
            }
        }
    }

    fn dial(&mut self) {
        self.hang_up();
        let (server, token) = (self.server.clone(), self.token.clone());
        self.socket = Some(Socket::open(server, token, self.number, self.tell.clone()));
    }

    fn hang_up(&mut self) {
        self.number += 1;
        self.socket = None;
    }

    fn check_session(&mut self) {
        let (server, token) = (self.server.clone(), self.token.clone());
        self.ask(async move {
            let answer = server.get::<WhoAmI>(&token, "session").await;
            matches!(answer, Err(Trouble::SignedOut)).then_some(Input::SignedOut)
        });
    }

    fn fetch_history(&mut self, question: Question) {
        let Question { room, side } = question;
        let came = move |page: History| Input::HistoryArrived { question, page };
        let path = format!("rooms/{room}/messages?{side}&limit={HISTORY_PAGE_MAX}");
        self.fetch(path, came, Some(Input::HistoryFailed(question)));
    }

    /// Asks for a page, and tells the engine of it, or that it did not come.
    fn fetch<T: serde::de::DeserializeOwned + Send>(
        &mut self,
        path: String,
        came: impl FnOnce(T) -> Input + Send + 'static,
        failed: Option<Input>,
    ) {
        let (server, token) = (self.server.clone(), self.token.clone());
        self.ask(async move {
            match server.get(&token, &path).await {
                Ok(page) => Some(came(page)),
                Err(Trouble::SignedOut) => Some(Input::SignedOut),
                Err(_) => failed,
            }
        });
    }

    fn ask(&mut self, request: impl Future<Output = Option<Input>> + Send + 'static) {
        let (turns, tell) = (Arc::clone(&self.turns), self.tell.clone());
        self.asked.spawn(async move {
            let Ok(_turn) = turns.acquire_owned().await else { return };
            if let Some(input) = request.await {
                let _ = tell.send(Came::Answer(Box::new(input))).await;
            }
        });
    }
}
