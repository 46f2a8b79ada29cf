//! The pages' templates, in `crates/server/templates`, checked by the compiler.

use askama::Template;

use super::plain::{Line, Listed};
use crate::{
    House,
    http::{App, Program},
};

/// What every page needs.
pub(crate) struct Page<'a> {
    pub(crate) server_name: &'a str,
    pub(crate) doors_style: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) app: Option<App>,
}

impl<'a> Page<'a> {
    pub(crate) fn of(house: &'a House) -> Self {
        Self {
            server_name: &house.settings.server_name,
            doors_style: house.front.doors_style,
            icon: house.front.icon,
            app: house.front.app.ok(),
        }
    }
}

#[derive(Template)]
#[template(path = "landing.html")]
pub(super) struct Landing<'a> {
    pub(super) page: Page<'a>,
    pub(super) sign_up_open: bool,
    pub(super) instant: Door,
    /// Plain rooms to begin with: where nobody knows a room's name, nobody meets.
    pub(super) suggested: [&'static str; 5],
}

/// How instant rooms stand on this server, for whoever looks at a page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    Open,
    /// Why not, in a sentence.
    Shut(&'static str),
}

#[derive(Template)]
#[template(path = "instant.html")]
pub(super) struct InstantShell<'a> {
    pub(super) page: Page<'a>,
    pub(super) instant: Program,
    /// The plain room's name; none in an encrypted one, which the server cannot name.
    pub(super) room: Option<&'a str>,
    /// The person's name, if they are signed in.
    pub(super) person: Option<&'a str>,
    /// How an account is made: `open`, `invitation` or `closed`.
    pub(super) sign_up: &'static str,
}

#[derive(Template)]
#[template(path = "no_instant.html")]
pub(super) struct NoInstant<'a> {
    pub(super) page: Page<'a>,
    pub(super) why: &'static str,
}

#[derive(Template)]
#[template(path = "sign_up.html")]
pub(super) struct SignUp<'a> {
    pub(super) page: Page<'a>,
    pub(super) username: String,
    pub(super) error: Option<String>,
    pub(super) invitation: Option<String>,
}

#[derive(Template)]
#[template(path = "log_in.html")]
pub(super) struct LogIn<'a> {
    pub(super) page: Page<'a>,
    pub(super) username: String,
    pub(super) error: Option<String>,
    pub(super) next: Option<String>,
    pub(super) sign_up_open: bool,
}

#[derive(Template)]
#[template(path = "set_up.html")]
pub(super) struct SetUp<'a> {
    pub(super) page: Page<'a>,
    pub(super) token: String,
    pub(super) username: String,
    pub(super) error: Option<String>,
}

#[derive(Template)]
#[template(path = "app.html")]
pub(super) struct AppShell<'a> {
    pub(super) page: Page<'a>,
    /// Whose app it is: what another person left on the device is not shown, not even for a moment.
    pub(super) person: model::UserId,
}

#[derive(Template)]
#[template(path = "plain_rooms.html")]
pub(super) struct PlainRooms<'a> {
    pub(super) page: Page<'a>,
    /// What the person is called.
    pub(super) me: &'a str,
    /// Proves that a form is from here.
    pub(super) token: String,
    pub(super) own: Vec<Listed>,
    /// Public rooms that they are not in.
    pub(super) others: Vec<Listed>,
    /// What was typed as a room's name, and what was wrong with it.
    pub(super) name: String,
    pub(super) error: Option<String>,
}

#[derive(Template)]
#[template(path = "plain_room.html")]
pub(super) struct PlainRoom<'a> {
    pub(super) page: Page<'a>,
    pub(super) id: model::RoomId,
    pub(super) title: String,
    pub(super) topic: String,
    pub(super) lines: Vec<Line>,
    /// The first message here, if there are others before it.
    pub(super) older: Option<model::Seq>,
    pub(super) newer: bool,
    /// Nothing has been said there.
    pub(super) is_silent: bool,
    /// It is loaded again by itself, and has no form, in which a text would be lost then.
    pub(super) follows: bool,
    pub(super) form: Option<PlainForm>,
}

/// What can be done in a room.
pub(super) struct PlainForm {
    pub(super) token: String,
    /// The name of what is written, so that it is kept once.
    pub(super) key: String,
    pub(super) member: bool,
    /// What was written, and what was wrong with it.
    pub(super) text: String,
    pub(super) error: Option<String>,
}

#[derive(Template)]
#[template(path = "no_app.html")]
pub(super) struct NoApp<'a> {
    pub(super) page: Page<'a>,
    pub(super) why: &'static str,
}

#[derive(Template)]
#[template(path = "problem.html")]
pub(super) struct Problem<'a> {
    pub(super) page: Page<'a>,
    pub(super) title: String,
    pub(super) message: String,
    pub(super) request_id: String,
}
