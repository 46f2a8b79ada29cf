//! Objects inside objects. What is derived for a type would also take a list of its fields' values; the protocol knows no such lists.

use serde::{
    Deserialize as _, Deserializer,
    de::{DeserializeOwned, Error},
};
use serde_json::{Map, Value};

/// Reads an object, and nothing else.
pub(crate) fn only<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<T, D::Error> {
    made(Map::deserialize(from)?)
}

/// Reads an object or null.
pub(crate) fn optional<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Option<T>, D::Error> {
    Option::<Map<String, Value>>::deserialize(from)?.map(made).transpose()
}

fn made<T: DeserializeOwned, E: Error>(object: Map<String, Value>) -> Result<T, E> {
    T::deserialize(Value::Object(object)).map_err(E::custom)
}
