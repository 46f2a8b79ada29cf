//! How the cast sends files and gets them.

use model::{File, FileId, Posted, RoomId, Seq};
use protocol::{Code, http::Upload};
use serde::de::DeserializeOwned;

use super::{Answer, Guest, JSON, line};

/// What a server answered to whoever asked for a file.
#[derive(Debug)]
pub struct Fetched {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub bytes: Vec<u8>,
    headers: Vec<(String, String)>,
}

impl Fetched {
    /// A header, if there is one.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// As an answer of text.
    #[must_use]
    pub fn answer(self) -> Answer {
        let text = String::from_utf8(self.bytes).expect("a body of text");
        Answer { status: self.status, text, headers: self.headers }
    }
}

impl Guest {
    /// Announces a file for a room. The name is the key, too, but for what a key cannot have in it.
    pub fn announces(&self, room: RoomId, name: &str, size: usize) -> Answer {
        let key: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(64).collect();
        let body = serde_json::json!({ "room": room, "key": key, "name": name, "size": size, "type": "text/plain" });
        self.sends("POST", "uploads", &body)
    }

    /// Adds bytes to an upload.
    pub fn adds(&self, upload: FileId, offset: u64, bytes: &[u8]) -> Answer {
        let offset = offset.to_string();
        let headers = [("upload-offset", offset.as_str()), ("content-type", "application/octet-stream")];
        self.asks_bytes("PATCH", &format!("uploads/{upload}"), &headers, bytes).answer()
    }

    /// Sends a file of this content for a room, all at once.
    pub fn uploads(&self, room: RoomId, name: &str, content: &[u8]) -> Result<File, Code> {
        let announced = self.announces(room, name, content.len());
        if announced.status != 201 {
            return Err(announced.code());
        }
        let Upload { id, offset, file: _ } = announced.value();
        let start = usize::try_from(offset).expect("a place in the file");
        let sent = self.adds(id, offset, content.get(start..).unwrap_or_default());
        if sent.status == 200 { Ok(sent.value()) } else { Err(sent.code()) }
    }

    /// Posts files, and perhaps a text.
    pub fn posts_files(&self, room: RoomId, key: &str, text: &str, files: &[FileId]) -> Result<Posted, Code> {
        let body = serde_json::json!({ "key": key, "text": text, "files": files });
        let answer = self.sends("POST", &format!("rooms/{room}/messages"), &body);
        if answer.status == 200 { Ok(answer.value()) } else { Err(answer.code()) }
    }

    /// Takes a message back.
    pub fn deletes(&self, room: RoomId, message: Seq) -> Answer {
        self.asks("DELETE", &format!("rooms/{room}/messages/{message}"), None)
    }

    /// Gets a file.
    #[must_use]
    pub fn fetches(&self, file: FileId) -> Fetched {
        self.fetches_with(&format!("files/{file}"), &[])
    }

    /// Gets `/api/v1/{path}`, whatever it is, with these headers.
    #[must_use]
    pub fn fetches_with(&self, path: &str, headers: &[(&str, &str)]) -> Fetched {
        self.asks_bytes("GET", path, headers, &[])
    }

    /// Asks a server that may be gone at any moment. `None`: it is, or it was before it had answered.
    #[must_use]
    pub fn tries(&self, method: &str, path: &str, headers: &[(&str, &str)], bytes: &[u8]) -> Option<u16> {
        self.try_bytes(method, path, headers, bytes).ok().map(|fetched| fetched.status)
    }

    /// The same, for an answer that is a value. `None` also for a refusal.
    #[must_use]
    pub fn tries_value<T: DeserializeOwned>(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        bytes: &[u8],
    ) -> Option<T> {
        let fetched = self.try_bytes(method, path, headers, bytes).ok()?;
        assert!(fetched.status < 300, "{} {}", fetched.status, String::from_utf8_lossy(&fetched.bytes));
        serde_json::from_slice(&fetched.bytes).ok()
    }

    fn asks_bytes(&self, method: &str, path: &str, headers: &[(&str, &str)], bytes: &[u8]) -> Fetched {
        self.try_bytes(method, path, headers, bytes).unwrap_or_else(|e| panic!("{method} {path}: {e}"))
    }

    fn try_bytes(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        bytes: &[u8],
    ) -> Result<Fetched, ureq::Error> {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(line::PATIENCE))
            .allow_non_standard_methods(true)
            .build()
            .into();
        let url = format!("{}/api/v1/{path}", self.base);
        let mut request = ureq::http::Request::builder().method(method).uri(&url);
        request = request.header("authorization", format!("Bearer {}", self.token));
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header(JSON.0, JSON.1);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(bytes.to_vec()).expect("a request");
        let mut response = agent.run(request)?;
        let pairs = response.headers().iter();
        let headers = pairs.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("").to_owned())).collect();
        let status = response.status().as_u16();
        let bytes = response.body_mut().with_config().limit(64 << 20).read_to_vec()?;
        Ok(Fetched { status, bytes, headers })
    }
}
