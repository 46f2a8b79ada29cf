//! The page of instant rooms. What it is for is behind the `#` of its address, or is a plain room's name, and the page's own
//! program goes in; the server hands out the same few lines to everybody.

use std::{fmt::Write as _, sync::Arc};

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use instant::Name;
use model::{Refusal, SignUpPolicy};
use serde::Deserialize;

use super::templates::{Door, InstantShell, NoApp, NoInstant, Page};
use crate::{
    Failure, House, InstantRooms,
    http::{Caller, path::Named},
};

/// Plain rooms that the landing page names.
pub(super) const SUGGESTED: [&str; 5] = ["Lobby", "India", "Brazil", "Japan", "Kenya"];

/// `/?group=<name>&user=<nickname>`: the way into a plain room.
#[derive(Deserialize)]
pub(crate) struct PlainRoom {
    group: Option<String>,
    user: Option<String>,
}

impl PlainRoom {
    /// The page of the room that is asked for. The nickname stands behind the `#`, so that it is not sent again.
    pub(super) fn path(&self) -> Option<String> {
        let group = self.group.as_deref().filter(|group| !group.trim().is_empty())?;
        let nick =
            self.user.as_deref().filter(|user| !user.trim().is_empty()).map(|user| format!("#{}", escaped(user)));
        Some(format!("/i/{}{}", escaped(group), nick.unwrap_or_default()))
    }
}

/// How instant rooms stand here.
pub(super) fn door(house: &House) -> Door {
    match house.settings.instant {
        InstantRooms::Open => Door::Open,
        InstantRooms::Off => Door::Shut("Instant rooms are switched off on this server."),
        InstantRooms::Unsafe => Door::Shut(
            "Instant rooms are closed here for now: this machine may write its memory to a disk, and a room that keeps nothing \
             cannot promise that then.",
        ),
    }
}

/// `GET /i`: an encrypted room, which the part of the address that is not sent names, or a new one.
pub(crate) async fn encrypted_room(
    State(house): State<Arc<House>>,
    caller: Option<Caller>,
) -> Result<Response, Failure> {
    page(&house, caller, None)
}

/// `GET /i/{name}`: a plain room.
pub(crate) async fn plain_room(
    State(house): State<Arc<House>>,
    caller: Option<Caller>,
    Named(name): Named<String>,
) -> Result<Response, Failure> {
    Name::parse(&name).map_err(Refusal::from)?;
    page(&house, caller, Some(&name))
}

fn page(house: &House, caller: Option<Caller>, room: Option<&str>) -> Result<Response, Failure> {
    let page = Page::of(house);
    if let Door::Shut(why) = door(house) {
        let text = NoInstant { page, why }.render()?;
        return Ok((StatusCode::SERVICE_UNAVAILABLE, Html(text)).into_response());
    }
    let person = caller.map(|caller| caller.session.person.name.to_string());
    let sign_up = match house.settings.sign_up {
        SignUpPolicy::Open => "open",
        SignUpPolicy::Invitation => "invitation",
        SignUpPolicy::Closed => "closed",
    };
    let text = match house.front.instant {
        Ok(instant) => InstantShell { page, instant, room, person: person.as_deref(), sign_up }.render()?,
        Err(why) => NoApp { page, why }.render()?,
    };
    Ok(Html(text).into_response())
}

/// A text as a part of an address: whatever is not plainly a letter or a digit as `%` and two digits.
fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_into_a_plain_room_stays_in_the_house() {
        let path = |group: Option<&str>, user: Option<&str>| {
            PlainRoom { group: group.map(Into::into), user: user.map(Into::into) }.path()
        };
        assert_eq!(path(Some("tea"), None).as_deref(), Some("/i/tea"));
        assert_eq!(path(Some("tea"), Some("Ada L")).as_deref(), Some("/i/tea#Ada%20L"));
        assert_eq!(path(Some("Größe"), Some(" ")).as_deref(), Some("/i/Gr%C3%B6%C3%9Fe"));
        assert_eq!(path(Some("/evil.example\r\n#"), None).as_deref(), Some("/i/%2Fevil%2Eexample%0D%0A%23"));
        for nothing in [None, Some(""), Some(" ")] {
            assert_eq!(path(nothing, Some("Ada")), None);
        }
    }
}
