//! A client in a task of its own, for bots.

use model::{Body, ClientKey, Posted, Room, RoomId, Seq};
use protocol::http::{History, JoinRoomBody};
use tokio::sync::{mpsc, oneshot};

use super::{
    Driver, Inbox, Server, Token, Trouble,
    clock::wall,
    news::{News, Teller},
};
use crate::{Client, Connection, Delivery, Effect, Input, Question};

/// News that wait to be taken; more wait where they are.
const NEWS_MAX: usize = 64;
/// Wishes that wait for the task.
const WISHES_MAX: usize = 64;

/// A hand on the client. Copies are hands on the same one; when the last is dropped, it says good-bye.
#[derive(Clone, Debug)]
pub struct Handle {
    server: Server,
    token: Token,
    wishes: mpsc::Sender<Wish>,
}

/// The way back to who asked.
type Answer<T> = oneshot::Sender<Result<T, Trouble>>;

/// What the task is asked for.
enum Wish {
    Rooms(oneshot::Sender<Vec<Room>>),
    Room(RoomId, Answer<()>),
    Post(RoomId, Body, Answer<Posted>),
    Typing(RoomId),
    Saw(RoomId, Seq),
    Close(oneshot::Sender<()>),
}

/// Connects, and returns when the server has said hello. As long as it cannot be reached it is tried again, with back-off; set a
/// time limit around this if that should end. After that a lost connection comes back by itself, and nothing is lost by it.
///
/// [`Trouble::SignedOut`], if the token is none; [`Trouble::Stopped`], if the server does not want this client.
pub async fn connect(server: Server, token: Token) -> Result<(Handle, Inbox), Trouble> {
    let mut driver = Driver::new(server.clone(), token.clone())?;
    driver.give(Input::Connect);
    loop {
        match driver.client().connection() {
            Connection::Online => break,
            Connection::Offline { .. } | Connection::Connecting { .. } => {}
            Connection::SignedOut | Connection::Stopped { .. } => return Err(end_of(driver.client())),
        }
        driver.turn().await;
    }
    let (wishes, asked) = mpsc::channel(WISHES_MAX);
    let (news, inbox) = mpsc::channel(NEWS_MAX);
    let talk = Talk { teller: Teller::new(driver.client()), driver, posts: Vec::new(), rooms: Vec::new() };
    tokio::spawn(talk.run(asked, news));
    Ok((Handle { server, token, wishes }, Inbox(inbox)))
}

impl Handle {
    /// The rooms that the account is in.
    pub async fn rooms(&self) -> Result<Vec<Room>, Trouble> {
        self.wish(Wish::Rooms).await
    }

    /// Enters the public room of this name, making it if nobody has, and returns when what is said there is told here.
    pub async fn join(&self, name: &str) -> Result<RoomId, Trouble> {
        let body = JoinRoomBody { name: name.to_owned() };
        let room: Room = self.server.post(&self.token, "rooms/join", &body).await?;
        self.wish(|answer| Wish::Room(room.id, answer)).await??;
        Ok(room.id)
    }

    /// Leaves a room.
    pub async fn leave(&self, room: RoomId) -> Result<(), Trouble> {
        self.server.delete(&self.token, &format!("rooms/{room}/members/me")).await
    }

    /// Says something, and returns when the server has it on its disk. What is said in one room is kept in that order. While
    /// the connection is away it waits, and goes out once when it is back; a hundred wait in one room, one more is refused as
    /// `busy`. Whoever stops waiting takes nothing back.
    pub async fn post(&self, room: RoomId, text: &str) -> Result<Posted, Trouble> {
        let text = Body::parse(text)?;
        self.wish(|answer| Wish::Post(room, text, answer)).await?
    }

    /// Tells the room that something is being written; worth repeating every few seconds.
    pub async fn typing(&self, room: RoomId) -> Result<(), Trouble> {
        self.wishes.send(Wish::Typing(room)).await.map_err(|_| Trouble::Closed)
    }

    /// Marks everything up to this place as read. Without it nothing ever is.
    pub async fn read(&self, room: RoomId, seq: Seq) -> Result<(), Trouble> {
        self.wishes.send(Wish::Saw(room, seq)).await.map_err(|_| Trouble::Closed)
    }

    /// A page of what was said before a place, or after it: at most 100 messages, the nearest to it.
    pub async fn history(&self, question: Question) -> Result<History, Trouble> {
        let Question { room, side } = question;
        let path = format!("rooms/{room}/messages?{side}&limit={}", model::limits::HISTORY_PAGE_MAX);
        self.server.get(&self.token, &path).await
    }

    /// Says good-bye to the server, and returns when that is done. What waits to be posted is not.
    pub async fn close(self) {
        let _ = self.wish(Wish::Close).await;
    }

    async fn wish<T>(&self, wish: impl FnOnce(oneshot::Sender<T>) -> Wish) -> Result<T, Trouble> {
        let (answer, answered) = oneshot::channel();
        self.wishes.send(wish(answer)).await.map_err(|_| Trouble::Closed)?;
        answered.await.map_err(|_| Trouble::Closed)
    }
}

/// The task.
struct Talk {
    driver: Driver,
    teller: Teller,
    /// Who waits for a message to be kept.
    posts: Vec<(RoomId, ClientKey, Answer<Posted>)>,
    /// Who waits for a room to be there.
    rooms: Vec<(RoomId, Answer<()>)>,
}

impl Talk {
    async fn run(mut self, mut asked: mpsc::Receiver<Wish>, news: mpsc::Sender<News>) {
        let mut closed = None;
        while !self.is_over(&news) {
            let has_news = !news.is_closed() && self.teller.has_news(self.driver.client());
            tokio::select! {
                effects = self.driver.turn() => self.heed(&effects),
                wish = asked.recv() => match wish {
                    Some(Wish::Close(answer)) => {
                        closed = Some(answer);
                        break;
                    }
                    Some(wish) => self.grant(wish),
                    None => break,
                },
                place = news.reserve(), if has_news => {
                    if let (Ok(place), Some(next)) = (place, self.teller.next(self.driver.client())) {
                        place.send(next);
                    }
                }
            }
        }
        self.driver.close().await;
        if let Some(closed) = closed {
            let _ = closed.send(());
        }
    }

    /// Whether the connection has ended for good, and that was told.
    fn is_over(&self, news: &mpsc::Sender<News>) -> bool {
        match self.driver.client().connection() {
            Connection::Offline { .. } | Connection::Connecting { .. } | Connection::Online => false,
            Connection::Stopped { .. } | Connection::SignedOut => {
                news.is_closed() || !self.teller.has_news(self.driver.client())
            }
        }
    }

    fn grant(&mut self, wish: Wish) {
        match wish {
            Wish::Rooms(answer) => {
                let _ = answer.send(self.driver.client().rooms().map(|room| room.info().clone()).collect());
            }
            Wish::Room(room, answer) => {
                self.rooms.push((room, answer));
                self.heed(&[]);
            }
            Wish::Post(room, text, answer) => self.post(room, text, answer),
            Wish::Typing(room) => {
                // What stands in a composer is told by a text that is never shown.
                let effects = self.driver.give(Input::Draft { room, text: "…".to_owned() });
                self.heed(&effects);
            }
            Wish::Saw(room, seq) => {
                let effects = self.driver.give(Input::Saw { room, seq });
                self.heed(&effects);
            }
            Wish::Close(_) => {}
        }
    }

    fn post(&mut self, room: RoomId, text: Body, answer: Answer<Posted>) {
        let said = Input::Post { room, text, files: Vec::new(), reply: None, at: wall() };
        let effects = self.driver.give(said);
        let key = effects.iter().find_map(|effect| {
            let Effect::Keep(unsent) = effect else { return None };
            (unsent.room == room).then(|| unsent.key.clone())
        });
        match key {
            Some(key) => self.posts.push((room, key, answer)),
            None => drop(answer.send(Err(Trouble::NotThere))),
        }
        self.heed(&effects);
    }

    /// Takes note of what changed, and answers those who waited for it.
    fn heed(&mut self, effects: &[Effect]) {
        for effect in effects {
            self.teller.note(self.driver.client(), effect);
        }
        let waiting = std::mem::take(&mut self.rooms);
        for (room, answer) in waiting {
            match self.driver.client().connection() {
                Connection::SignedOut | Connection::Stopped { .. } => {
                    drop(answer.send(Err(end_of(self.driver.client()))));
                }
                Connection::Offline { .. } | Connection::Connecting { .. } | Connection::Online => {
                    if self.driver.client().room(room).is_some() {
                        drop(answer.send(Ok(())));
                    } else {
                        self.rooms.push((room, answer));
                    }
                }
            }
        }
        let waiting = std::mem::take(&mut self.posts);
        for (room, key, answer) in waiting {
            match outcome(self.driver.client(), room, &key) {
                None => self.posts.push((room, key, answer)),
                Some(outcome) => {
                    if outcome.is_err() {
                        // It was told; nothing shows it, and nobody would try again.
                        self.driver.give(Input::Discard { room, key });
                    }
                    drop(answer.send(outcome));
                }
            }
        }
    }
}

/// What became of a message; nothing yet, if it waits.
fn outcome(client: &Client, id: RoomId, key: &ClientKey) -> Option<Result<Posted, Trouble>> {
    let Some(room) = client.room(id) else { return Some(Err(Trouble::NotThere)) };
    let posted = |seq, at| Some(Ok(Posted { room: id, key: key.clone(), seq, at }));
    if let Some(pending) = room.pending().find(|pending| pending.key == *key) {
        return match &pending.delivery {
            Delivery::Kept { seq } => posted(*seq, pending.at),
            Delivery::Failed { code, message } => Some(Err(Trouble::Refused { code: *code, message: message.clone() })),
            Delivery::Waiting | Delivery::UnderWay { .. } | Delivery::Delayed { .. } => match client.connection() {
                Connection::SignedOut | Connection::Stopped { .. } => Some(Err(end_of(client))),
                Connection::Offline { .. } | Connection::Connecting { .. } | Connection::Online => None,
            },
        };
    }
    let me = client.me().map(|me| me.person.id);
    let mut own = room.timeline().messages().rev().filter(|message| Some(message.said.author.id) == me);
    match own.find(|message| message.said.key == *key) {
        Some(message) => posted(message.seq, message.at),
        None => Some(Err(Trouble::NotThere)),
    }
}

/// Why a connection has ended for good.
fn end_of(client: &Client) -> Trouble {
    match client.connection() {
        Connection::Stopped { code } => Trouble::Stopped(code),
        Connection::SignedOut => Trouble::SignedOut,
        Connection::Offline { .. } | Connection::Connecting { .. } | Connection::Online => Trouble::Closed,
    }
}
