//! An encrypted room, as one guest knows it.

use model::{
    Body,
    limits::{INSTANT_MEMBERS_MAX, INSTANT_TRANSFERS_MAX, TYPING_EVERY_MS},
};
use protocol::{
    decode,
    instant::{
        Head, Note, Sender,
        inside::{Inside, Piece, Said},
    },
};

use super::{
    Author, Effect, Notice, Photo, RowId, Saying, Sent,
    mail::{Mail, Next},
    nick,
    people::People,
    picture::{Incoming, Step, look},
    row::Rows,
};
use crate::dice::Dice;

/// Newcomers are answered within this time at random: not by all in one moment, and several by one word.
const ANSWER_WITHIN_MS: u64 = 400;
/// Time between two answers.
const ANSWER_EVERY_MS: u64 = 1_000;

/// The state of an encrypted room.
#[derive(Debug, Default)]
pub(super) struct Sealed {
    pub(super) people: People,
    pub(super) mail: Mail,
    /// What the server says: so many are here.
    pub(super) count: usize,
    pub(super) strangers: u32,
    me: Option<Me>,
    typed_ms: Option<u64>,
}

/// The guest on the present line.
#[derive(Debug)]
struct Me {
    sender: Sender,
    counter: u32,
    /// When to say hello, and whether for the first time.
    hello: Option<(u64, bool)>,
    greeted_ms: u64,
}

impl Sealed {
    /// The line is open.
    pub(super) fn enter(&mut self, now_ms: u64, sender: Sender) {
        self.people.is_me(sender);
        self.mail.begin(now_ms);
        self.me = Some(Me { sender, counter: 0, hello: Some((now_ms, true)), greeted_ms: now_ms });
    }

    /// The line is gone, and whoever is here now is not known any more.
    pub(super) fn lose(&mut self, rows: &mut Rows) {
        (self.me, self.count, self.typed_ms) = (None, 0, None);
        for person in self.people.iter_mut() {
            (person.here, person.typing_until_ms) = (false, 0);
            if let Some(incoming) = person.incoming.take() {
                rows.photo(incoming.row, Photo::Broken);
            }
        }
        for row in self.mail.drop_pictures() {
            rows.sent(row, Sent::Perhaps);
        }
    }

    /// The server says something. It is a hint.
    pub(super) fn note(&mut self, now_ms: u64, text: &str, rows: &mut Rows) {
        match decode::<Note>(text) {
            Ok(Note::Members { count }) => self.count = count.min(INSTANT_MEMBERS_MAX),
            Ok(Note::Left { sender }) => self.part(now_ms, sender, rows, |name| Notice::Lost { name }),
            // Whoever has the key says so in an envelope.
            Ok(Note::Joined {}) | Err(_) => {}
        }
    }

    /// An envelope was opened.
    pub(super) fn hear(
        &mut self,
        now_ms: u64,
        (head, inside): (Head, &[u8]),
        (rows, dice): (&mut Rows, &mut Dice),
        out: &mut Vec<Effect>,
    ) {
        let Head { sender, .. } = head;
        let transfers = self.people.iter().filter(|person| person.incoming.is_some()).count();
        let Some(person) = self.people.heard(head) else { return };
        match Inside::unpack(inside) {
            None => {}
            Some(Inside::Said(Said::Hello { name, new })) => {
                let name = person.name.get_or_insert_with(|| nick(&name)).clone();
                let came = new && !person.here;
                person.here = true;
                if came {
                    rows.notice(now_ms, Notice::Came { name });
                    self.answer(now_ms, dice);
                }
            }
            Some(Inside::Said(Said::Text { text })) => {
                (person.here, person.typing_until_ms) = (true, 0);
                if let Ok(text) = Body::parse(&text) {
                    let author = self.author(sender);
                    rows.push(now_ms, author, Saying::Text(text.into()));
                }
            }
            Some(Inside::Said(Said::Typing {})) => {
                person.here = true;
                People::types(person, now_ms);
            }
            Some(Inside::Said(Said::Picture { picture, bytes })) => {
                person.here = true;
                let before = person.incoming.take().map(|incoming| incoming.row);
                if let Some(row) = before {
                    rows.photo(row, Photo::Broken);
                }
                if transfers < INSTANT_TRANSFERS_MAX + usize::from(before.is_some()) {
                    self.expect(now_ms, sender, (picture, bytes), rows);
                }
            }
            Some(Inside::Piece(piece)) => self.take(now_ms, sender, &piece, (rows, out)),
            Some(Inside::Said(Said::Bye {})) => self.part(now_ms, sender, rows, |name| Notice::Went { name }),
        }
    }

    pub(super) fn say(&mut self, now_ms: u64, text: &str, rows: &mut Rows) {
        self.typed_ms = None;
        let row = rows.push(now_ms, Author::Own(Sent::Waiting), Saying::Text(text.to_owned()));
        self.mail.text(row, text.to_owned());
    }

    pub(super) fn type_on(&mut self, now_ms: u64, out: &mut Vec<Effect>) {
        if self.me.is_some() && self.typed_ms.is_none_or(|typed_ms| now_ms >= typed_ms + TYPING_EVERY_MS) {
            self.typed_ms = Some(now_ms);
            self.seal(&Inside::Said(Said::Typing {}), out);
        }
    }

    pub(super) fn picture(&mut self, now_ms: u64, bytes: Vec<u8>, rows: &mut Rows, out: &mut Vec<Effect>) {
        let Some(format) = look(&bytes).filter(|_| self.me.is_some() && self.mail.takes_picture()) else { return };
        let row = rows.push(now_ms, Author::Own(Sent::Waiting), Saying::Photo(Photo::Here));
        rows.holds(row, bytes.len());
        out.push(Effect::Show { row, format, bytes: bytes.clone() });
        self.mail.picture(row, bytes);
    }

    pub(super) fn say_bye(&mut self, out: &mut Vec<Effect>) {
        self.seal(&Inside::Said(Said::Bye {}), out);
    }

    /// What is due by now.
    pub(super) fn turn(&mut self, now_ms: u64, name: &str, rows: &mut Rows, out: &mut Vec<Effect>) {
        for person in self.people.iter_mut() {
            if let Some(late) = person.incoming.take_if(|incoming| now_ms >= incoming.ends_ms()) {
                rows.photo(late.row, Photo::Broken);
            }
        }
        let Some(me) = &mut self.me else { return };
        if let Some((_, new)) = me.hello.take_if(|(due_ms, _)| now_ms >= *due_ms) {
            me.greeted_ms = now_ms;
            self.seal(&Inside::Said(Said::Hello { name: name.to_owned(), new }), out);
        }
        while let Some(next) = self.mail.next(now_ms) {
            match next {
                Next::Text(row, inside) => {
                    self.seal(&inside, out);
                    rows.sent(row, Sent::Out);
                }
                Next::Piece { row, inside, last } => {
                    self.seal(&inside, out);
                    if last {
                        rows.sent(row, Sent::Out);
                    }
                }
            }
        }
    }

    /// When something is due.
    pub(super) fn wake_at(&self, now_ms: u64) -> Option<u64> {
        let transfers = self.people.iter().filter_map(|person| person.incoming.as_ref()).map(Incoming::ends_ms);
        let me = self.me.as_ref();
        let hello = me.and_then(|me| me.hello).map(|(due_ms, _)| due_ms);
        let mail = me.and_then(|_| self.mail.wake_at());
        let typing = self.people.wake_at(now_ms);
        transfers.chain(hello).chain(mail).chain(typing).min()
    }

    /// Somebody came who knows nobody yet.
    fn answer(&mut self, now_ms: u64, dice: &mut Dice) {
        if let Some(me) = &mut self.me {
            let due_ms = (now_ms + dice.up_to(ANSWER_WITHIN_MS)).max(me.greeted_ms + ANSWER_EVERY_MS);
            me.hello.get_or_insert((due_ms, false));
        }
    }

    fn expect(&mut self, now_ms: u64, sender: Sender, (picture, bytes): (u32, u32), rows: &mut Rows) {
        let author = self.author(sender);
        let Some(person) = self.people.get(sender) else { return };
        person.incoming = Incoming::announced(now_ms, picture, bytes).map(|mut incoming| {
            incoming.row = rows.push(now_ms, author, Saying::Photo(Photo::Coming { percent: 0 }));
            incoming
        });
    }

    fn take(&mut self, now_ms: u64, sender: Sender, piece: &Piece, (rows, out): (&mut Rows, &mut Vec<Effect>)) {
        let Some(person) = self.people.get(sender) else { return };
        let Some(incoming) = &mut person.incoming else { return };
        let row: RowId = incoming.row;
        match incoming.take(now_ms, piece) {
            Step::Coming(percent) => return rows.photo(row, Photo::Coming { percent }),
            Step::Broken => rows.photo(row, Photo::Broken),
            Step::Whole(bytes) => match look(&bytes) {
                None => rows.photo(row, Photo::Broken),
                Some(format) => {
                    rows.photo(row, Photo::Here);
                    rows.holds(row, bytes.len());
                    out.push(Effect::Show { row, format, bytes });
                }
            },
        }
        person.incoming = None;
    }

    fn part(&mut self, now_ms: u64, sender: Sender, rows: &mut Rows, notice: fn(String) -> Notice) {
        let Some(person) = self.people.get(sender) else { return };
        person.typing_until_ms = 0;
        if let Some(incoming) = person.incoming.take() {
            rows.photo(incoming.row, Photo::Broken);
        }
        if std::mem::take(&mut person.here) {
            let (name, _) = self.people.name_and_tag(sender);
            rows.notice(now_ms, notice(name));
        }
    }

    fn author(&self, sender: Sender) -> Author {
        let (name, tag) = self.people.name_and_tag(sender);
        Author::Other { name, tag }
    }

    fn seal(&mut self, inside: &Inside, out: &mut Vec<Effect>) {
        let Some(me) = &mut self.me else { return };
        // A counter that came to its end would repeat a nonce; four thousand million envelopes are not said on one line.
        let (Some(counter), Some(inside)) = (me.counter.checked_add(1), inside.pack()) else { return };
        me.counter = counter;
        self.mail.spend(inside.len());
        out.push(Effect::Seal { head: Head { sender: me.sender, counter }, inside });
    }
}
