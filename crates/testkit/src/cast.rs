//! The people of the scenarios: *alice*, *bob*, *carol* and *mallory*, each with an account on a running server.
//!
//! They speak HTTP and WebSocket as PROTOCOL.md tells it, to whatever listens at an address: a house inside the test, or the
//! real program. Everything here panics when the server does not answer, or answers too late.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    reason = "whatever goes wrong here fails the test that asked"
)]

mod files;
mod line;
mod visitor;
mod way;

use model::{MemberMarks, Notify, Person, Posted, Regard, Room, RoomId, Seq};
use protocol::{
    Code, encode,
    http::{History, People, Problem, RoomMarks, SignedIn},
};
use serde::{Serialize, de::DeserializeOwned};

pub use files::Fetched;
pub use line::{Gone, Line};
pub use visitor::{Visitor, envelope};

/// The password of everyone in the cast.
pub const PASSWORD: &str = "two stones struck together";

/// Somebody with an account, and a session of it.
#[derive(Clone, Debug)]
pub struct Guest {
    /// Who.
    pub person: Person,
    /// The session's secret.
    pub token: String,
    base: String,
}

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub text: String,
    headers: Vec<(String, String)>,
}

impl Guest {
    /// Makes an account of this name on the server at `base`, such as `http://127.0.0.1:8000`.
    pub fn signs_up(base: &str, name: &str) -> Self {
        Self::enters(base, "accounts", name, &[])
    }

    /// The same, from this address of the network, for a server that believes its proxy: accounts made at one address have a pace.
    pub fn signs_up_from(address: &str, base: &str, name: &str) -> Self {
        Self::enters(base, "accounts", name, &[("x-forwarded-for", address)])
    }

    /// Logs in to an account that was made before.
    pub fn logs_in(base: &str, name: &str) -> Self {
        Self::enters(base, "session", name, &[])
    }

    /// A program with a token that somebody made for it.
    pub fn with_token(base: &str, person: Person, token: &str) -> Self {
        Self { person, token: token.to_owned(), base: base.to_owned() }
    }

    fn enters(base: &str, door: &str, name: &str, headers: &[(&str, &str)]) -> Self {
        let body = format!(r#"{{"username":"{name}","password":"{PASSWORD}"}}"#);
        let signed_in: SignedIn =
            send("POST", &format!("{base}/api/v1/{door}"), &[&[JSON], headers].concat(), Some(&body)).value();
        Self { person: signed_in.you, token: signed_in.token, base: base.to_owned() }
    }

    /// Asks `GET /api/v1/{path}`.
    #[must_use]
    pub fn gets(&self, path: &str) -> Answer {
        self.asks("GET", path, None)
    }

    /// Sends a value to `/api/v1/{path}`.
    pub fn sends<T: Serialize>(&self, method: &str, path: &str, value: &T) -> Answer {
        self.asks(method, path, Some(&encode(value)))
    }

    /// Sends a text, which may be anything, to `/api/v1/{path}`.
    pub fn asks(&self, method: &str, path: &str, body: Option<&str>) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        send(method, &format!("{}/api/v1/{path}", self.base), &[JSON, ("authorization", &bearer)], body)
    }

    /// Enters the public room of this name, making it if nobody has.
    pub fn joins(&self, room: &str) -> RoomId {
        let joined: Room = self.sends("POST", "rooms/join", &serde_json::json!({ "name": room })).value();
        joined.id
    }

    /// Makes a private room.
    pub fn makes_private(&self, room: &str) -> RoomId {
        let body = serde_json::json!({ "name": room, "visibility": "private" });
        self.sends("POST", "rooms", &body).value::<Room>().id
    }

    /// Opens the direct chat with these people.
    pub fn opens_direct(&self, with: &[&Self]) -> Room {
        let people: Vec<_> = with.iter().map(|guest| guest.person.id).collect();
        self.sends("POST", "directs", &serde_json::json!({ "people": people })).value()
    }

    /// Says by HTTP how far they have read.
    pub fn has_read(&self, room: RoomId, read: Seq) -> Answer {
        self.sends("PUT", &format!("rooms/{room}/marks"), &serde_json::json!({ "read": read }))
    }

    /// How far the others in a room have come.
    #[must_use]
    pub fn asks_marks(&self, room: RoomId) -> Vec<MemberMarks> {
        self.gets(&format!("rooms/{room}/marks")).value::<RoomMarks>().marks
    }

    /// Turns receipts on or off.
    pub fn sets_receipts(&self, on: bool) {
        assert_eq!(self.sends("PUT", "me/receipts", &serde_json::json!({ "on": on })).status, 204);
    }

    /// Says of which messages in a room they want to be told at once.
    pub fn wants_of(&self, room: RoomId, notify: Notify) {
        let path = format!("rooms/{room}/prefs");
        assert_eq!(self.sends("PUT", &path, &serde_json::json!({ "notify": notify })).status, 204);
    }

    /// Says how they regard somebody.
    pub fn regards(&self, whom: &Self, regard: Regard) {
        let path = format!("people/{}/regard", whom.person.id);
        assert_eq!(self.sends("PUT", &path, &serde_json::json!({ "regard": regard })).status, 204);
    }

    /// The people whose name begins like this.
    #[must_use]
    pub fn finds_people(&self, beginning: &str) -> People {
        self.gets(&format!("people?q={beginning}")).value()
    }

    /// Leaves a room.
    pub fn leaves(&self, room: RoomId) -> Answer {
        self.asks("DELETE", &format!("rooms/{room}/members/me"), None)
    }

    /// Answers a message, by a request.
    pub fn answers(&self, room: RoomId, key: &str, text: &str, to: Seq) -> Result<Posted, Code> {
        let body = serde_json::json!({ "key": key, "text": text, "reply": to });
        let answer = self.sends("POST", &format!("rooms/{room}/messages"), &body);
        if answer.status == 200 { Ok(answer.value()) } else { Err(answer.code()) }
    }

    /// Posts by HTTP.
    pub fn posts(&self, room: RoomId, key: &str, text: &str) -> Result<Posted, Code> {
        let answer =
            self.sends("POST", &format!("rooms/{room}/messages"), &serde_json::json!({ "key": key, "text": text }));
        if answer.status == 200 { Ok(answer.value()) } else { Err(answer.code()) }
    }

    /// The newest page of a room's history.
    #[must_use]
    pub fn reads(&self, room: RoomId) -> History {
        self.gets(&format!("rooms/{room}/messages")).value()
    }

    /// Every message of a room, oldest first, by as many pages as it takes.
    #[must_use]
    pub fn reads_all(&self, room: RoomId) -> Vec<model::Message> {
        let mut all = Vec::new();
        let mut page = self.reads(room);
        loop {
            all.splice(0..0, page.messages.clone());
            if !page.older {
                return all;
            }
            let before = page.messages[0].seq;
            page = self.gets(&format!("rooms/{room}/messages?before={before}")).value();
        }
    }

    /// Opens a socket and hears its hello.
    #[must_use]
    pub fn connects(&self) -> Line {
        let bearer = format!("Bearer {}", self.token);
        Line::open(&self.base, &[("authorization", &bearer)]).expect("the socket opens").greeted()
    }
}

impl Answer {
    /// The body as a value.
    #[must_use]
    pub fn value<T: DeserializeOwned>(&self) -> T {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text);
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }

    /// The code of a refusal.
    #[must_use]
    pub fn code(&self) -> Code {
        let problem: Problem =
            serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {} {}", self.status, self.text));
        problem.error.code
    }

    /// A header, if there is one.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Says that a body is JSON.
pub const JSON: (&str, &str) = ("content-type", "application/json");

/// Sends any request, and does not follow redirections.
pub fn send(method: &str, url: &str, headers: &[(&str, &str)], body: Option<&str>) -> Answer {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(line::PATIENCE))
        .allow_non_standard_methods(true)
        .build()
        .into();
    let mut request = ureq::http::Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(body.unwrap_or("").to_owned()).expect("a request");
    let mut response = agent.run(request).unwrap_or_else(|e| panic!("{method} {url}: {e}"));
    let pairs =
        response.headers().iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("").to_owned()));
    let headers = pairs.collect();
    let status = response.status().as_u16();
    Answer { status, text: response.body_mut().read_to_string().expect("a body of text"), headers }
}
