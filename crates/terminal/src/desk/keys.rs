//! What a key means.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::composer::Edit;

/// What a key means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// Something for the composer.
    Edit(Edit),
    /// What stands in the composer is to be done.
    Enter,
    /// To end.
    Quit,
    /// To end, if there is nothing in the composer.
    End,
    NextRoom,
    FormerRoom,
    NextUnread,
    PageUp,
    PageDown,
    /// A line back: what the wheel of a mouse is to a terminal.
    Up,
    Down,
    Escape,
    /// To connect now.
    Reconnect,
}

impl Key {
    /// What a key means; many mean nothing.
    #[expect(clippy::wildcard_enum_match_arm, reason = "which keys there are is not ours to say")]
    pub(crate) fn of(event: KeyEvent) -> Option<Self> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let (ctrl, alt) =
            (event.modifiers.contains(KeyModifiers::CONTROL), event.modifiers.contains(KeyModifiers::ALT));
        if let KeyCode::Char(c) = event.code {
            return if ctrl { with_ctrl(c) } else { plain(c, alt) };
        }
        let broken = alt || event.modifiers.contains(KeyModifiers::SHIFT);
        match event.code {
            KeyCode::Enter if broken => Some(Self::Edit(Edit::Insert("\n".to_owned()))),
            KeyCode::Enter => Some(Self::Enter),
            KeyCode::Up if alt => Some(Self::FormerRoom),
            KeyCode::Down if alt => Some(Self::NextRoom),
            KeyCode::Up => Some(Self::Up),
            KeyCode::Down => Some(Self::Down),
            KeyCode::PageUp => Some(Self::PageUp),
            KeyCode::PageDown => Some(Self::PageDown),
            KeyCode::Esc => Some(Self::Escape),
            KeyCode::Backspace if alt => Some(Self::Edit(Edit::DropWord)),
            KeyCode::Backspace => Some(Self::Edit(Edit::Backspace)),
            KeyCode::Delete => Some(Self::Edit(Edit::Delete)),
            KeyCode::Left => Some(Self::Edit(Edit::Left)),
            KeyCode::Right => Some(Self::Edit(Edit::Right)),
            KeyCode::Home => Some(Self::Edit(Edit::Home)),
            KeyCode::End => Some(Self::Edit(Edit::End)),
            _ => None,
        }
    }
}

fn plain(c: char, alt: bool) -> Option<Key> {
    match (c, alt) {
        ('a', true) => Some(Key::NextUnread),
        (_, true) => None,
        (c, false) => Some(Key::Edit(Edit::Insert(c.to_string()))),
    }
}

fn with_ctrl(c: char) -> Option<Key> {
    Some(match c {
        'c' => Key::Quit,
        'd' => Key::End,
        'n' => Key::NextRoom,
        'p' => Key::FormerRoom,
        'r' => Key::Reconnect,
        'a' => Key::Edit(Edit::Home),
        'e' => Key::Edit(Edit::End),
        'h' => Key::Edit(Edit::Backspace),
        'j' => Key::Edit(Edit::Insert("\n".to_owned())),
        'u' => Key::Edit(Edit::DropStart),
        'w' => Key::Edit(Edit::DropWord),
        _ => return None,
    })
}
