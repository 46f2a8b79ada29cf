//! Guests in one room, over a server that passes on what they want said, and people who mean them harm.

use model::limits::{
    INSTANT_PICTURE_BYTES_MAX, INSTANT_PICTURES_BYTES_MAX, INSTANT_ROWS_MAX, INSTANT_SENDERS_MAX,
    INSTANT_TRANSFER_SILENCE_MS, INSTANT_TRANSFERS_MAX,
};
use protocol::instant::{
    Head, Sender,
    inside::{Inside, Piece, Said},
};

use super::*;

/// Some guests and the time.
struct Room {
    guests: Vec<Guest>,
    now_ms: u64,
    /// What each guest's driver was told, besides what it sent.
    told: Vec<Vec<Effect>>,
    /// Every envelope or frame that was passed on, oldest first.
    passed: Vec<Effect>,
}

const ADA: usize = 0;
const BOB: usize = 1;

fn sender(number: u8) -> Sender {
    Sender::new([0xaa, 0, number, number, number, 0, 0, number])
}

fn hostile(counter: u32) -> Head {
    Head { sender: sender(66), counter }
}

impl Room {
    fn sealed(names: &[&str]) -> Self {
        Self::new(names, Guest::of_sealed_room)
    }

    fn new(names: &[&str], guest: fn([u64; 2]) -> Guest) -> Self {
        let guests: Vec<_> = (0..names.len()).map(|n| guest([7, n as u64])).collect();
        let told = vec![Vec::new(); guests.len()];
        let mut room = Self { guests, now_ms: 0, told, passed: Vec::new() };
        for (guest, name) in names.iter().enumerate() {
            room.give(guest, Input::Enter { name: (*name).to_owned() });
            room.give(guest, Input::Up { sender: sender(u8::try_from(guest).unwrap()) });
        }
        room.passes(2_000);
        room
    }

    /// One thing happens to a guest, and what it says is passed on.
    fn give(&mut self, guest: usize, input: Input) {
        for effect in self.guests[guest].step(self.now_ms, input) {
            match &effect {
                Effect::Seal { head, inside } => {
                    assert!(inside.len() % 256 == 0 && inside.len() <= 65_280, "{}", inside.len());
                    self.passed.push(effect.clone());
                    for other in 0..self.guests.len() {
                        if other == guest || self.guests[other].line() != Line::Here {
                            continue;
                        }
                        self.give(other, Input::Opened { head: *head, inside: inside.clone() });
                    }
                }
                Effect::Send(frame) => {
                    self.passed.push(effect.clone());
                    for everybody in 0..self.guests.len() {
                        self.give(everybody, Input::Frame(frame.clone()));
                    }
                }
                Effect::Dial | Effect::HangUp | Effect::Show { .. } | Effect::Forget(_) => {
                    self.told[guest].push(effect);
                }
                Effect::Changed => {}
            }
        }
    }

    /// Something is said by somebody who is no guest of ours, but has the key.
    fn hears(&mut self, guest: usize, head: Head, inside: &Inside) {
        self.give(guest, Input::Opened { head, inside: inside.pack().unwrap() });
    }

    /// Time passes, and every guest is woken when it wants to be.
    fn passes(&mut self, ms: u64) {
        let end_ms = self.now_ms + ms;
        while let Some(next_ms) = self.guests.iter().filter_map(|guest| guest.wake_at(self.now_ms)).min()
            && next_ms <= end_ms
        {
            self.now_ms = next_ms.max(self.now_ms);
            (0..self.guests.len()).for_each(|guest| self.give(guest, Input::Tick));
        }
        self.now_ms = end_ms;
    }

    /// What a guest sees, in short.
    fn sees(&self, guest: usize) -> Vec<String> {
        let line = |row: &Arc<Row>| {
            let who = match &row.author {
                Author::Own(sent) => format!("{sent:?}: "),
                Author::Other { name, tag } => format!("{name} {tag}: "),
                Author::Nobody => String::new(),
            };
            match &row.saying {
                Saying::Text(text) => format!("{who}{text}"),
                Saying::Photo(photo) => format!("{who}{photo:?}"),
                Saying::Notice(Notice::Came { name }) => format!("{name} came"),
                Saying::Notice(Notice::Went { name }) => format!("{name} went"),
                Saying::Notice(Notice::Lost { name }) => format!("{name} was lost"),
                Saying::Notice(Notice::Back) => "back".to_owned(),
            }
        };
        self.guests[guest].rows().iter().map(line).collect()
    }

    fn people(&self, guest: usize) -> Vec<String> {
        let line = |here: Here| format!("{} {}{}", here.name, here.tag, if here.types { " types" } else { "" });
        self.guests[guest].people(self.now_ms).into_iter().map(line).collect()
    }
}

fn text(text: &str) -> Inside {
    Inside::Said(Said::Text { text: text.to_owned() })
}

fn hello(name: &str, new: bool) -> Inside {
    Inside::Said(Said::Hello { name: name.to_owned(), new })
}

fn photo(bytes: usize) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x09\0\0\0\x09".to_vec();
    file.resize(bytes, 7);
    file
}

#[test]
fn three_meet_and_talk() {
    let mut room = Room::sealed(&["Ada", "Bob", "Cy"]);
    assert_eq!(room.people(ADA), ["Bob aa000101", "Cy aa000202"]);
    assert_eq!(room.people(2), ["Ada aa000000", "Bob aa000101"], "those who were here say who they are");
    room.give(ADA, Input::Say("hi\r\n".into()));
    room.give(BOB, Input::Typing);
    assert_eq!(room.people(ADA), ["Bob aa000101 types", "Cy aa000202"]);
    room.give(BOB, Input::Say("hello".into()));
    assert_eq!(room.people(ADA), ["Bob aa000101", "Cy aa000202"]);
    room.give(BOB, Input::Say(" \u{200b} ".into()));
    assert_eq!(room.sees(ADA), ["Bob came", "Cy came", "Out: hi", "Bob aa000101: hello"]);
    assert_eq!(room.sees(2), ["Ada aa000000: hi", "Bob aa000101: hello"]);
    room.give(BOB, Input::Leave);
    room.give(ADA, Input::Frame(format!(r#"{{"type":"left","sender":"{}"}}"#, sender(1).text())));
    assert_eq!(room.sees(ADA).last().unwrap(), "Bob went");
    assert_eq!(room.people(ADA), ["Cy aa000202"]);
    assert_eq!(room.told[BOB], [Effect::Dial, Effect::HangUp]);
}

#[test]
fn nobody_is_told_of_many_newcomers_more_often_than_once_a_second() {
    let mut room = Room::sealed(&["Ada"]);
    for n in 0..60_u8 {
        let head = Head { sender: sender(100 + n), counter: 1 };
        room.hears(ADA, head, &hello(&format!("guest {n}"), true));
    }
    room.passed.clear();
    room.passes(3_000);
    assert_eq!(room.passed.len(), 1, "{:?}", room.passed);
    assert_eq!(room.guests[ADA].people(room.now_ms).len(), 60);
}

#[test]
fn what_was_said_before_is_refused() {
    let mut room = Room::sealed(&["Ada"]);
    room.hears(ADA, hostile(5), &text("once"));
    for counter in [5, 4, 1] {
        room.hears(ADA, hostile(counter), &text("again"));
    }
    room.hears(ADA, hostile(6), &text("next"));
    // One's own words, played back; now, and after the line was lost and another sender drawn.
    let own = Head { sender: sender(0), counter: 900 };
    room.hears(ADA, own, &text("myself"));
    room.give(ADA, Input::Down { code: 1006 });
    room.passes(60_000);
    room.give(ADA, Input::Up { sender: sender(9) });
    room.hears(ADA, own, &text("myself"));
    room.hears(ADA, hostile(6), &text("again"));
    assert_eq!(room.sees(ADA), ["Anonymous aa004242: once", "Anonymous aa004242: next", "back"]);
}

#[test]
fn two_with_one_name_are_told_apart() {
    let mut room = Room::sealed(&["Ada"]);
    let close = Head { sender: Sender::new([0xaa, 0, 66, 66, 1, 1, 1, 1]), counter: 1 };
    room.hears(ADA, hostile(1), &hello("Bob", false));
    room.hears(ADA, close, &hello("Bob\u{200b}", false));
    assert_eq!(room.people(ADA), ["Bob aa00424201010101", "Bob aa00424242000042"]);
    // A name cannot be changed into somebody else's, nor into one's own without a tag.
    room.hears(ADA, hostile(2), &hello("Ada", false));
    room.hears(ADA, hostile(3), &text("trust me"));
    assert_eq!(room.sees(ADA).last().unwrap(), "Bob aa00424242000042: trust me");
}

#[test]
fn garbage_and_huge_names_do_no_harm() {
    let mut room = Room::sealed(&["Ada"]);
    for (n, inside) in [vec![], vec![0], vec![255; 65_280], b"\0\x02{}".to_vec(), vec![0; 256]].into_iter().enumerate()
    {
        let counter = u32::try_from(n).unwrap() + 1;
        room.give(ADA, Input::Opened { head: hostile(counter), inside });
    }
    room.hears(ADA, hostile(10), &hello(&"\u{202e}W".repeat(12_000), true));
    room.hears(ADA, hostile(11), &text(&"x".repeat(60_000)));
    room.hears(ADA, hostile(12), &text("\u{200b}"));
    room.hears(ADA, hostile(13), &text("bell\u{7}"));
    room.hears(ADA, hostile(14), &text("<img src=x onerror=alert(1)>"));
    let name = "W".repeat(32);
    assert_eq!(room.sees(ADA), [format!("{name} came"), format!("{name} aa004242: <img src=x onerror=alert(1)>")]);
    for note in ["", "{}", "[", r#"{"type":"left","sender":"x"}"#, r#"{"type":"members","count":99999999}"#] {
        room.give(ADA, Input::Frame(note.to_owned()));
    }
    assert_eq!(room.guests[ADA].silent(), 62, "no more than there can be");
    for _ in 0..3 {
        room.give(ADA, Input::Unopened);
    }
    assert_eq!(room.guests[ADA].strangers(), 3);
    assert_eq!(room.sees(ADA).len(), 2);
}

#[test]
fn a_picture_goes_in_pieces_and_comes_whole() {
    let mut room = Room::sealed(&["Ada", "Bob"]);
    let file = photo(INSTANT_PICTURE_BYTES_MAX);
    room.give(ADA, Input::Picture(file.clone()));
    room.give(ADA, Input::Say("look".into()));
    room.passes(60_000);
    assert_eq!(room.sees(ADA), ["Bob came", "Out: Here", "Out: look"]);
    assert_eq!(room.sees(BOB), ["Ada aa000000: Here", "Ada aa000000: look"]);
    let [Effect::Dial, Effect::Show { row, format: Format::Png, bytes }] = &room.told[BOB][..] else { panic!() };
    assert_eq!((bytes, room.guests[BOB].rows()[0].id), (&file, *row));
}

#[test]
fn several_pictures_keep_the_servers_pace_and_let_texts_pass() {
    let mut room = Room::sealed(&["Ada", "Bob"]);
    for _ in 0..6 {
        room.give(ADA, Input::Picture(photo(INSTANT_PICTURE_BYTES_MAX)));
    }
    assert!(!room.guests[ADA].may_send_picture());
    let shown = room.told[ADA].iter().filter(|effect| matches!(effect, Effect::Show { .. })).count();
    assert!(shown < 6, "what is too much is not taken");
    room.give(ADA, Input::Say("meanwhile".into()));
    assert!(room.sees(BOB).contains(&"Ada aa000000: meanwhile".to_owned()));
    let (mut units, began_ms) = (0, room.now_ms);
    room.passed.clear();
    room.passes(600_000);
    for effect in &room.passed {
        let Effect::Seal { inside, .. } = effect else { panic!() };
        units += 1 + (inside.len() as u64 + 29) / 8_192;
    }
    assert!(units < 1_000 + (room.now_ms - began_ms) / 10, "{units}");
    assert_eq!(room.sees(BOB).iter().filter(|row| row.ends_with("Here")).count(), shown);
}

#[test]
fn pictures_that_never_end_are_given_up() {
    let mut room = Room::sealed(&["Ada"]);
    let announced = |bytes| Inside::Said(Said::Picture { picture: 1, bytes });
    let by = |n: u8, counter| Head { sender: sender(n), counter };
    for n in 0..20 {
        room.hears(ADA, by(100 + n, 1), &announced(5_000_000));
    }
    assert_eq!(room.sees(ADA).len(), INSTANT_TRANSFERS_MAX);
    for too_much in [0, 5_242_881, u32::MAX] {
        room.hears(ADA, by(100, 2 + too_much % 7), &announced(too_much));
    }
    room.passes(INSTANT_TRANSFER_SILENCE_MS);
    assert!(room.sees(ADA).iter().all(|row| row.ends_with("Broken")), "{:?}", room.sees(ADA));
    // One that drips ends, too.
    room.hears(ADA, by(130, 1), &announced(5_000_000));
    for n in 0..20 {
        room.hears(ADA, by(130, 2 + n), &Inside::Piece(Piece { picture: 1, place: n, bytes: vec![0] }));
        room.passes(20_000);
    }
    assert!(room.sees(ADA).last().unwrap().ends_with("Broken"));
}

#[test]
fn pieces_that_do_not_fit_break_their_picture_only() {
    let piece = |picture, place, bytes: usize| Inside::Piece(Piece { picture, place, bytes: vec![7; bytes] });
    for wrong in [piece(2, 3, 3), piece(1, 2, 3), piece(1, 4, 3), piece(1, 3, 0), piece(1, 3, 8)] {
        let mut room = Room::sealed(&["Ada"]);
        room.hears(ADA, hostile(1), &piece(1, 0, 3));
        room.hears(ADA, hostile(2), &Inside::Said(Said::Picture { picture: 1, bytes: 10 }));
        room.hears(ADA, hostile(3), &piece(1, 0, 3));
        assert_eq!(room.sees(ADA), ["Anonymous aa004242: Coming { percent: 30 }"]);
        room.hears(ADA, hostile(4), &wrong);
        room.hears(ADA, hostile(5), &piece(1, 3, 7));
        assert!(room.sees(ADA).last().unwrap().ends_with("Broken"), "{wrong:?}");
        assert_eq!(room.told[ADA], [Effect::Dial], "nothing is shown");
    }
    // Whole, and no picture.
    let mut room = Room::sealed(&["Ada"]);
    room.hears(ADA, hostile(1), &Inside::Said(Said::Picture { picture: 1, bytes: 10 }));
    room.hears(ADA, hostile(2), &Inside::Piece(Piece { picture: 1, place: 0, bytes: b"<svg></svg"[..10].to_vec() }));
    assert!(room.sees(ADA).last().unwrap().ends_with("Broken"));
}

#[test]
fn what_is_shown_is_bounded() {
    let mut room = Room::sealed(&["Ada"]);
    let mut counter = 0;
    let mut next = || {
        counter += 1;
        hostile(counter)
    };
    for _ in 0..2 * INSTANT_ROWS_MAX {
        room.hears(ADA, next(), &text("flood"));
    }
    assert_eq!(room.sees(ADA).len(), INSTANT_ROWS_MAX);
    let file = photo(INSTANT_PICTURE_BYTES_MAX);
    let many = INSTANT_PICTURES_BYTES_MAX / INSTANT_PICTURE_BYTES_MAX + 2;
    for picture in 0..u32::try_from(many).unwrap() {
        room.hears(ADA, next(), &Inside::Said(Said::Picture { picture, bytes: u32::try_from(file.len()).unwrap() }));
        for (n, bytes) in file.chunks(65_000).enumerate() {
            let place = u32::try_from(n * 65_000).unwrap();
            room.hears(ADA, next(), &Inside::Piece(Piece { picture, place, bytes: bytes.to_vec() }));
        }
    }
    let forgotten = room.told[ADA].iter().filter(|effect| matches!(effect, Effect::Forget(_))).count();
    assert_eq!(forgotten, 2);
    assert_eq!(room.sees(ADA).iter().filter(|row| row.ends_with("Gone")).count(), 2);
    for n in 0..2 * INSTANT_SENDERS_MAX as u64 {
        let head = Head { sender: Sender::new(n.to_be_bytes()), counter: 1 };
        room.hears(ADA, head, &text("me too"));
    }
    assert!(room.guests[ADA].people(room.now_ms).len() <= INSTANT_SENDERS_MAX);
}

#[test]
fn a_lost_line_comes_back_with_another_sender_and_says_what_that_means() {
    let mut room = Room::sealed(&["Ada", "Bob"]);
    room.give(ADA, Input::Down { code: 1006 });
    assert!(matches!(room.guests[ADA].line(), Line::Waiting { .. }) && room.people(ADA).is_empty());
    assert!(!room.guests[ADA].may_say());
    room.give(ADA, Input::Say("into the void".into()));
    room.give(BOB, Input::Frame(format!(r#"{{"type":"left","sender":"{}"}}"#, sender(0).text())));
    room.passes(10_000);
    assert_eq!(room.told[ADA].last(), Some(&Effect::Dial));
    room.give(ADA, Input::Up { sender: sender(8) });
    room.passes(2_000);
    room.give(ADA, Input::Say("here again".into()));
    assert_eq!(room.sees(ADA), ["Bob came", "back", "Out: here again"]);
    assert_eq!(room.sees(BOB), ["Ada was lost", "Ada came", "Ada aa000808: here again"]);
    for code in [4014, 4015] {
        room.give(ADA, Input::Down { code });
        assert_eq!((room.guests[ADA].line(), room.guests[ADA].wake_at(room.now_ms)), (Line::Stopped { code }, None));
        room.give(ADA, Input::Dial);
        room.give(ADA, Input::Up { sender: sender(10) });
    }
    room.give(ADA, Input::Lost);
    assert_eq!(room.told[ADA].last(), Some(&Effect::HangUp));
}

#[test]
fn a_plain_room_talks_with_the_frames_of_other_clients() {
    let mut room = Room::new(&["Ada", ""], Guest::of_plain_room);
    room.give(ADA, Input::Say("hi".into()));
    let own = format!(r#"{{"message":"hi","sender":"Ada","userid":"{}"}}"#, sender(0).text());
    assert_eq!(room.passed, [Effect::Send(own.clone())]);
    assert_eq!(room.sees(ADA), ["Out: hi"]);
    // Somebody says my words with my user id again: they are not mine.
    let frames = [own.as_str(), r#"{"message":"<b>yo</b>","sender":"","userid":9}"#, "just text", r#"{"x":1}"#];
    for frame in frames {
        room.give(ADA, Input::Frame(frame.to_owned()));
    }
    let tag = |guest: usize, n: usize| room.sees(guest)[n].split(':').next().unwrap().to_owned();
    let forged = tag(ADA, 1);
    assert!(forged.starts_with("Ada ") && forged.len() == 8, "{forged}");
    assert_eq!(
        room.sees(ADA)[1..],
        [format!("{forged}: hi"), format!("{}: <b>yo</b>", tag(ADA, 2)), "Anonymous : just text".into()]
    );
    assert_eq!(room.people(ADA).len(), 3);
    assert!(!room.guests[ADA].may_send_picture());
}

#[test]
fn a_plain_room_that_says_nothing_back_is_dialled_again() {
    let mut guest = Guest::of_plain_room([1, 2]);
    let _ = guest.step(0, Input::Enter { name: "Ada".into() });
    let _ = guest.step(0, Input::Up { sender: sender(0) });
    let _ = guest.step(5, Input::Say("hi".into()));
    let out = guest.step(10_005, Input::Tick);
    assert!(out.contains(&Effect::HangUp) && matches!(guest.line(), Line::Waiting { .. }), "{out:?}");
    assert_eq!(guest.rows()[0].author, Author::Own(Sent::Perhaps));
}
