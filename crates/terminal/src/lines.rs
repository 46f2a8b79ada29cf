//! A room's timeline as lines of so many columns.

use client::{Client, Row, RowId, RowState, slash};
use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};
use model::{FileKind, Person, RoomId, Seq, UserId};
use ratatui::{
    style::{Color, Modifier, Style},
    text::{Line, Span},
};

use crate::text;

/// What stands before each line of a message but its first.
const INDENT: usize = 6;
/// The longest name that is shown, in columns.
const NAME_COLUMNS_MAX: usize = 20;
/// Colours of names; those that are hard to read on white or on black are not among them.
const COLOURS: [Color; 5] = [Color::Red, Color::Green, Color::Magenta, Color::Cyan, Color::Blue];

/// What beside the words the reader should find, but not first.
pub(crate) const DIM: Style = Style::new().add_modifier(Modifier::DIM);

/// A line of the timeline, and whose it is.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    /// The message.
    pub(crate) id: RowId,
    /// Its place, once it has one.
    pub(crate) seq: Option<Seq>,
    /// The number of this line among those of the message.
    pub(crate) number: usize,
    /// What it says.
    pub(crate) line: Line<'static>,
}

/// How a timeline is shown: in so many columns, with these times of day.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) columns: usize,
    pub(crate) zone: TimeZone,
}

/// The lines of the last messages of a room, up to this line of this message if it is there: at least so many, if there are as many.
pub(crate) fn last(
    client: &Client,
    room: RoomId,
    lowest: Option<(&RowId, usize)>,
    (frame, wanted): (&Frame, usize),
) -> Vec<Placed> {
    let rows: Vec<Row<'_>> = client.rows(room).collect();
    let lowest = lowest.and_then(|(id, number)| Some((rows.iter().position(|row| row.id == *id)?, number)));
    let new = first_new(client, room, &rows);
    let mut groups = Vec::new();
    let mut count = 0;
    for at in (0..lowest.map_or(rows.len(), |(lowest, _)| lowest + 1)).rev() {
        if count >= wanted {
            break;
        }
        let mut lines = message(client, &rows, (at, new == Some(at)), frame);
        if let Some((_, number)) = lowest.filter(|(lowest, _)| *lowest == at) {
            lines.truncate(number + 1);
        }
        count += lines.len();
        groups.push(lines);
    }
    groups.into_iter().rev().flatten().collect()
}

/// All lines of a room.
pub(crate) fn all(client: &Client, room: RoomId, frame: &Frame) -> Vec<Placed> {
    last(client, room, None, (frame, usize::MAX))
}

/// The number of the first message of another that the person had not read when they came.
fn first_new(client: &Client, room: RoomId, rows: &[Row<'_>]) -> Option<usize> {
    let (line, me) = (client.room(room)?.line()?, client.me()?.person.id);
    rows.iter().position(|row| row.seq.is_some_and(|seq| seq > line) && row.author.id != me)
}

/// The lines of one message, after those that part it from the one before.
fn message(client: &Client, rows: &[Row<'_>], (at, new): (usize, bool), frame: &Frame) -> Vec<Placed> {
    let Some(row) = rows.get(at) else { return Vec::new() };
    let before = at.checked_sub(1).and_then(|before| rows.get(before));
    let mut lines = Vec::new();
    let day = local(row, frame).date();
    if before.is_none_or(|before| local(before, frame).date() != day) {
        lines.push(rule(&words_of(day), frame.columns));
    }
    if new {
        lines.push(rule("new", frame.columns));
    }
    lines.extend(said(row, client.me().map(|me| me.person.id), frame));
    let placed = |(number, line)| Placed { id: row.id.clone(), seq: row.seq, number, line };
    lines.into_iter().enumerate().map(placed).collect()
}

/// Who said what, and when.
fn said(row: &Row<'_>, me: Option<UserId>, frame: &Frame) -> Vec<Line<'static>> {
    let time = local(row, frame).strftime("%H:%M").to_string();
    let name = text::cut(&name(row.author), NAME_COLUMNS_MAX);
    let action = slash::action(row.text.as_str());
    let mut head = vec![Span::styled(format!("{time} "), DIM)];
    if action.is_some() {
        head.push(Span::raw("* "));
    }
    let taken = INDENT + text::width(&name) + if action.is_some() { 3 } else { 2 };
    head.push(Span::styled(name, colour(row.author, me)));
    head.push(Span::raw(if action.is_some() { " " } else { "  " }));

    let mut paragraphs = Vec::new();
    if let Some(quote) = row.reply {
        let words = if quote.deleted { "(taken back)".to_owned() } else { text::line(&quote.text) };
        let room = frame.columns.saturating_sub(taken);
        paragraphs.push((text::cut(&format!("↪ {}: {words}", name_of(&quote.author)), room), DIM));
    }
    if let Some(forward) = row.forward {
        paragraphs.push((format!("↪ forwarded, said by {}", name_of(&forward.author)), DIM));
    }
    if row.covered {
        paragraphs.push(("(somebody whom you ignore said something)".to_owned(), DIM));
    } else if row.deleted {
        paragraphs.push(("(taken back)".to_owned(), DIM));
    } else {
        let words = text::clean(action.unwrap_or(row.text.as_str())).into_owned();
        let style = if names(row, me) { Style::new().add_modifier(Modifier::BOLD) } else { Style::new() };
        let files = row.files.iter().map(|file| (file_words(file), DIM));
        paragraphs.extend((!words.is_empty()).then_some((words, style)).into_iter().chain(files));
    }
    lay(head, taken, &paragraphs, (tail(row), frame.columns))
}

/// Lays a message's paragraphs behind its head, and the signs at its end where they have room.
fn lay(
    head: Vec<Span<'static>>,
    taken: usize,
    paragraphs: &[(String, Style)],
    (tail, columns): (String, usize),
) -> Vec<Line<'static>> {
    let rest = columns.saturating_sub(INDENT);
    let mut lines = vec![Line::from(head)];
    let mut used = taken;
    for (index, (words, style)) in paragraphs.iter().enumerate() {
        let first = if index == 0 { columns.saturating_sub(taken) } else { rest };
        for (number, words) in text::wrap(words, first, rest).into_iter().enumerate() {
            let wide = text::width(&words);
            let span = Span::styled(words, *style);
            if index == 0 && number == 0 {
                used = taken + wide;
                if let Some(head) = lines.first_mut() {
                    head.push_span(span);
                }
            } else {
                used = INDENT + wide;
                lines.push(Line::from(vec![Span::raw(" ".repeat(INDENT)), span]));
            }
        }
    }
    if tail.is_empty() {
        return lines;
    }
    if used + 2 + text::width(&tail) <= columns {
        if let Some(line) = lines.last_mut() {
            line.push_span(Span::styled(format!("  {tail}"), DIM));
        }
    } else {
        for words in text::wrap(&tail, rest, rest) {
            lines.push(Line::from(vec![Span::raw(" ".repeat(INDENT)), Span::styled(words, DIM)]));
        }
    }
    lines
}

/// What stands behind a message: whether it was changed, what people think of it, how far it has come.
fn tail(row: &Row<'_>) -> String {
    let mut signs = Vec::new();
    if row.edits > 0 && !row.deleted {
        signs.push("(edited)".to_owned());
    }
    for tally in row.reactions.iter().filter(|_| !row.covered) {
        signs.push(format!("{}{}", text::line(tally.emoji.as_str()), tally.count));
    }
    if row.replies > 0 {
        signs.push(format!("[{} in thread]", row.replies));
    }
    let own = matches!(row.id, RowId::Own(_));
    match &row.state {
        RowState::Sending => signs.push("…".to_owned()),
        RowState::Kept if own && row.readers > 0 => signs.push(format!("read by {}", row.readers)),
        RowState::Kept if own => signs.push("○".to_owned()),
        RowState::Kept => {}
        RowState::Delivered => signs.push("✓".to_owned()),
        RowState::Read => signs.push("✓✓".to_owned()),
        RowState::Failed(why) => {
            signs.push(format!("✗ not sent: {} (/retry or /discard)", text::line(why)));
        }
    }
    signs.join(" ")
}

fn file_words(file: &model::File) -> String {
    let kind = match file.kind {
        FileKind::Picture => "picture",
        FileKind::Audio => "sound",
        FileKind::Video => "film",
        FileKind::Other => "file",
    };
    let size = match file.size {
        0..1_024 => format!("{} bytes", file.size),
        1_024..1_048_576 => format!("{} KB", file.size / 1_024),
        1_048_576.. => format!("{} MB", file.size / 1_048_576),
    };
    format!("[{kind} {}, {size}]", text::line(file.name.as_str()))
}

/// Whether a message names the person, or everybody.
fn names(row: &Row<'_>, me: Option<UserId>) -> bool {
    Some(row.author.id) != me
        && row.mentions.iter().any(|mention| mention.person.as_ref().is_none_or(|person| Some(person.id) == me))
}

fn name(person: &Person) -> String {
    text::line(person.called())
}

fn name_of(person: &Person) -> String {
    text::cut(&name(person), NAME_COLUMNS_MAX)
}

fn colour(person: &Person, me: Option<UserId>) -> Style {
    let bold = Style::new().add_modifier(Modifier::BOLD);
    if Some(person.id) == me {
        return bold;
    }
    let number = usize::try_from(person.id.number()).unwrap_or_default() % COLOURS.len();
    COLOURS.get(number).map_or(bold, |colour| bold.fg(*colour))
}

fn local(row: &Row<'_>, frame: &Frame) -> Zoned {
    Timestamp::from_millisecond(row.at.as_ms()).unwrap_or_default().to_zoned(frame.zone.clone())
}

fn words_of(day: Date) -> String {
    day.strftime("%A, %-d %B %Y").to_string()
}

/// A line across, with a word in it.
fn rule(word: &str, columns: usize) -> Line<'static> {
    let word = text::cut(word, columns.saturating_sub(6));
    let right = columns.saturating_sub(text::width(&word) + 4);
    Line::styled(format!("── {word} {}", "─".repeat(right)), DIM)
}
