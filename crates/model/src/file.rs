//! Files that go with messages.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::FileName;

/// A file's name for programs: 128 random bits, written as 32 lower-case hexadecimal digits. Nobody guesses it, and yet every
/// request for the file is checked: it is a name and not a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^[0-9a-f]{32}$"))]
#[serde(into = "String", try_from = "String")]
pub struct FileId(u128);

/// A file's id is 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a file's id is 32 lower-case hexadecimal digits")]
pub struct BadFileId;

impl FileId {
    /// Wraps random bits.
    #[must_use]
    pub const fn new(bits: u128) -> Self {
        Self(bits)
    }
}

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileId({self})")
    }
}

impl FromStr for FileId {
    type Err = BadFileId;

    fn from_str(text: &str) -> Result<Self, BadFileId> {
        let plain = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if plain { u128::from_str_radix(text, 16).map(Self).map_err(|_| BadFileId) } else { Err(BadFileId) }
    }
}

impl From<FileId> for String {
    fn from(id: FileId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for FileId {
    type Error = BadFileId;

    fn try_from(text: String) -> Result<Self, BadFileId> {
        text.parse()
    }
}

/// What can be done with a file, as the server found by looking into it. Neither its name nor what its sender says counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Made anew by the server, without anything but the picture: to be shown in its place.
    Picture,
    /// To be heard in its place.
    Audio,
    /// To be seen in its place.
    Video,
    /// To be kept, and never shown by the server's own address.
    Other,
}

/// A file as everybody in its room sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct File {
    /// Its name for programs.
    pub id: FileId,
    /// Its name for people.
    pub name: FileName,
    /// What is fetched, in bytes. A picture's is that of the picture made anew.
    pub size: u64,
    /// What can be done with it.
    pub kind: FileKind,
    /// Its media type: found by the server, but for [`FileKind::Other`], where it may be what the sender said.
    #[serde(rename = "type")]
    pub media_type: String,
    /// How a picture looks before it has come.
    #[serde(flatten, default, skip_serializing_if = "Option::is_none")]
    pub look: Option<Look>,
}

/// A picture's measures, upright, and what to show until it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Look {
    /// In pixels; at least 1.
    pub width: u32,
    /// In pixels; at least 1.
    pub height: u32,
    /// A blur of some 25 bytes (<https://evanw.github.io/thumbhash/>), in base64.
    pub thumbhash: String,
    /// Whether it moves. Its preview does not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub animated: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back_as_it_was_written() {
        let id = FileId::new(0x0123_4567_89ab_cdef);
        assert_eq!(id.to_string(), "00000000000000000123456789abcdef");
        assert_eq!(id.to_string().parse(), Ok(id));
        for wrong in
            ["", "0123", "00000000000000000123456789ABCDEF", "+0000000000000000123456789abcdef", "../../etc/passwd"]
        {
            assert_eq!(wrong.parse::<FileId>(), Err(BadFileId), "{wrong}");
        }
    }
}
