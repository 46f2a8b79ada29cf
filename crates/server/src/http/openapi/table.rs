//! The table of the API. The router and its description are made of the same lines, so that neither knows an address that the other
//! does not.

use std::{collections::BTreeMap, sync::Arc};

use axum::{Router, routing::MethodRouter};
use model::{ClientKey, Emoji, EmojiName, FileId, HookId, PushId, RoomId, Seq, SessionId, Timestamp, UserId};
use protocol::http::Problem;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::{
    door::{Door, schemas},
    exact,
};
use crate::House;

/// What stands in braces in an address, the form of it, or a pattern of it, and what it is.
const PARTS: [(&str, &str, &str); 14] = [
    ("room", "RoomId", "The room."),
    ("seq", "Seq", "The message's place in its room."),
    ("person", "UserId", "The person."),
    ("file", "FileId", "The file."),
    ("device", "PushId", "The device."),
    ("key", "ClientKey", "The client's name for the message."),
    ("emoji", "Emoji", "The emoji: a sign, or the name of one of the server's own between colons."),
    ("name", "EmojiName", "The emoji's name, without colons."),
    ("bot", "UserId", "Your bot."),
    ("token", "SessionId", "The token's name for programs; not the token."),
    ("hook", "HookId", "The hook."),
    ("secret", "^[0-9a-f]{64}$", "What the hook's address ends with."),
    ("line", "^[0-9a-f]{32}$", "The line's name."),
    // The last character stands for two bits and four noughts.
    ("id", "^[A-Za-z0-9_-]{21}[AQgw]$", "The encrypted room's id: 16 bytes in base64url."),
];

/// Addresses, what answers there, and what is said of them.
pub(crate) struct Table {
    router: Router<Arc<House>>,
    paths: BTreeMap<&'static str, Map<String, Value>>,
    schemas: BTreeMap<String, Value>,
}

impl Table {
    pub(crate) fn new() -> Self {
        let mut table = Self { router: Router::new(), paths: BTreeMap::new(), schemas: BTreeMap::new() };
        table.know::<Problem>();
        // What stands in addresses and query strings.
        table.know::<RoomId>();
        table.know::<SessionId>();
        table.know::<HookId>();
        table.know::<UserId>();
        table.know::<PushId>();
        table.know::<FileId>();
        table.know::<Seq>();
        table.know::<Timestamp>();
        table.know::<ClientKey>();
        table.know::<Emoji>();
        table.know::<EmojiName>();
        table
    }

    fn know<T: ToSchema>(&mut self) {
        self.schemas.extend(schemas::<T>());
    }

    /// An address and its methods.
    pub(crate) fn at<const N: usize>(mut self, path: &'static str, doors: [Door; N]) -> Self {
        let mut route = MethodRouter::new();
        for mut door in doors {
            route = route.merge(std::mem::take(&mut door.route));
            self.schemas.append(&mut door.schemas.drain(..).collect());
            let method = door.method.to_owned();
            self.paths.entry(path).or_default().insert(method, operation(path, door));
        }
        self.router = self.router.route(path, route);
        self
    }

    /// The router, and the document of it and of others.
    pub(crate) fn split(self) -> (Router<Arc<House>>, Self) {
        (self.router, Self { router: Router::new(), paths: self.paths, schemas: self.schemas })
    }

    /// Another table's addresses are described in the same document.
    pub(crate) fn and(mut self, mut other: Self) -> Self {
        self.paths.append(&mut other.paths);
        self.schemas.append(&mut other.schemas);
        self
    }

    /// The document (`OpenAPI` 3.1.0).
    pub(crate) fn document(self) -> Value {
        let schemas: Map<_, _> = self.schemas.into_iter().collect();
        let mut document = json!({
            "openapi": "3.1.0",
            "info": {
                "title": "Stonechat",
                "version": env!("CARGO_PKG_VERSION"),
                "license": { "name": env!("CARGO_PKG_LICENSE") },
                "description": "What programs may ask of a Stonechat server. PROTOCOL.md tells of the frames that go over sockets and lines.",
            },
            "security": [{ "token": [] }, { "cookie": [] }],
            "paths": self.paths,
            "components": {
                "schemas": schemas,
                "securitySchemes": {
                    "token": { "type": "http", "scheme": "bearer" },
                    "cookie": { "type": "apiKey", "in": "cookie", "name": "stonechat_sid" },
                },
            },
        });
        exact::make(&mut document);
        document
    }
}

fn operation(path: &str, door: Door) -> Value {
    let mut answers: Map<String, Value> =
        door.answers.into_iter().map(|(status, answer)| (status.to_string(), answer)).collect();
    answers.insert(
        "default".into(),
        json!({
            "description": "A refusal: its code is stable, and its words are for people.",
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        }),
    );
    let mut parameters: Vec<_> = parts(path).collect();
    parameters.extend(door.parameters);
    let mut operation = json!({
        "operationId": door.name,
        "tags": [door.name.split('.').next()],
        "summary": door.summary,
        "parameters": parameters,
        "responses": answers,
    });
    let fields = operation.as_object_mut();
    if let Some(fields) = fields {
        fields.extend(door.body.map(|body| ("requestBody".to_owned(), body)));
        fields.extend(door.open.then(|| ("security".to_owned(), json!([{}]))));
    }
    operation
}

/// The parameters of an address.
fn parts(path: &str) -> impl Iterator<Item = Value> {
    let named = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    named.map(|part| {
        let known = PARTS.iter().find(|(name, ..)| *name == part);
        let (_, form, words) = known.unwrap_or(&("", "", ""));
        let schema = if form.starts_with('^') {
            json!({ "type": "string", "pattern": form })
        } else {
            json!({ "$ref": format!("#/components/schemas/{form}") })
        };
        json!({ "name": part, "in": "path", "required": true, "description": words, "schema": schema })
    })
}
