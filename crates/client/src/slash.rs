//! What stands after a slash at the beginning of a message: a command to the client, in the words that chat systems share.
//!
//! `/me` is a message like any other and stays in its text, as in XEP-0245; [`action`] reads it. A slash that begins no command, such as
//! that of a path, is text; and two slashes say one.

/// What a text in the composer asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slash<'a> {
    /// To be said as it is, or with this in its place.
    Say(&'a str),
    /// To be said with a shrug after it.
    Shrug(&'a str),
    /// To say what the room is about; nothing: to say that it is about nothing in particular.
    Topic(&'a str),
    /// To bring somebody into the room.
    Invite(&'a str),
    /// To ask a question; what is asked and the answers stand between bars.
    Poll(&'a str),
    /// To be said later; nothing: to show what is planned.
    Later(&'a str),
    /// To open the direct chat with somebody.
    Direct(&'a str),
    /// To leave the room.
    Leave,
    /// There is no such command.
    Unknown(&'a str),
    /// Something has to stand after the command.
    Lacking(&'a Usage),
}

/// How a command is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// The command, without its slash.
    pub name: &'static str,
    /// What stands after it.
    pub what: &'static str,
    /// What it does.
    pub does: &'static str,
}

/// Every command, in the order in which they are offered.
pub const COMMANDS: [Usage; 8] = [
    Usage { name: "me", what: "waves", does: "Say what you do" },
    Usage { name: "shrug", what: "text", does: "Say it with a shrug" },
    Usage { name: "poll", what: "question | answer | answer", does: "Let everybody vote" },
    Usage { name: "topic", what: "text", does: "Say what this room is about" },
    Usage { name: "invite", what: "@name", does: "Bring somebody into this room" },
    Usage { name: "msg", what: "@name", does: "Open the chat with somebody" },
    Usage { name: "later", what: "text", does: "Say it at another time" },
    Usage { name: "leave", what: "", does: "Leave this room" },
];

/// A shrug, with its arms kept from being markup.
const SHRUG: &str = r"¯\\_(ツ)\_/¯";

impl<'a> Slash<'a> {
    /// Reads what stands in a composer.
    #[must_use]
    pub fn read(text: &'a str) -> Self {
        let Some(rest) = text.strip_prefix('/') else { return Self::Say(text) };
        if rest.starts_with('/') {
            return Self::Say(rest);
        }
        let (name, what) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        if name.is_empty() || !name.bytes().all(|letter| letter.is_ascii_lowercase()) {
            return Self::Say(text);
        }
        let (what, lacking) = (what.trim(), |at: usize| Self::Lacking(&COMMANDS[at]));
        let person = what.strip_prefix('@').unwrap_or(what);
        match name {
            "me" if what.is_empty() => lacking(0),
            "me" => Self::Say(text),
            "shrug" => Self::Shrug(what),
            "poll" if crate::poll::Poll::write(what).is_none() => lacking(2),
            "poll" => Self::Poll(what),
            "topic" => Self::Topic(what),
            "invite" if person.is_empty() => lacking(4),
            "invite" => Self::Invite(person),
            "msg" if person.is_empty() => lacking(5),
            "msg" => Self::Direct(person),
            "later" => Self::Later(what),
            "leave" => Self::Leave,
            _ => Self::Unknown(name),
        }
    }
}

/// A text with a shrug after it.
#[must_use]
pub fn shrug(text: &str) -> String {
    if text.is_empty() { SHRUG.to_owned() } else { format!("{text} {SHRUG}") }
}

/// What the author of a message does, if it says that: the text after `/me`.
#[must_use]
pub fn action(text: &str) -> Option<&str> {
    text.strip_prefix("/me ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_a_word_of_letters_after_a_slash() {
        let cases = [
            ("hello", Slash::Say("hello")),
            ("/etc/hosts is a file", Slash::Say("/etc/hosts is a file")),
            ("/", Slash::Say("/")),
            ("/ me", Slash::Say("/ me")),
            ("/2", Slash::Say("/2")),
            ("//topic", Slash::Say("/topic")),
            (" /topic x", Slash::Say(" /topic x")),
            ("/me waves", Slash::Say("/me waves")),
            ("/me", Slash::Lacking(&COMMANDS[0])),
            ("/shrug", Slash::Shrug("")),
            ("/shrug who knows", Slash::Shrug("who knows")),
            ("/topic  Stones \n", Slash::Topic("Stones")),
            ("/topic", Slash::Topic("")),
            ("/invite @bob", Slash::Invite("bob")),
            ("/invite\tbob", Slash::Invite("bob")),
            ("/invite @", Slash::Lacking(&COMMANDS[4])),
            ("/msg", Slash::Lacking(&COMMANDS[5])),
            ("/poll Where? | Here", Slash::Lacking(&COMMANDS[2])),
            ("/poll Where? | Here | There", Slash::Poll("Where? | Here | There")),
            ("/msg @bob", Slash::Direct("bob")),
            ("/later tea is ready", Slash::Later("tea is ready")),
            ("/leave", Slash::Leave),
            ("/dance now", Slash::Unknown("dance")),
        ];
        for (text, read) in cases {
            assert_eq!(Slash::read(text), read, "{text}");
        }
        for usage in &COMMANDS {
            assert!(!matches!(Slash::read(&format!("/{} x | y | z", usage.name)), Slash::Unknown(_)), "{}", usage.name);
        }
    }

    #[test]
    fn a_shrug_survives_the_markup() {
        assert_eq!(markup::plain(&shrug("well"), 99), r"well ¯\_(ツ)_/¯");
        assert_eq!(markup::plain(&shrug(""), 99), r"¯\_(ツ)_/¯");
    }

    #[test]
    fn an_action_is_what_stands_after_me() {
        assert_eq!((action("/me waves"), action("/message"), action("/me")), (Some("waves"), None, None));
    }
}
