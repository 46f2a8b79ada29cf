//! The wire of instant rooms: the head of an envelope, the names in it, and the little that the server itself says.
//!
//! An envelope is `version | sender | counter | ciphertext and tag`, in bytes. Its head is not secret; it is authenticated by the
//! clients, who also take the nonce from it, and the server sees to it that nobody speaks under another's sender. What is inside
//! an envelope, the server cannot know; the clients' agreement about that is in [`inside`].

pub mod inside;
pub mod plain;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

/// The subprotocol that both sides name in the upgrade.
pub const SUBPROTOCOL: &str = "stonechat.instant.v1";
/// Where encrypted rooms are; an [`Id`] follows.
pub const PATH: &str = "/api/v1/instant/";
/// Where plain rooms are; a name follows.
pub const PLAIN_PATH: &str = "/ws/chat/";

/// The label under which a room's id is derived from its secret (HKDF with SHA-256, without salt).
pub const ID_LABEL: &[u8] = b"stonechat instant id";
/// The label under which the key that seals envelopes is derived from a room's secret.
pub const KEY_LABEL: &[u8] = b"stonechat instant key";

/// The version of the envelope.
const VERSION: u8 = 1;
/// The tag of AES-256-GCM, which ends every envelope.
pub const TAG_BYTES: usize = 16;

/// What the members of an encrypted room share, and the server never has. It stands behind the `#` of a link.
pub type Secret = Hidden<32>;
/// The id of an encrypted room, derived from its secret. Whoever knows it can listen to ciphertext.
pub type Id = Hidden<16>;

/// Bytes that are not shown by accident.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Hidden<const BYTES: usize>([u8; BYTES]);

/// An id is handed about; a secret is not.
impl Copy for Id {}

impl<const BYTES: usize> Hidden<BYTES> {
    /// How many there are.
    pub const BYTES: usize = BYTES;
    /// How long they are as text: six bits a character.
    const CHARS: usize = (8 * BYTES).div_ceil(6);

    /// Wraps what was drawn, or derived.
    #[must_use]
    pub const fn new(bytes: [u8; BYTES]) -> Self {
        Self(bytes)
    }

    /// Reads base64url: 43 characters of a secret, 22 of an id. There is one way to write either.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // Checked first, so that nothing is decoded that is far too long.
        if text.len() != Self::CHARS {
            return None;
        }
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// A secret as it stands in a link, an id as it stands in an address.
    #[must_use]
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The bytes. From a secret's, id and key are derived; with an id's, every envelope in the room is authenticated.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; BYTES] {
        &self.0
    }
}

impl<const BYTES: usize> std::fmt::Debug for Hidden<BYTES> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// What a member drew for this connection, and nobody else in the room has. As text: 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sender([u8; Sender::BYTES]);

impl Sender {
    /// How long a sender is.
    pub const BYTES: usize = 8;

    /// Wraps what was drawn.
    #[must_use]
    pub const fn new(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }

    /// Its 16 digits.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{:016x}", u64::from_be_bytes(self.0))
    }
}

impl Serialize for Sender {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for Sender {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let number = u64::from_str_radix(&text, 16).ok().filter(|_| digits);
        let number = number.ok_or_else(|| serde::de::Error::custom("a sender is 16 hexadecimal digits"))?;
        Ok(Self(number.to_be_bytes()))
    }
}

/// The head of an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Who says it.
    pub sender: Sender,
    /// The how-manieth of this sender: it begins with 1 and rises.
    pub counter: u32,
}

impl Head {
    /// The bytes of a head: a byte of version, the sender, and the counter, most significant byte first.
    pub const BYTES: usize = 1 + Sender::BYTES + 4;

    /// The head of an envelope that came. `None`: of another version, or too short to hold a tag after the head.
    #[must_use]
    pub fn read(envelope: &[u8]) -> Option<Self> {
        let (head, rest) = envelope.split_first_chunk::<{ Self::BYTES }>()?;
        let [VERSION, sender @ .., c1, c2, c3, c4] = *head else { return None };
        let counter = u32::from_be_bytes([c1, c2, c3, c4]);
        (rest.len() >= TAG_BYTES && counter > 0).then_some(Self { sender: Sender(sender), counter })
    }

    /// The head as it stands in front of the ciphertext.
    #[must_use]
    pub fn bytes(&self) -> [u8; Self::BYTES] {
        let [s1, s2, s3, s4, s5, s6, s7, s8] = self.sender.0;
        let [c1, c2, c3, c4] = self.counter.to_be_bytes();
        [VERSION, s1, s2, s3, s4, s5, s6, s7, s8, c1, c2, c3, c4]
    }
}

/// What the server says in an encrypted room, as a text frame. It is not authenticated by anybody: hints, no facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Note {
    /// So many are here now, you included. Comes first, and after each change.
    Members {
        /// How many.
        count: usize,
    },
    /// Somebody came, and knows nobody yet.
    Joined {},
    /// The connection of this sender ended. Those who never said anything go without a word.
    Left {
        /// Who.
        sender: Sender,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_written_in_one_way() {
        let id = Id::new([0xfb; 16]);
        assert_eq!(id.text(), "-_v7-_v7-_v7-_v7-_v7-w");
        assert_eq!(Id::parse(&id.text()), Some(id));
        for wrong in [
            "",
            "-_v7-_v7-_v7-_v7-_v7-",
            "-_v7-_v7-_v7-_v7-_v7-x",
            "+/v7+/v7+/v7+/v7+/v7+w",
            "-_v7-_v7-_v7-_v7-_v7-w==",
            "-_v7-_v7-_v7-_v7-_v7 w",
            "ключключключ",
        ] {
            assert_eq!(Id::parse(wrong), None, "{wrong}");
        }
        assert_eq!(format!("{id:?}"), "…");
    }

    #[test]
    fn a_secret_is_written_in_one_way() {
        let secret = Secret::new([0xfb; 32]);
        let text = "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s";
        assert_eq!((secret.text().as_str(), Secret::parse(text)), (text, Some(secret.clone())));
        let last = |c: &str| format!("{}{c}", &text[..42]);
        for wrong in
            ["", "key", &text[..42], &format!("{text}="), &last("t"), &last(" "), &last("é"), &text.replace('-', "+")]
        {
            assert_eq!(Secret::parse(wrong), None, "{wrong}");
        }
        assert_eq!(format!("{secret:?}"), "…");
    }

    #[test]
    fn a_head_is_13_bytes() {
        let head = Head { sender: Sender::new([1, 2, 3, 4, 5, 6, 7, 8]), counter: 0x0102_0304 };
        assert_eq!(head.bytes(), [1, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4]);
        let envelope = |head: &[u8], rest: usize| [head, &vec![0; rest]].concat();
        assert_eq!(Head::read(&envelope(&head.bytes(), TAG_BYTES)), Some(head));
        assert_eq!(Head::read(&envelope(&head.bytes(), TAG_BYTES - 1)), None);
        assert_eq!(Head::read(&envelope(&head.bytes()[..5], 0)), None);
        assert_eq!(Head::read(&[]), None);
        let mut later = head.bytes();
        later[0] = 2;
        assert_eq!(Head::read(&envelope(&later, TAG_BYTES)), None);
        assert_eq!(Head::read(&envelope(&Head { counter: 0, ..head }.bytes(), TAG_BYTES)), None);
    }

    #[test]
    fn a_sender_is_16_digits() {
        let sender = Sender::new([0, 0xa1, 0, 0, 0, 0, 0, 0xff]);
        assert_eq!(serde_json::to_string(&sender).unwrap(), r#""00a10000000000ff""#);
        assert_eq!(serde_json::from_str::<Sender>(r#""00a10000000000ff""#).unwrap(), sender);
        for wrong in [r#""00A10000000000ff""#, r#""+0a10000000000ff""#, r#""ff""#, "7", r#""00a10000000000ff0""#] {
            assert!(serde_json::from_str::<Sender>(wrong).is_err(), "{wrong}");
        }
    }
}
