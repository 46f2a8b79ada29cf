//! What a line in the composer asks for.

use client::slash::{Slash, shrug};

/// What a line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// To be said.
    Say(String),
    /// To enter the public room of this name, made if there is none.
    Join(String),
    /// To open the direct chat with somebody.
    Direct(String),
    /// To leave the room.
    Leave,
    /// To send again what failed.
    Retry,
    /// To give up what failed.
    Discard,
    /// To show what can be done.
    Help,
    /// To go.
    Quit,
    /// Nothing that can be done here, and why.
    Not(String),
}

impl Command {
    pub(crate) fn read(text: &str) -> Self {
        let (word, what) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let what = what.trim();
        match word {
            "/join" if what.is_empty() => Self::Not("Say which room: /join name".to_owned()),
            "/join" => Self::Join(what.trim_start_matches('#').to_owned()),
            "/quit" | "/exit" => Self::Quit,
            "/help" => Self::Help,
            "/retry" => Self::Retry,
            "/discard" => Self::Discard,
            _ => Self::shared(text),
        }
    }

    /// A command that all clients have.
    fn shared(text: &str) -> Self {
        let elsewhere =
            |name: &str| Self::Not(format!("/{name} is not in the terminal. Open the app in a browser for it."));
        match Slash::read(text) {
            Slash::Say(text) => Self::Say(text.to_owned()),
            Slash::Shrug(text) => Self::Say(shrug(text)),
            Slash::Direct(name) => Self::Direct(name.to_owned()),
            Slash::Leave => Self::Leave,
            Slash::Topic(_) => elsewhere("topic"),
            Slash::Invite(_) => elsewhere("invite"),
            Slash::Poll(_) => elsewhere("poll"),
            Slash::Later(_) => elsewhere("later"),
            Slash::Unknown(name) => Self::Not(format!("There is no /{name}. /help lists what there is.")),
            Slash::Lacking(usage) => Self::Not(format!("Say more: /{} {}", usage.name, usage.what)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_said_or_done() {
        let say = |text: &str| Command::Say(text.to_owned());
        for (text, command) in [
            ("hello", say("hello")),
            ("//join is said", say("/join is said")),
            ("/etc/hosts", say("/etc/hosts")),
            ("/me waves", say("/me waves")),
            ("/join  #stones ", Command::Join("stones".to_owned())),
            ("/msg @bob", Command::Direct("bob".to_owned())),
            ("/leave", Command::Leave),
            ("/quit", Command::Quit),
            ("/help me", Command::Help),
        ] {
            assert_eq!(Command::read(text), command, "{text}");
        }
        for text in ["/join", "/dance", "/msg", "/poll a | b | c", "/poll", "/topic x"] {
            assert!(matches!(Command::read(text), Command::Not(_)), "{text}");
        }
    }
}
