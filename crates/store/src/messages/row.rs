//! Rows of messages, and what other tables hold of them.

use std::collections::BTreeMap;

use model::{Body, ClientKey, Forwarded, Message, Person, Quote, Reply, RoomId, Said, Seq, Timestamp, UserId};

use crate::{Fault, engine::Conn, files, mentions, reactions, sql::Row, users};

/// A statement that reads messages: those that the rest of it names as `m`. Of a quoted text only the beginning is read
/// (`limits::QUOTE_CHARS_MAX`).
macro_rules! select {
    ($rest:literal) => {
        Sql::new(concat!(
            "SELECT m.seq, m.at, u.id, u.username, u.display, u.version, u.picture, u.owner_id, m.client_key, m.body, m.files,
                    m.mentions, m.reactions, m.edits, m.deleted_at, m.pinned_at, m.replies,
                    m.reply_to, q.deleted_at, SUBSTR(q.body, 1, 160),
                    w.id, w.username, w.display, w.version, w.picture, w.owner_id, m.thread, t.replies,
                    f.id, f.username, f.display, f.version, f.picture, f.owner_id, m.forward_at
             FROM messages m JOIN users u ON u.id = m.author_id
             LEFT JOIN messages q ON q.room_id = m.room_id AND q.seq = m.reply_to
             LEFT JOIN users w ON w.id = q.author_id
             LEFT JOIN messages t ON t.room_id = m.room_id AND t.seq = m.thread
             LEFT JOIN users f ON f.id = m.forward_author ",
            $rest
        ))
    };
}
pub(super) use select;

/// Messages of one room.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The messages.
    pub messages: Vec<Message>,
    /// People who reacted to one of them, each once, by id.
    pub people: Vec<Person>,
}

/// Places between two messages up to which what belongs to them is read in one go. Messages further apart, such as those that are pinned,
/// are completed one by one: between them may stand everything that was ever said in the room.
const SPAN_MAX: u64 = 1_000;

/// Reads rows of messages of one room, and what belongs to them.
pub(crate) async fn read(conn: &mut Conn, room: RoomId, rows: Vec<Row>) -> Result<Page, Fault> {
    let mut page = Page::default();
    let mut counts = Vec::with_capacity(rows.len());
    for row in rows {
        let (message, count) = message(row)?;
        counts.push(count);
        page.messages.push(message);
    }
    let seqs = || page.messages.iter().map(|message| message.seq);
    let [first, last] = [seqs().min(), seqs().max()].map(Option::unwrap_or_default);
    let mut people = BTreeMap::new();
    if last.number() - first.number() <= SPAN_MAX {
        let all = counts.iter().fold(Counts::default(), Counts::plus);
        complete(conn, room, &mut page.messages, &all, &mut people).await?;
    } else {
        for (message, counts) in page.messages.iter_mut().zip(&counts) {
            complete(conn, room, std::slice::from_mut(message), counts, &mut people).await?;
        }
    }
    page.people = people.into_values().collect();
    Ok(page)
}

/// Adds to messages what other tables hold of them.
async fn complete(
    conn: &mut Conn,
    room: RoomId,
    messages: &mut [Message],
    any: &Counts,
    people: &mut BTreeMap<UserId, Person>,
) -> Result<(), Fault> {
    let seqs = || messages.iter().map(|message| message.seq);
    let [first, last] = [seqs().min(), seqs().max()].map(Option::unwrap_or_default);
    if any.files > 0 {
        let mut files = files::between(conn, room, first, last).await?;
        for message in messages.iter_mut() {
            message.said.files = files.remove(&message.seq).unwrap_or_default();
        }
    }
    if any.mentions > 0 {
        let mut named = mentions::between(conn, room, first, last).await?;
        for message in messages.iter_mut() {
            message.said.mentions = named.remove(&message.seq).unwrap_or_default();
        }
    }
    if any.reactions > 0 {
        let mut set = reactions::between(conn, room, (first, last), people).await?;
        for message in messages.iter_mut() {
            message.reactions = set.remove(&message.seq).unwrap_or_default();
        }
    }
    Ok(())
}

/// How much other tables hold.
#[derive(Default)]
struct Counts {
    files: i64,
    mentions: i64,
    reactions: i64,
}

impl Counts {
    fn plus(self, other: &Self) -> Self {
        let (files, mentions) = (self.files + other.files, self.mentions + other.mentions);
        Self { files, mentions, reactions: self.reactions + other.reactions }
    }
}

/// A message still without what other tables hold of it.
fn message(mut row: Row) -> Result<(Message, Counts), Fault> {
    let (seq, at) = (row.seq()?, row.time()?);
    let author = users::person(&mut row)?;
    let key = ClientKey::parse(&row.text()?).map_err(|e| Fault::caused("a kept key is bad", e))?;
    let text = body(row.text()?)?;
    let counts = Counts { files: row.int()?, mentions: row.int()?, reactions: row.int()? };
    let (edits, deleted, pinned) = (row.count()?, row.optional_int()?.is_some(), row.optional_int()?.is_some());
    let replies = row.count()?;
    let (reply, forward) = (reply(&mut row)?.map(Box::new), forward(&mut row)?.map(Box::new));
    let said = Said { reply, forward, ..Said::new(author, key, text) };
    Ok((Message { edits, deleted, pinned, replies, ..Message::new(seq, at, said) }, counts))
}

fn reply(row: &mut Row) -> Result<Option<Reply>, Fault> {
    let (to, deleted, text) = (row.optional_seq()?, row.optional_int()?.is_some(), row.optional_text()?);
    let (author, thread, replies) = (users::optional_person(row)?, row.optional_seq()?, row.optional_int()?);
    let Some(seq) = to else { return Ok(None) };
    let lost = || Fault::new("what a message answers is not there");
    let (author, thread): (_, Seq) = author.zip(thread).ok_or_else(lost)?;
    let text = Quote::beginning(&text.unwrap_or_default());
    let replies = u32::try_from(replies.ok_or_else(lost)?).map_err(|e| Fault::caused("a count is out of range", e))?;
    Ok(Some(Reply { to: Quote { seq, author, text, deleted }, thread, replies }))
}

fn forward(row: &mut Row) -> Result<Option<Forwarded>, Fault> {
    let (author, at) = (users::optional_person(row)?, row.optional_int()?.map(Timestamp::from_ms));
    Ok(author.zip(at).map(|(author, at)| Forwarded { author, at }))
}

pub(crate) fn body(text: String) -> Result<Body, Fault> {
    Body::try_from(text).map_err(|e| Fault::caused("a kept text is bad", e))
}
