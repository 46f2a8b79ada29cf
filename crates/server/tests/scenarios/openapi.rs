//! The document of the API: it and the router know the same addresses, all that it refers to is there, and a page shows it to people.

use std::collections::BTreeSet;

use protocol::Code;
use serde_json::Value;
use testkit::cast::{Guest, JSON, send};

use crate::house::Running;

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

fn document(house: &Running) -> Value {
    let answer = send("GET", &house.url("/api/v1/openapi.json"), &[], None);
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    serde_json::from_str(&answer.text).unwrap()
}

/// An address with something that may stand there in the place of each of its parts.
fn filled(path: &str) -> String {
    let part = |part: &str| match part.strip_prefix('{') {
        Some("line}" | "file}") => "0123456789abcdef0123456789abcdef".to_owned(),
        Some("id}") => "A".repeat(22),
        Some("emoji}") => "%F0%9F%91%8D".to_owned(),
        Some(_) => "1".to_owned(),
        None => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[test]
fn the_router_knows_what_the_document_says_and_nothing_else() {
    let house = Running::start();
    let document = document(&house);
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() > 50, "{} addresses", paths.len());
    for (path, methods) in paths {
        for method in METHODS {
            let answer = send(method, &house.url(&filled(path)), &[JSON], (method != "GET").then_some("{}"));
            let Some(operation) = methods.get(method.to_lowercase()) else {
                assert_eq!((answer.status, answer.code()), (405, Code::MethodNotAllowed), "{method} {path}");
                let allowed: BTreeSet<_> = answer.header("allow").unwrap().split(',').map(str::to_lowercase).collect();
                let known: BTreeSet<_> = methods.as_object().unwrap().keys().cloned().collect();
                assert_eq!(
                    allowed.into_iter().filter(|method| method != "head").collect::<BTreeSet<_>>(),
                    known,
                    "{path}"
                );
                continue;
            };
            // Whoever has to be signed in is told so before anything else, whatever was asked.
            let expected = match operation.get("security") {
                // What knows who comes by the address.
                Some(_) if path.ends_with("{secret}") => 404,
                Some(_) => 400,
                None => 401,
            };
            assert_eq!(answer.status, expected, "{method} {path}: {}", answer.text);
        }
    }
}

#[test]
fn all_that_the_document_refers_to_is_there() {
    let house = Running::start();
    let document = document(&house);
    let text = document.to_string();
    let named = text.split("\"#/components/schemas/").skip(1).map(|rest| rest.split('"').next().unwrap());
    let missing: Vec<_> = named.filter(|name| document["components"]["schemas"].get(name).is_none()).collect();
    assert_eq!(missing, Vec::<&str>::new());
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|methods| methods.as_object().unwrap().values());
    let ids: Vec<_> = operations.map(|operation| operation["operationId"].as_str().unwrap()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "two operations have one name: {ids:?}");
    let page = send("GET", &house.url("/api/docs"), &[], None);
    assert_eq!(page.status, 200);
    assert!(
        page.text.contains("/api/v1/rooms/{room}/messages") && page.text.contains("id=\"History\""),
        "{}",
        page.text
    );
}

#[test]
fn a_token_in_an_address_is_refused_and_does_nothing() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let room = alice.joins("quarry");
    let body = Some(r#"{"key":"k","text":"spoken aloud"}"#);
    for name in ["access_token", "token", "bearer", "authorization"] {
        let url = house.url(&format!("/api/v1/rooms/{room}/messages?{name}={}", alice.token));
        let bearer = format!("Bearer {}", alice.token);
        for headers in [vec![JSON], vec![JSON, ("authorization", bearer.as_str())]] {
            let answer = send("POST", &url, &headers, body);
            assert_eq!((answer.status, answer.code()), (400, Code::Malformed), "{name}");
            assert!(answer.text.contains("Authorization: Bearer"), "{}", answer.text);
        }
    }
    assert!(alice.reads(room).messages.is_empty());
}
