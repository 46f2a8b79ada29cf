//! Words that stand nowhere else in the world.

use std::fmt::Write as _;

/// What is said, by whom, and in which room. Each has letters beyond ASCII and a space in it, which look different in
/// different forms.
pub(crate) struct Canary {
    text: String,
    nick: String,
    room: String,
}

impl Canary {
    pub(crate) fn draw() -> anyhow::Result<Self> {
        Ok(Self {
            text: format!("süßer Ton {}", digits()?),
            nick: format!("Zoë {}", digits()?),
            room: format!("Höhle {}", digits()?),
        })
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn nick(&self) -> &str {
        &self.nick
    }

    pub(crate) fn room(&self) -> &str {
        &self.room
    }
}

fn digits() -> anyhow::Result<String> {
    let mut bytes = [0; 12];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
