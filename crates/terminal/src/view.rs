//! The screen, drawn from the engine and the desk and nothing else.

use client::{Client, Connection};
use ratatui::{
    Frame,
    buffer::Buffer,
    layout::{Position, Rect},
    style::{Modifier, Style},
    text::{Line, Span},
};

use crate::{
    desk::{Desk, Scroll, window},
    lines::DIM,
    rooms, text,
};

/// A terminal narrower than this has no list of rooms.
const LIST_FROM_COLUMNS: u16 = 60;
/// Rows of the composer, at most.
const COMPOSER_ROWS_MAX: u16 = 5;
/// What stands before what one writes.
const PROMPT: &str = "> ";
/// The last row.
const KEYS: &str = "PgUp/PgDn scroll  Alt+↑/↓ rooms  Alt+A unread  /join name  /help  /quit";
/// What can be done, in two columns.
const HELP: [(&str, &str); 18] = [
    ("Enter", "say it"),
    ("Alt+Enter, Ctrl+J", "a new line"),
    ("PgUp, PgDn, ↑, ↓", "back and on"),
    ("Esc", "to the newest"),
    ("Alt+↑/↓, Ctrl+P/N", "another room"),
    ("Alt+A", "the next unread room"),
    ("Ctrl+R", "connect now"),
    ("Ctrl+C", "end"),
    ("", ""),
    ("/join name", "enter a room, or make it"),
    ("/msg @name", "talk to somebody alone"),
    ("/leave", "leave this room"),
    ("/me waves", "say what you do"),
    ("/retry, /discard", "what was not sent"),
    ("/quit", "end"),
    ("", ""),
    ("… ○ ✓ ✓✓", "on its way, kept, there, read"),
    ("", "Any key closes this."),
];

/// Where everything is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Areas {
    rooms: Option<Rect>,
    head: Rect,
    pub(crate) timeline: Rect,
    rule: Rect,
    composer: Rect,
    keys: Rect,
}

impl Areas {
    /// Where everything is in so many columns and rows. In a terminal that is too low the composer stays longest.
    pub(crate) fn of((columns, rows): (u16, u16), desk: &Desk) -> Self {
        let list = if columns >= LIST_FROM_COLUMNS { (columns / 4).clamp(16, 28) } else { 0 };
        // Between the list and the rest one column is free.
        let x = if list > 0 { list + 1 } else { 0 };
        let width = columns - x;
        let written = u16::try_from(written(desk, width).0.len()).unwrap_or(u16::MAX);
        let composer = written.min(COMPOSER_ROWS_MAX).min(rows.saturating_sub(4).max(1)).min(rows);
        let mut left = rows - composer;
        let mut one = |wanted: bool| {
            let row = u16::from(wanted && left > 0);
            left -= row;
            row
        };
        let (rule, head, keys) = (one(true), one(true), one(rows >= 6));
        let at = |y: u16, height: u16| Rect { x, y, width, height };
        Self {
            rooms: (list > 0).then_some(Rect { x: 0, y: 0, width: list, height: rows - keys }),
            head: at(0, head),
            timeline: at(head, left),
            rule: at(head + left, rule),
            composer: at(head + left + rule, composer),
            keys: Rect { x: 0, y: rows - keys, width: columns, height: keys },
        }
    }
}

/// Draws everything.
pub(crate) fn view(frame: &mut Frame<'_>, client: &Client, desk: &Desk) {
    let areas = Areas::of((frame.area().width, frame.area().height), desk);
    let buffer = frame.buffer_mut();
    if let Some(area) = areas.rooms {
        list(buffer, area, client);
    }
    head(buffer, areas, client);
    timeline(buffer, areas.timeline, client, desk);
    rule(buffer, areas.rule, client, desk);
    let cursor = composer(buffer, areas.composer, desk);
    put(buffer, areas.keys, &Line::styled(format!(" {KEYS}"), DIM));
    frame.set_cursor_position(cursor);
}

/// One line, as much of it as there is room for.
fn put(buffer: &mut Buffer, area: Rect, line: &Line<'_>) {
    if area.height > 0 {
        buffer.set_line(area.x, area.y, line, area.width);
    }
}

fn row(area: Rect, number: usize) -> Rect {
    let number = u16::try_from(number).unwrap_or(u16::MAX);
    let height = u16::from(number < area.height);
    Rect { y: area.y.saturating_add(number), height, ..area }
}

fn list(buffer: &mut Buffer, area: Rect, client: &Client) {
    let width = usize::from(area.width.saturating_sub(1));
    let rooms = rooms::listed(client);
    let open = rooms.iter().position(|listed| Some(listed.id) == client.open());
    let height = usize::from(area.height).saturating_sub(1);
    // The open room is always among those on the screen.
    let first = open.map_or(0, |open| (open + 1).saturating_sub(height));
    let bar = |buffer: &mut Buffer, number| {
        let edge = Rect { x: area.x + area.width.saturating_sub(1), width: 1, ..row(area, number) };
        put(buffer, edge, &Line::styled("│", DIM));
    };
    put(buffer, Rect { width: area.width.saturating_sub(1), ..area }, &Line::styled(" Rooms", DIM));
    bar(buffer, 0);
    for number in 0..height {
        let at = row(area, number + 1);
        if let Some(listed) = rooms.get(first + number) {
            let is_open = open == Some(first + number);
            let style = match (is_open, listed.unread.is_empty()) {
                (true, _) => Style::new().add_modifier(Modifier::REVERSED),
                (false, false) => Style::new().add_modifier(Modifier::BOLD),
                (false, true) => Style::new(),
            };
            let title = text::cut(&listed.title, width.saturating_sub(text::width(&listed.unread) + 3));
            let gap = width.saturating_sub(2 + text::width(&title) + text::width(&listed.unread));
            put(buffer, at, &Line::styled(format!(" {title}{}{} ", " ".repeat(gap), listed.unread), style));
        }
        bar(buffer, number + 1);
    }
}

fn head(buffer: &mut Buffer, areas: Areas, client: &Client) {
    let me = client.me().map(|me| me.person.id);
    let state = state(client);
    let room = client.open().and_then(|open| client.room(open));
    let mut title = room.map_or_else(|| "Stonechat".to_owned(), |room| rooms::title(room.info(), me));
    // Where there is no list, the head says that there is something in it.
    let others =
        client.rooms().filter(|other| Some(other.id()) != client.open()).map(client::Room::unread).sum::<u32>();
    if areas.rooms.is_none() && others > 0 {
        title = format!("{title} (+{others})");
    }
    let width = usize::from(areas.head.width).saturating_sub(1);
    let topic =
        room.and_then(|room| room.info().topic.as_ref()).map(|topic| format!("  {}", text::line(topic.as_str())));
    let rest = width.saturating_sub(text::width(&state) + 1);
    let title = text::cut(&title, rest);
    let topic = text::cut(&topic.unwrap_or_default(), rest.saturating_sub(text::width(&title)));
    let gap = width.saturating_sub(text::width(&title) + text::width(&topic) + text::width(&state));
    let gap = " ".repeat(gap);
    let line = Line::from(vec![
        Span::styled(title, Style::new().add_modifier(Modifier::BOLD)),
        Span::styled(topic, DIM),
        Span::raw(gap),
        Span::raw(state),
    ]);
    put(buffer, areas.head, &line);
}

/// How the person stands with the server.
fn state(client: &Client) -> String {
    match client.connection() {
        Connection::Online => {
            client.me().map(|me| format!("{} ● ", text::line(me.person.called()))).unwrap_or_default()
        }
        Connection::Connecting { .. } => "connecting … ".to_owned(),
        Connection::Offline { .. } => "○ offline ".to_owned(),
        Connection::Stopped { code } => format!("○ closed ({code}) "),
        Connection::SignedOut => "○ logged out ".to_owned(),
    }
}

fn timeline(buffer: &mut Buffer, area: Rect, client: &Client, desk: &Desk) {
    if desk.help {
        return help(buffer, area);
    }
    let Some(room) = client.open().and_then(|open| client.room(open)) else {
        let hint =
            if client.connection() == Connection::Online { "/join name enters a room, or makes it." } else { "" };
        return put(buffer, area, &Line::styled(hint, DIM));
    };
    let (lines, _) = window(client, desk);
    // What there is stands above the composer, as in a terminal; over it, what else there may be.
    let free = usize::from(area.height).saturating_sub(lines.len());
    let above = match room.timeline() {
        past if past.is_loading() => "Reading what was said …",
        past if past.has_failed() => "What was said before could not be read. PgUp tries again.",
        past if past.has_older() => "PgUp reads what was said before.",
        _ => "Here the room begins.",
    };
    if let Some(number) = free.checked_sub(1) {
        put(buffer, row(area, number), &Line::styled(above, DIM));
    }
    for (number, placed) in lines.iter().enumerate() {
        put(buffer, row(area, free + number), &placed.line);
    }
}

fn help(buffer: &mut Buffer, area: Rect) {
    for (number, (key, does)) in HELP.iter().enumerate() {
        let gap = " ".repeat(19_usize.saturating_sub(text::width(key)));
        let line = Line::from(vec![
            Span::styled(*key, Style::new().add_modifier(Modifier::BOLD)),
            Span::raw(gap),
            Span::raw(*does),
        ]);
        put(buffer, row(area, number), &line);
    }
}

/// The line between what was said and what one says: what one was told last, or who is writing, or that there is more below.
fn rule(buffer: &mut Buffer, area: Rect, client: &Client, desk: &Desk) {
    let width = usize::from(area.width);
    let (word, style) = match (&desk.notice, &desk.scroll) {
        (Some(notice), _) => (notice.clone(), Style::new().add_modifier(Modifier::BOLD)),
        (None, Scroll::At(..)) => ("there is more below: PgDn, or Esc".to_owned(), DIM),
        (None, Scroll::End) => (typists(client), DIM),
    };
    let word = text::cut(&word, width.saturating_sub(4));
    let gap = if word.is_empty() { 0 } else { text::width(&word) + 2 };
    let mut spans = vec![Span::styled("─", DIM)];
    if !word.is_empty() {
        spans.push(Span::styled(format!(" {word} "), style));
    }
    spans.push(Span::styled("─".repeat(width.saturating_sub(gap + 1)), DIM));
    put(buffer, area, &Line::from(spans));
}

fn typists(client: &Client) -> String {
    let Some(room) = client.open() else { return String::new() };
    let names: Vec<String> = client.typists(room).map(|person| text::line(person.called())).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => format!("{one} is writing …"),
        [one, other] => format!("{one} and {other} are writing …"),
        [_, _, _, ..] => "several people are writing …".to_owned(),
    }
}

/// What one writes in so many columns, and the line and column of the cursor.
fn written(desk: &Desk, columns: u16) -> (Vec<String>, (usize, usize)) {
    desk.composer.lay(usize::from(columns).saturating_sub(PROMPT.len()))
}

/// Draws what one writes, and says where the cursor is.
fn composer(buffer: &mut Buffer, area: Rect, desk: &Desk) -> Position {
    let (lines, (line, column)) = written(desk, area.width);
    let height = usize::from(area.height).max(1);
    let first = (line + 1).saturating_sub(height);
    for (number, words) in lines.iter().skip(first).take(height).enumerate() {
        let before = if first + number == 0 { PROMPT } else { "  " };
        // A pasted text may have what a message may not.
        put(buffer, row(area, number), &Line::from(format!("{before}{}", text::line(words))));
    }
    let column = u16::try_from(column + PROMPT.len()).unwrap_or(u16::MAX).min(area.width.saturating_sub(1));
    let line = u16::try_from(line - first.min(line)).unwrap_or_default();
    Position { x: area.x + column, y: area.y + line }
}

#[cfg(test)]
mod tests;
