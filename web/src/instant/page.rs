//! What the page was opened for: its address says it, and a few attributes that it came with.

use client::instant::nick;
use protocol::instant::Secret;
use wasm_bindgen::JsValue;
use web_sys::{Element, Window};

/// Where the page of encrypted rooms is.
const HOME: &str = "/i";

/// Which room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    /// A new one: there is no key yet.
    New,
    /// The encrypted one of this secret.
    Sealed(Secret),
    /// The plain one of this name.
    Plain(String),
    /// What stands behind the `#` is no key.
    NoKey,
    /// An encrypted one, and the browser does not encrypt here.
    NoCrypto,
}

/// What the page came with.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// Which room.
    pub(crate) room: Room,
    /// The server's name.
    pub(crate) server: String,
    /// Who is signed in.
    pub(crate) person: Option<String>,
    /// How an account is made: `open`, `invitation` or `closed`.
    pub(crate) sign_up: String,
    /// A nickname that the address brought.
    pub(crate) nick: Option<String>,
}

impl Page {
    /// Reads it.
    pub(crate) fn read(window: &Window, place: &Element) -> Self {
        let attribute = |name| place.get_attribute(name);
        let fragment = window.location().hash().unwrap_or_default();
        let fragment = fragment.strip_prefix('#').filter(|fragment| !fragment.is_empty());
        let plain = attribute("data-room");
        let nickname = plain.as_ref().and(fragment).and_then(|name| js_sys::decode_uri_component(name).ok());
        let room = match (plain, fragment) {
            (Some(name), _) => Room::Plain(name),
            (None, _) if !window.is_secure_context() => Room::NoCrypto,
            (None, None) => Room::New,
            (None, Some(key)) => Secret::parse(key).map_or(Room::NoKey, Room::Sealed),
        };
        Self {
            room,
            server: attribute("data-server").unwrap_or_default(),
            person: attribute("data-person"),
            sign_up: attribute("data-sign-up").unwrap_or_default(),
            nick: nickname.map(|name| nick(&String::from(name))),
        }
    }

    /// The name that a person would be known by without typing one.
    pub(crate) fn suggested_nick(&self) -> String {
        self.nick.clone().or_else(|| self.person.clone()).unwrap_or_default()
    }
}

/// The address of an encrypted room.
pub(crate) fn link(window: &Window, secret: &Secret) -> String {
    format!("{}{HOME}#{}", window.location().origin().unwrap_or_default(), secret.text())
}

/// The address of a plain room.
pub(crate) fn plain_link(window: &Window, name: &str) -> String {
    let name = String::from(js_sys::encode_uri_component(name));
    format!("{}{HOME}/{name}", window.location().origin().unwrap_or_default())
}

/// Puts an address into the address bar in the place of the present one.
pub(crate) fn rename(window: &Window, address: &str) {
    if let Ok(history) = window.history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
    }
}
