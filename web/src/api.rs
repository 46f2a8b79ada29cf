//! What the app asks the server by request, in terms of rooms and people.

use client::{Input, Question};
use leptos::task::spawn_local;
use model::{
    Message, Person, Posted, PushId, Regard, Room, RoomId, RoomWish, Scheduled, Seq, Source, Timestamp, UserId,
    Visibility, limits::HISTORY_PAGE_MAX,
};
use protocol::http::{
    AddMemberBody, CreateRoomBody, CustomEmoji, CustomEmojis, Directory, DirectoryEntry, Edits, FoundMessages,
    Gathered, History, Invitation, JoinRoomBody, Members, NoticePrefsBody, OpenDirectBody, People, PersonCard, Pins,
    PostBody, ProfileBody, PushTried, Pushes, ReceiptsBody, RegardBody, RoomMarks, RoomPrefsBody, ScheduleBody,
    ScheduledMessages, SubscribeBody, Subscribed, TopicBody, WhoAmI,
};
use web_sys::AbortSignal;

use crate::{
    app::App,
    driver::fetch::{self, Nothing, Trouble},
};

const API: &str = "/api/v1";
/// Pages of a thread that are fetched to be shown by themselves.
const THREAD_PAGES_MAX: usize = 10;

impl App {
    pub(crate) fn fetch_history(self, question: Question) {
        spawn_local(async move {
            let Question { room, side } = question;
            let path = format!("{API}/rooms/{room}/messages?{side}&limit={HISTORY_PAGE_MAX}");
            match self.heed(fetch::get::<History>(&self.window(), &path).await) {
                Ok(page) => self.give(Input::HistoryArrived { question, page }),
                Err(_) => self.give(Input::HistoryFailed(question)),
            }
        });
    }

    pub(crate) fn fetch_members(self, room: RoomId, after: Option<UserId>) {
        spawn_local(async move {
            let from = after.map(|id| format!("?after={id}")).unwrap_or_default();
            let path = format!("{API}/rooms/{room}/members{from}");
            match self.heed(fetch::get::<Members>(&self.window(), &path).await) {
                Ok(page) => self.give(Input::MembersArrived { room, after, page }),
                Err(_) => self.give(Input::MembersFailed(room)),
            }
        });
    }

    pub(crate) fn fetch_marks(self, room: RoomId) {
        spawn_local(async move {
            match self.heed(fetch::get::<RoomMarks>(&self.window(), &format!("{API}/rooms/{room}/marks")).await) {
                Ok(page) => self.give(Input::MarksArrived(page)),
                Err(_) => self.give(Input::MarksFailed(room)),
            }
        });
    }

    /// The messages pinned to a room.
    pub(crate) async fn pins(self, room: RoomId) -> Result<Vec<Message>, Trouble> {
        let pins = self.heed(fetch::get::<Pins>(&self.window(), &format!("{API}/rooms/{room}/pins")).await);
        pins.map(|pins| pins.messages)
    }

    /// A page of what the person saved, or of what names them.
    pub(crate) async fn gathered(self, what: &str, cursor: Option<&str>) -> Result<Gathered, Trouble> {
        let cursor = cursor.map(|cursor| format!("?cursor={cursor}")).unwrap_or_default();
        self.heed(fetch::get(&self.window(), &format!("{API}/me/{what}{cursor}")).await)
    }

    /// Passes a message on. The same key again is the same write.
    pub(crate) async fn forward(self, to: RoomId, key: String, source: Source) -> Result<(), Trouble> {
        let body = PostBody { key, text: String::new(), files: Vec::new(), reply: None, forward: Some(source) };
        let posted: Posted =
            self.heed(fetch::post(&self.window(), &format!("{API}/rooms/{to}/messages"), &body).await)?;
        drop(posted);
        Ok(())
    }

    /// The first message in a room that is not older than this moment.
    pub(crate) async fn first_at(self, room: RoomId, at: Timestamp) -> Result<Option<Message>, Trouble> {
        let path = format!("{API}/rooms/{room}/messages?at={}&limit=1", at.as_ms());
        let page = self.heed(fetch::get::<History>(&self.window(), &path).await)?;
        Ok(page.messages.into_iter().next())
    }

    /// The first message of a thread and those that came last in it.
    pub(crate) async fn thread(self, room: RoomId, thread: Seq) -> Result<Vec<Message>, Trouble> {
        let mut all = Vec::new();
        let mut after = Seq::ZERO;
        // A thread that is longer than this is read in the room.
        for _ in 0..THREAD_PAGES_MAX {
            let path = format!("{API}/rooms/{room}/messages/{thread}/thread?after={after}");
            let page = self.heed(fetch::get::<History>(&self.window(), &path).await)?;
            after = page.messages.last().map_or(after, |last| last.seq);
            all.extend(page.messages);
            if !page.newer {
                break;
            }
        }
        Ok(all)
    }

    /// What a message said before, and until when.
    pub(crate) async fn former_texts(self, room: RoomId, seq: Seq) -> Result<Vec<(Timestamp, String)>, Trouble> {
        let path = format!("{API}/rooms/{room}/messages/{seq}/edits");
        let edits = self.heed(fetch::get::<Edits>(&self.window(), &path).await);
        edits.map(|edits| edits.texts.into_iter().map(|former| (former.until, former.text.into())).collect())
    }

    pub(crate) fn check_session(self) {
        spawn_local(async move {
            let _ = self.heed(fetch::get::<WhoAmI>(&self.window(), &format!("{API}/session")).await);
        });
    }

    pub(crate) async fn directory(self, name: &str) -> Result<Vec<DirectoryEntry>, Trouble> {
        let name = String::from(js_sys::encode_uri_component(name));
        let path = format!("{API}/rooms?q={name}");
        self.heed(fetch::get::<Directory>(&self.window(), &path).await).map(|directory| directory.rooms)
    }

    /// Messages that have these words, newest first; `cursor` says where the page before this one ended.
    pub(crate) async fn search(
        self,
        words: &str,
        cursor: Option<&str>,
        end: &AbortSignal,
    ) -> Result<FoundMessages, Trouble> {
        let words = String::from(js_sys::encode_uri_component(words));
        let cursor = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let offset_min = -js_sys::Date::new_0().get_timezone_offset();
        let path = format!("{API}/search?q={words}&offset_min={offset_min}{cursor}");
        self.heed(fetch::get_until(&self.window(), &path, end).await)
    }

    /// A page of those whose name begins so.
    pub(crate) async fn people(self, name: &str, after: Option<UserId>) -> Result<People, Trouble> {
        let name = String::from(js_sys::encode_uri_component(name));
        let after = after.map(|id| format!("&after={id}")).unwrap_or_default();
        self.heed(fetch::get(&self.window(), &format!("{API}/people?q={name}{after}")).await)
    }

    /// Somebody, as one may know them.
    pub(crate) async fn person(self, user: UserId) -> Result<PersonCard, Trouble> {
        self.heed(fetch::get(&self.window(), &format!("{API}/people/{user}")).await)
    }

    pub(crate) async fn set_profile(self, body: &ProfileBody) -> Result<(), Trouble> {
        self.heed(fetch::put(&self.window(), &format!("{API}/me/profile"), body).await)
    }

    /// The direct chat with these people; with nobody, the notes to oneself.
    pub(crate) async fn open_direct(self, people: Vec<UserId>) -> Result<Room, Trouble> {
        self.heed(fetch::post(&self.window(), &format!("{API}/directs"), &OpenDirectBody { people }).await)
    }

    /// The server's own emoji, by name.
    pub(crate) async fn custom_emoji(self) -> Result<Vec<CustomEmoji>, Trouble> {
        self.heed(fetch::get::<CustomEmojis>(&self.window(), &format!("{API}/emoji")).await).map(|all| all.emoji)
    }

    pub(crate) async fn remove_emoji(self, name: &str) -> Result<(), Trouble> {
        self.heed(fetch::delete(&self.window(), &format!("{API}/emoji/{name}")).await)
    }

    pub(crate) async fn remove_picture(self) -> Result<(), Trouble> {
        self.heed(fetch::delete(&self.window(), &format!("{API}/me/picture")).await)
    }

    pub(crate) async fn set_receipts(self, on: bool) -> Result<(), Trouble> {
        self.heed(fetch::put(&self.window(), &format!("{API}/me/receipts"), &ReceiptsBody { on }).await)
    }

    pub(crate) async fn set_room_prefs(self, room: RoomId, wish: RoomWish) -> Result<(), Trouble> {
        let RoomWish { notify, favourite } = wish;
        let body = RoomPrefsBody { notify, favourite };
        self.heed(fetch::put(&self.window(), &format!("{API}/rooms/{room}/prefs"), &body).await)
    }

    pub(crate) async fn set_regard(self, user: UserId, regard: Regard) -> Result<(), Trouble> {
        self.heed(fetch::put(&self.window(), &format!("{API}/people/{user}/regard"), &RegardBody { regard }).await)
    }

    pub(crate) async fn set_topic(self, room: RoomId, topic: String) -> Result<(), Trouble> {
        self.heed(fetch::put(&self.window(), &format!("{API}/rooms/{room}/topic"), &TopicBody { topic }).await)
    }

    /// Opens the direct chat with somebody who is known by name.
    pub(crate) async fn open_direct_with(self, name: &str) -> Result<(), Trouble> {
        let folded = name.to_lowercase();
        let found = self.people(name, None).await?.people.into_iter().map(|entry| entry.person);
        let person = found.into_iter().find(|person| person.name.as_str().to_lowercase() == folded);
        match person {
            Some(person) => {
                let room = self.open_direct(vec![person.id]).await?;
                self.go(Some(room.id));
            }
            None => self.tell(format!("Nobody here is called {name}.")),
        }
        Ok(())
    }

    /// What the person wants to be said later.
    pub(crate) async fn scheduled(self) -> Result<Vec<Scheduled>, Trouble> {
        let all = self.heed(fetch::get::<ScheduledMessages>(&self.window(), &format!("{API}/me/scheduled")).await);
        all.map(|all| all.scheduled)
    }

    /// Has something said later; `remind`: and is told then that it was.
    pub(crate) async fn schedule(
        self,
        room: RoomId,
        (key, text): (String, String),
        (at, remind): (Timestamp, bool),
    ) -> Result<(), Trouble> {
        let body = ScheduleBody { text, at, remind };
        self.heed(fetch::put(&self.window(), &format!("{API}/rooms/{room}/scheduled/{key}"), &body).await)
    }

    pub(crate) async fn cancel_scheduled(self, key: &str) -> Result<(), Trouble> {
        self.heed(fetch::delete(&self.window(), &format!("{API}/me/scheduled/{key}")).await)
    }

    /// What is pushed to whom, and whether it arrives.
    pub(crate) async fn pushes(self) -> Result<Pushes, Trouble> {
        self.heed(fetch::get(&self.window(), &format!("{API}/push")).await)
    }

    pub(crate) async fn subscribe(self, body: &SubscribeBody) -> Result<Subscribed, Trouble> {
        self.heed(fetch::post(&self.window(), &format!("{API}/push/devices"), body).await)
    }

    pub(crate) async fn unsubscribe(self, device: PushId) -> Result<(), Trouble> {
        self.heed(fetch::delete(&self.window(), &format!("{API}/push/devices/{device}")).await)
    }

    pub(crate) async fn test_push(self, device: PushId) -> Result<PushTried, Trouble> {
        self.heed(fetch::post(&self.window(), &format!("{API}/push/devices/{device}/test"), &Nothing {}).await)
    }

    pub(crate) async fn set_notices(self, body: &NoticePrefsBody) -> Result<(), Trouble> {
        self.heed(fetch::put(&self.window(), &format!("{API}/me/notices"), body).await)
    }

    pub(crate) async fn join_room(self, name: String) -> Result<Room, Trouble> {
        self.heed(fetch::post(&self.window(), &format!("{API}/rooms/join"), &JoinRoomBody { name }).await)
    }

    pub(crate) async fn create_private_room(self, name: String) -> Result<Room, Trouble> {
        let body = CreateRoomBody { name, visibility: Visibility::Private };
        self.heed(fetch::post(&self.window(), &format!("{API}/rooms"), &body).await)
    }

    pub(crate) async fn leave_room(self, room: RoomId) -> Result<(), Trouble> {
        self.heed(fetch::delete(&self.window(), &format!("{API}/rooms/{room}/members/me")).await)
    }

    pub(crate) async fn add_member(self, room: RoomId, username: String) -> Result<Person, Trouble> {
        let path = format!("{API}/rooms/{room}/members");
        self.heed(fetch::post(&self.window(), &path, &AddMemberBody { username }).await)
    }

    pub(crate) async fn invite(self) -> Result<Invitation, Trouble> {
        self.heed(fetch::post(&self.window(), &format!("{API}/invitations"), &Nothing {}).await)
    }

    /// Passes an answer on, after telling the engine if it was that the session is over.
    pub(crate) fn heed<T>(self, answer: Result<T, Trouble>) -> Result<T, Trouble> {
        if matches!(answer, Err(Trouble::SignedOut)) {
            self.give(Input::SignedOut);
        }
        answer
    }
}
