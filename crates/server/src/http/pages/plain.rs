//! Rooms without a script: a list, a room, forms. For browsers that have no WebAssembly, or no pictures even.
//!
//! Whoever sends a form proves that they have it from here by a token in it: such browsers do not say where a form comes from. The
//! token is made of the session's secret, so nobody else's page can know it.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use model::{
    CloseSession, JoinRoom, LeaveRoom, Marks, Message, Person, Refusal, Room, RoomId, RoomName, Seq, Session,
    Visibility,
};
use protocol::{Code, Refused, http::History};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::templates::{Page, PlainForm, PlainRoom, PlainRooms};
use crate::{
    Failure, House, Secret,
    command::join_by_name,
    failure,
    http::{
        Caller, Token,
        body::{Form, Parameters},
        cookie,
        path::Named,
    },
    mark,
    post::{self, Wish},
    query::{self, From, Standing},
    random,
};

/// Messages on a page.
const SHOWN: usize = 50;
/// How often a page that follows a room is loaded again, in seconds.
const FOLLOWS_S: &str = "1";
/// Links of a message that are offered below it.
const LINKS_MAX: usize = 5;

/// A form that only says yes.
#[derive(Deserialize)]
pub(crate) struct Yes {
    token: String,
}

/// The form that leads into a room by its name.
#[derive(Deserialize)]
pub(crate) struct JoinForm {
    token: String,
    name: String,
}

/// The form that says something.
#[derive(Deserialize)]
pub(crate) struct SayForm {
    token: String,
    key: String,
    text: String,
}

/// Which page of the room.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    before: Option<Seq>,
}

/// A message, as the page shows it.
pub(super) struct Line {
    pub(super) seq: Seq,
    pub(super) author: String,
    /// For programs, and for people.
    pub(super) moment: String,
    pub(super) time: String,
    pub(super) text: String,
    pub(super) deleted: bool,
    pub(super) edited: bool,
    /// Whom it answers, and how that began.
    pub(super) answers: Option<(String, String)>,
    /// Addresses and names of its files.
    pub(super) files: Vec<(String, String)>,
    pub(super) links: Vec<String>,
    pub(super) reactions: Vec<(String, usize)>,
}

/// A room in a list.
pub(super) struct Listed {
    pub(super) id: RoomId,
    pub(super) title: String,
    pub(super) about: String,
}

/// `GET /plain`: the list of rooms is a folder.
pub(crate) async fn to_plain() -> Redirect {
    Redirect::permanent("/plain/")
}

/// `GET /plain/`
pub(crate) async fn show_rooms(
    State(house): State<Arc<House>>,
    caller: Caller,
    token: Token,
) -> Result<Response, Failure> {
    rooms_page(&house, &caller.session, &token, String::new(), None).await
}

/// `POST /plain/join`: by its name; a name that no room has makes one.
pub(crate) async fn join_by_form(
    State(house): State<Arc<House>>,
    caller: Caller,
    token: Token,
    Form(form): Form<JoinForm>,
) -> Result<Response, Failure> {
    check(&token, &form.token)?;
    let joined = async {
        let name = RoomName::parse(&form.name).map_err(Refusal::from)?;
        house.paces.act(caller.session.person.id)?;
        join_by_name(&house, caller.actor(), name).await
    };
    match joined.await {
        Ok(room) => Ok(Redirect::to(&format!("/plain/rooms/{}", room.id)).into_response()),
        Err(Failure::Refused(refusal)) => {
            rooms_page(&house, &caller.session, &token, form.name, Some(refusal.into())).await
        }
        Err(failure) => Err(failure),
    }
}

/// `GET /plain/rooms/{room}?before=`
pub(crate) async fn show_room(
    State(house): State<Arc<House>>,
    caller: Caller,
    token: Token,
    Named(room): Named<RoomId>,
    Parameters(Wanted { before }): Parameters<Wanted>,
) -> Result<Response, Failure> {
    let from = before.map_or(From::Newest, From::Before);
    room_page(&house, &caller.session, &token, (room, from), None).await
}

/// `GET /plain/rooms/{room}/follow`: the newest messages, loaded again by themselves.
pub(crate) async fn follow_room(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(room): Named<RoomId>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let standing = query::standing(&house, caller.session.clone(), room).await?;
    let tag = format!("\"{}-{}-{}\"", house.store.epoch().as_str(), caller.session.person.id, standing.head);
    let same = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()) == Some(tag.as_str());
    let mut answer = if same {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let history = query::history(&house, caller.session.clone(), room, From::Newest, SHOWN).await?;
        read_up_to(&house, &caller.session, room, &history).await;
        let page = PlainRoom { follows: true, ..page_of(&house, &caller.session, standing, Some(history)) };
        Html(page.render()?).into_response()
    };
    let headers = answer.headers_mut();
    headers.insert(header::REFRESH, HeaderValue::from_static(FOLLOWS_S));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.extend(HeaderValue::from_str(&tag).ok().map(|tag| (header::ETAG, tag)));
    Ok(answer)
}

/// `POST /plain/rooms/{room}/messages`
pub(crate) async fn say_by_form(
    State(house): State<Arc<House>>,
    caller: Caller,
    token: Token,
    Named(room): Named<RoomId>,
    Form(form): Form<SayForm>,
) -> Result<Response, Failure> {
    check(&token, &form.token)?;
    // Browsers send line breaks of forms as two characters.
    let text = form.text.replace("\r\n", "\n");
    let wish = Wish { key: &form.key, text: &text, files: &[], reply: None, forward: None };
    match post::post(&house, &caller.session, room, wish).await {
        Ok(_) => Ok(Redirect::to(&format!("/plain/rooms/{room}#end")).into_response()),
        Err(Failure::Refused(refusal)) if refusal != Refusal::NotFound => {
            let again = (text, Refused::from(refusal));
            room_page(&house, &caller.session, &token, (room, From::Newest), Some(again)).await
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /plain/rooms/{room}/join`
pub(crate) async fn join_room_by_form(
    State(house): State<Arc<House>>,
    caller: Caller,
    token: Token,
    Named(room): Named<RoomId>,
    Form(form): Form<Yes>,
) -> Result<Redirect, Failure> {
    check(&token, &form.token)?;
    house.paces.act(caller.session.person.id)?;
    house.execute(caller.actor(), JoinRoom { room }).await?;
    Ok(Redirect::to(&format!("/plain/rooms/{room}")))
}

/// `POST /plain/rooms/{room}/leave`
pub(crate) async fn leave_room_by_form(
    State(house): State<Arc<House>>,
    caller: Caller,
    token: Token,
    Named(room): Named<RoomId>,
    Form(form): Form<Yes>,
) -> Result<Redirect, Failure> {
    check(&token, &form.token)?;
    house.paces.act(caller.session.person.id)?;
    house.execute(caller.actor(), LeaveRoom { room }).await?;
    Ok(Redirect::to("/plain/"))
}

/// `POST /plain/logout`
pub(crate) async fn log_out_by_form(
    State(house): State<Arc<House>>,
    caller: Caller,
    token: Token,
    Form(form): Form<Yes>,
) -> Result<Response, Failure> {
    check(&token, &form.token)?;
    house.execute(caller.actor(), CloseSession).await?;
    let mut response = Redirect::to("/login").into_response();
    response
        .headers_mut()
        .extend(cookie::forget(house.settings.public.as_ref()).map(|value| (header::SET_COOKIE, value)));
    Ok(response)
}

/// What stands in the forms of this session's pages: it says nothing of the session's secret, and nobody else can make it.
fn form_token(secret: &Secret) -> String {
    random::hex(&Sha256::digest(format!("a form of {}", secret.reveal())))
}

/// A form that is not from here is not taken.
fn check(Token(secret): &Token, shown: &str) -> Result<(), Failure> {
    // Compared as hashes, so that the time it takes says nothing.
    let same = Secret::shown(shown).hash() == Secret::shown(&form_token(secret)).hash();
    if same { Ok(()) } else { Err(Failure::Door(Code::ForeignOrigin)) }
}

async fn rooms_page(
    house: &House,
    session: &Session,
    Token(secret): &Token,
    name: String,
    refused: Option<Refused>,
) -> Result<Response, Failure> {
    let me = &session.person;
    let own = query::hello(house, me.id).await?.rooms.into_iter().map(|head| Listed {
        id: head.room.id,
        about: if head.unread > 0 { format!("{} unread", head.unread) } else { String::new() },
        title: title(&head.room, me),
    });
    let directory = query::directory(house, session, "").await?.rooms.into_iter().filter(|entry| !entry.joined);
    let others = directory.map(|entry| Listed {
        id: entry.room.id,
        about: if entry.members == 1 { "1 member".to_owned() } else { format!("{} members", entry.members) },
        title: title(&entry.room, me),
    });
    let page = PlainRooms {
        page: Page::of(house),
        me: me.called(),
        token: form_token(secret),
        own: own.collect(),
        others: others.collect(),
        name,
        error: refused.as_ref().map(|refused| refused.message.clone()),
    };
    let mut answer = Html(page.render()?).into_response();
    if let Some(refused) = refused {
        failure::mark(&mut answer, &refused);
    }
    Ok(answer)
}

async fn room_page(
    house: &House,
    session: &Session,
    Token(secret): &Token,
    (room, from): (RoomId, From),
    again: Option<(String, Refused)>,
) -> Result<Response, Failure> {
    let standing = query::standing(house, session.clone(), room).await?;
    let history =
        if standing.member { Some(query::history(house, session.clone(), room, from, SHOWN).await?) } else { None };
    if let (From::Newest, Some(history)) = (from, &history) {
        read_up_to(house, session, room, history).await;
    }
    let form = PlainForm {
        token: form_token(secret),
        // The same form sent twice is one message.
        key: format!("{:032x}", random::number()?),
        member: standing.member,
        text: again.as_ref().map(|(text, _)| text.clone()).unwrap_or_default(),
        error: again.as_ref().map(|(_, refused)| refused.message.clone()),
    };
    let page = PlainRoom { form: Some(form), ..page_of(house, session, standing, history) };
    let mut answer = Html(page.render()?).into_response();
    if let Some((_, refused)) = again {
        failure::mark(&mut answer, &refused);
    }
    Ok(answer)
}

fn page_of<'a>(house: &'a House, session: &Session, standing: Standing, history: Option<History>) -> PlainRoom<'a> {
    let room = standing.room;
    let (messages, older, newer) =
        history.map_or((Vec::new(), false, false), |page| (page.messages, page.older, page.newer));
    PlainRoom {
        page: Page::of(house),
        id: room.id,
        title: title(&room, &session.person),
        topic: room.topic.as_ref().map(|topic| topic.as_str().to_owned()).unwrap_or_default(),
        newer,
        is_silent: standing.member && messages.is_empty(),
        older: messages.first().filter(|_| older).map(|first| first.seq),
        lines: messages.iter().map(line).collect(),
        follows: false,
        form: None,
    }
}

/// What is on the page has been read.
async fn read_up_to(house: &House, session: &Session, room: RoomId, history: &History) {
    if let Some(last) = history.messages.last().map(|last| last.seq) {
        // Who only looks in has no marks here.
        let _ = mark::mark(house, session, room, Marks { delivered: last, read: last }).await;
    }
}

fn title(room: &Room, me: &Person) -> String {
    let others: Vec<_> = room.people.iter().filter(|person| person.id != me.id).map(Person::called).collect();
    match room.visibility {
        Visibility::Public | Visibility::Private => format!("#{}", room.name),
        Visibility::Direct if others.is_empty() => format!("{} (you)", me.called()),
        Visibility::Direct => others.join(", "),
    }
}

fn line(message: &Message) -> Line {
    let at = jiff::Timestamp::from_millisecond(message.at.as_ms()).unwrap_or_default();
    let text = message.said.text.as_str();
    let mut reactions: Vec<(String, usize)> = Vec::new();
    for reaction in &message.reactions {
        let emoji = reaction.emoji.as_str();
        match reactions.iter_mut().find(|(known, _)| known == emoji) {
            Some((_, count)) => *count += 1,
            None => reactions.push((emoji.to_owned(), 1)),
        }
    }
    let files = message.said.files.iter().map(|file| (format!("/api/v1/files/{}", file.id), file.name.to_string()));
    Line {
        seq: message.seq,
        author: message.said.author.called().to_owned(),
        moment: at.to_string(),
        time: at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        links: markup::links(text, LINKS_MAX),
        text: text.to_owned(),
        deleted: message.deleted,
        edited: message.edits > 0,
        answers: message.said.reply.as_ref().map(|reply| {
            let words = if reply.to.deleted { "a deleted message" } else { reply.to.text.as_str() };
            (reply.to.author.called().to_owned(), words.to_owned())
        }),
        files: files.collect(),
        reactions,
    }
}
