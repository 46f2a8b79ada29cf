//! One case of the suite: what is sent, what should come back, and how the socket should end.

use crate::wire::{Frame, Heard, fragments, joined};

/// A case, by its number in the suite.
pub(crate) struct Case {
    /// Such as `6.4.3`.
    pub(crate) number: String,
    /// The route of the server under test.
    pub(crate) route: Route,
    /// The RFC leaves open what follows: it is looked at, but is neither right nor wrong.
    pub(crate) informational: bool,
    /// Written when it is played, for the large ones have megabytes.
    pub(crate) script: Box<dyn Fn() -> Script + Send + Sync>,
}

/// Where a case is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// An echo with the bounds of the chat's own sockets.
    Bounded,
    /// An echo with larger bounds, for messages that the chat would not take.
    Raised,
}

/// What a client does, and what it should see.
pub(crate) struct Script {
    pub(crate) steps: Vec<Step>,
    /// What should come, except the good-bye, in this order.
    pub(crate) hears: Vec<Heard>,
    /// What may come instead, by the letter of the RFC.
    pub(crate) or_hears: Option<Vec<Heard>>,
    pub(crate) ending: Ending,
}

/// One thing that a client does.
pub(crate) enum Step {
    /// Writes all of it at once.
    Send(Vec<u8>),
    /// Writes it in pieces of so many bytes.
    Chop(Vec<u8>, usize),
    /// Waits until so many things were heard in all.
    Hear(usize),
    /// Sends one message after the other, each when the one before has come back, and wants all of them back.
    Rounds(Frame, Heard, usize),
    /// Waits so many milliseconds for the other side to close. If it does, the rest is not sent.
    Listen(u64),
}

/// How the socket ends.
#[derive(Clone, Debug)]
pub(crate) enum Ending {
    /// When all is heard, we close with 1000. The answer is 1000, and then an orderly end of the connection.
    Clean,
    /// We have closed already. The answer has one of these numbers; it has none if the list is empty.
    Answered(Vec<u16>),
    /// The other side closes, with this number.
    Failed(u16),
}

impl Case {
    /// A case that the chat's own bounds allow.
    pub(crate) fn new(number: impl Into<String>, script: impl Fn() -> Script + Send + Sync + 'static) -> Self {
        Self { number: number.into(), route: Route::Bounded, informational: false, script: Box::new(script) }
    }

    pub(crate) fn raised(mut self) -> Self {
        self.route = Route::Raised;
        self
    }

    pub(crate) fn informational(mut self) -> Self {
        self.informational = true;
        self
    }
}

impl Script {
    /// Sends frames in one write.
    pub(crate) fn send(frames: &[Frame]) -> Self {
        let steps = vec![Step::Send(joined(frames))];
        Self { steps, hears: Vec::new(), or_hears: None, ending: Ending::Clean }
    }

    /// Sends frames, each in a write of its own.
    pub(crate) fn send_each(frames: &[Frame]) -> Self {
        let mut script = Self::send(&[]);
        script.steps = frames.iter().map(|frame| Step::Send(frame.bytes())).collect();
        script
    }

    /// Sends frames, some bytes at a time.
    pub(crate) fn chop(frames: &[Frame], bytes: usize) -> Self {
        let mut script = Self::send(&[]);
        script.steps = vec![Step::Chop(joined(frames), bytes)];
        script
    }

    /// Sends one message in fragments of so many bytes.
    pub(crate) fn fragment(whole: &Frame, bytes: usize) -> Self {
        Self::send(&fragments(whole, bytes))
    }

    pub(crate) fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// What should come back.
    pub(crate) fn hears(mut self, heard: impl IntoIterator<Item = Heard>) -> Self {
        self.hears = heard.into_iter().collect();
        self
    }

    pub(crate) fn or_hears(mut self, heard: impl IntoIterator<Item = Heard>) -> Self {
        self.or_hears = Some(heard.into_iter().collect());
        self
    }

    /// What was sent contained a good-bye.
    pub(crate) fn answered(mut self, codes: &[u16]) -> Self {
        self.ending = Ending::Answered(codes.to_vec());
        self
    }

    /// The other side should close.
    pub(crate) fn fails(mut self, code: u16) -> Self {
        self.ending = Ending::Failed(code);
        self
    }
}
