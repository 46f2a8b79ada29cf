//! The pages' templates, in `crates/server/templates`, checked by the compiler.

use askama::Template;

use crate::{
    House,
    http::{App, Program},
};

/// What every page needs.
pub(super) struct Page<'a> {
    pub(super) server_name: &'a str,
    pub(super) doors_style: &'static str,
    pub(super) icon: &'static str,
    pub(super) app: Option<App>,
}

impl<'a> Page<'a> {
    pub(super) fn of(house: &'a House) -> Self {
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
