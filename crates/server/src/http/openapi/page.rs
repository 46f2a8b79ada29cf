//! The document, for people: every address, what it takes and what it answers, and every form.

use askama::Template;
use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use serde_json::{Map, Value};

use std::sync::Arc;

use crate::{Failure, House, http::pages::Page};

#[derive(Template)]
#[template(path = "api.html")]
struct ApiPage<'a> {
    page: Page<'a>,
    groups: Vec<Group<'a>>,
    forms: Vec<Form<'a>>,
}

/// The operations of one noun.
struct Group<'a> {
    name: &'a str,
    operations: Vec<Operation<'a>>,
}

struct Operation<'a> {
    method: String,
    path: &'a str,
    summary: &'a str,
    open: bool,
    parameters: Vec<Field<'a>>,
    body: Option<Kind<'a>>,
    answers: Vec<Answer<'a>>,
}

struct Answer<'a> {
    status: &'a str,
    words: &'a str,
    kind: Option<Kind<'a>>,
}

/// A form of JSON that has a name.
struct Form<'a> {
    name: &'a str,
    words: &'a str,
    kind: Kind<'a>,
    fields: Vec<Field<'a>>,
    /// If it is one of several: each of them.
    ways: Vec<Way<'a>>,
}

struct Way<'a> {
    words: &'a str,
    fields: Vec<Field<'a>>,
}

struct Field<'a> {
    name: &'a str,
    place: &'a str,
    required: bool,
    kind: Kind<'a>,
    words: &'a str,
}

/// What a value is: words, and a form of the page that they end with.
#[derive(Default)]
struct Kind<'a> {
    words: String,
    form: Option<&'a str>,
}

/// `GET /api/docs`
pub(super) fn page(State(house): State<Arc<House>>, document: &Value) -> Result<Response, Failure> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (path, methods) in entries(document.get("paths")) {
        for (method, operation) in entries(Some(methods)) {
            let name = text(operation.pointer("/tags/0"));
            let operation = read(path, method, operation);
            match groups.iter_mut().find(|group| group.name == name) {
                Some(group) => group.operations.push(operation),
                None => groups.push(Group { name, operations: vec![operation] }),
            }
        }
    }
    groups.sort_unstable_by_key(|group| group.name);
    let forms = entries(document.pointer("/components/schemas")).map(|(name, schema)| form(name, schema)).collect();
    let page = ApiPage { page: Page::of(&house), groups, forms };
    Ok(Html(page.render()?).into_response())
}

fn read<'a>(path: &'a str, method: &str, operation: &'a Value) -> Operation<'a> {
    let parameters = items(operation.get("parameters")).map(|parameter| Field {
        name: text(parameter.get("name")),
        place: text(parameter.get("in")),
        required: parameter.get("required").and_then(Value::as_bool).unwrap_or(false),
        kind: parameter.get("schema").map(kind).unwrap_or_default(),
        words: text(parameter.get("description")),
    });
    let content = |of: &'a Value| entries(of.get("content")).next().map(|(media, content)| as_sent(media, content));
    let answers = entries(operation.get("responses")).map(|(status, answer)| Answer {
        status,
        words: text(answer.get("description")),
        kind: content(answer),
    });
    Operation {
        method: method.to_uppercase(),
        path,
        summary: text(operation.get("summary")),
        open: operation.get("security").is_some(),
        parameters: parameters.collect(),
        body: operation.get("requestBody").and_then(content),
        answers: answers.filter(|answer| answer.status != "default").collect(),
    }
}

fn as_sent<'a>(media: &'a str, content: &'a Value) -> Kind<'a> {
    match content.get("schema") {
        Some(schema) => kind(schema),
        None if media == "*/*" => Kind { words: "bytes".to_owned(), form: None },
        None => Kind { words: format!("bytes, as {media}"), form: None },
    }
}

fn form<'a>(name: &'a str, schema: &'a Value) -> Form<'a> {
    let ways = items(schema.get("oneOf")).map(|way| Way { words: text(way.get("description")), fields: fields(way) });
    Form {
        name,
        words: text(schema.get("description")),
        kind: kind(schema),
        fields: fields(schema),
        ways: ways.collect(),
    }
}

/// The fields of an object, and of those that it is composed of.
fn fields(schema: &Value) -> Vec<Field<'_>> {
    let required: Vec<&str> = items(schema.get("required")).filter_map(Value::as_str).collect();
    let own = entries(schema.get("properties")).map(|(name, field)| Field {
        name,
        place: "",
        required: required.contains(&name),
        kind: kind(field),
        // What may be null has its words beside its form.
        words: text(field.get("description").or_else(|| field.pointer("/oneOf/0/description"))),
    });
    let composed = items(schema.get("allOf")).flat_map(|part| match part.get("$ref") {
        Some(_) => {
            vec![Field { name: "…", place: "", required: true, kind: kind(part), words: "All of its fields." }]
        }
        None => fields(part),
    });
    own.chain(composed).collect()
}

/// What a schema says of a value.
fn kind(schema: &Value) -> Kind<'_> {
    let named = |schema: &'_ Value| -> Option<String> { schema.get("$ref")?.as_str().map(str::to_owned) };
    if named(schema).is_some() {
        let form = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
        return Kind { words: String::new(), form };
    }
    if let Some(of) = schema.get("items") {
        let Kind { words, form } = kind(of);
        return Kind { words: format!("list of {words}"), form };
    }
    let some = items(schema.get("oneOf")).find(|way| way.get("type") != Some(&Value::from("null")));
    if let (Some(way), true) = (some, schema.get("properties").is_none() && named_among(schema)) {
        return kind(way);
    }
    if schema.get("enum").is_some() {
        let values: Vec<_> = items(schema.get("enum")).map(|value| text(Some(value))).collect();
        return Kind { words: values.join(", "), form: None };
    }
    let words = match schema.get("type") {
        Some(Value::String(one)) => one.clone(),
        Some(several) => items(Some(several)).filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        None => "object".to_owned(),
    };
    Kind { words, form: None }
}

/// Whether it is nothing, or one form that has a name.
fn named_among(schema: &Value) -> bool {
    items(schema.get("oneOf")).any(|way| way.get("type") == Some(&Value::from("null")))
}

fn entries(of: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    of.and_then(Value::as_object).into_iter().flat_map(Map::iter).map(|(name, value)| (name.as_str(), value))
}

fn items(of: Option<&Value>) -> impl Iterator<Item = &Value> {
    of.and_then(Value::as_array).into_iter().flatten()
}

fn text(of: Option<&Value>) -> &str {
    of.and_then(Value::as_str).unwrap_or_default()
}
