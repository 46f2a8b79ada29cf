//! What is said in a plain instant room. The server relays any text; people's clients say `{"message","sender","userid"}`, and
//! whatever else comes is taken for what it looks like.

use serde::Serialize;
use serde_json::Value;

/// Something said in a plain room. Nothing of it is proven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Spoken {
    /// What is said.
    pub message: String,
    /// A nickname.
    pub sender: String,
    /// What the speaker's client drew for itself, to know its own words by.
    pub userid: String,
}

impl Spoken {
    /// Reads a frame. Text that is no JSON is a message of nobody; JSON without a message is for other programs, and `None`.
    #[must_use]
    pub fn read(frame: &str) -> Option<Self> {
        let of_nobody = |message: String| Self { message, sender: String::new(), userid: String::new() };
        match serde_json::from_str(frame) {
            Err(_) => Some(of_nobody(frame.to_owned())),
            Ok(Value::String(message)) => Some(of_nobody(message)),
            Ok(Value::Object(mut fields)) => {
                let Some(Value::String(message)) = fields.remove("message") else { return None };
                let mut name = |field: &str| match fields.remove(field) {
                    Some(Value::String(text)) => text,
                    Some(Value::Number(number)) => number.to_string(),
                    Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => String::new(),
                };
                Some(Self { message, sender: name("sender"), userid: name("userid") })
            }
            Ok(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_)) => None,
        }
    }

    /// The frame.
    #[must_use]
    pub fn write(&self) -> String {
        crate::encode(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(message: &str, sender: &str, userid: &str) -> Spoken {
        Spoken { message: message.into(), sender: sender.into(), userid: userid.into() }
    }

    #[test]
    fn a_frame_is_three_strings() {
        let said = spoken("hi \"all\"\n", "Ada", "0b8f");
        assert_eq!(said.write(), r#"{"message":"hi \"all\"\n","sender":"Ada","userid":"0b8f"}"#);
        assert_eq!(Spoken::read(&said.write()), Some(said));
    }

    #[test]
    fn other_frames_are_taken_for_what_they_look_like() {
        for (frame, read) in [
            (r#"{"message":"hi"}"#, Some(spoken("hi", "", ""))),
            (r#"{"userid":7,"message":"hi","sender":null,"at":[1]}"#, Some(spoken("hi", "", "7"))),
            (r#"{"message":"1","message":"2","sender":{},"userid":true}"#, Some(spoken("2", "", ""))),
            ("<b>hello</b>", Some(spoken("<b>hello</b>", "", ""))),
            (r#""hello""#, Some(spoken("hello", "", ""))),
            (r#"{"message":5}"#, None),
            (r#"{"typing":true}"#, None),
            ("[1,2]", None),
            ("17", None),
        ] {
            assert_eq!(Spoken::read(frame), read, "{frame}");
        }
        // Too deep to be read as JSON, and so it is text.
        assert!(Spoken::read(&"[".repeat(60_000)).is_some());
    }
}
