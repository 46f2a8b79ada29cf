//! What the types' own descriptions leave out, or say less exactly than the server does.

use serde_json::{Map, Value, json};

/// Makes all schemas below this value exact.
pub(super) fn make(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            bound(fields);
            tell(fields);
            close(fields);
            compose(fields);
            fields.values_mut().for_each(make);
        }
        Value::Array(items) => items.iter_mut().for_each(make),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What a query string leaves out is left out, and not null.
pub(super) fn never_null(parameter: &mut Value) {
    let Some(schema) = parameter.get_mut("schema") else { return };
    if let Some(kinds) = schema.get_mut("type").and_then(Value::as_array_mut) {
        kinds.retain(|kind| kind != "null");
        let one = kinds.pop();
        schema["type"] = one.into();
    }
    let ways = schema.get("oneOf").and_then(Value::as_array);
    if let Some(way) = ways.and_then(|ways| ways.iter().find(|way| !is_null(way))) {
        *schema = way.clone();
    }
}

/// A number has the bounds of its type: a larger one is refused as malformed.
fn bound(fields: &mut Map<String, Value>) {
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    if text("type") != Some("integer") || fields.contains_key("maximum") {
        return;
    }
    let natural = fields.contains_key("minimum");
    let largest = match (text("format"), natural) {
        (Some("int32"), true) => json!(u32::MAX),
        (Some("int32"), false) => json!(i32::MAX),
        (_, true) => json!(u64::MAX),
        (_, false) => json!(i64::MAX),
    };
    fields.insert("maximum".into(), largest);
    if !natural {
        let least = if text_is(fields, "format", "int32") { json!(i32::MIN) } else { json!(i64::MIN) };
        fields.insert("minimum".into(), least);
    }
}

/// Words are one paragraph, and no links of the code's.
fn tell(fields: &mut Map<String, Value>) {
    if let Some(Value::String(words)) = fields.get_mut("description") {
        *words = words.replace(['\n'], " ").replace("[`", "`").replace("`]", "`");
    }
}

/// One of several forms that are told apart by their `type` has no fields but its own.
fn close(fields: &mut Map<String, Value>) {
    for way in fields.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(way) = way.as_object_mut().filter(|way| way.contains_key("properties")) {
            way.insert("additionalProperties".into(), json!(false));
        }
    }
}

/// Fields that are there or not, among others: not an object that is null.
fn compose(fields: &mut Map<String, Value>) {
    for part in fields.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
        let ways = part.get("oneOf").and_then(Value::as_array);
        if let Some(ways) = ways.filter(|ways| ways.iter().any(is_null)) {
            let known = ways.iter().filter(|way| !is_null(way)).cloned();
            let or_none: Vec<_> = known.chain([json!({})]).collect();
            *part = json!({ "anyOf": or_none });
        }
    }
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|kind| kind == "null")
}

fn text_is(fields: &Map<String, Value>, name: &str, text: &str) -> bool {
    fields.get(name).is_some_and(|value| value == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_types_leave_out_is_told() {
        let mut schema =
            json!({ "type": "integer", "format": "int64", "minimum": 0, "description": "As [`Seq`]\nsays." });
        make(&mut schema);
        assert_eq!(
            schema,
            json!({ "type": "integer", "format": "int64", "minimum": 0, "maximum": u64::MAX, "description": "As `Seq` says." })
        );
        let mut way = json!({ "oneOf": [{ "properties": {} }, { "type": "null" }] });
        make(&mut way);
        assert_eq!(way["oneOf"][0]["additionalProperties"], false);
        let mut parts =
            json!({ "allOf": [{ "oneOf": [{ "$ref": "#/Look" }, { "type": "null" }] }, { "properties": {} }] });
        make(&mut parts);
        assert_eq!(parts["allOf"][0], json!({ "anyOf": [{ "$ref": "#/Look" }, {}] }));
        let mut parameter = json!({ "schema": { "type": ["integer", "null"] } });
        never_null(&mut parameter);
        assert_eq!(parameter, json!({ "schema": { "type": "integer" } }));
    }
}
