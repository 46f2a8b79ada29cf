//! Statements, their arguments and their rows, in the types that both engines have: 64-bit integers, text and bytes.

use std::sync::OnceLock;

use model::{FileId, Seq, Timestamp, TokenHash};

use crate::Fault;

/// One statement, written once for both engines with `?1 ?2 …`. Each noun's file lists its own in `STATEMENTS`.
pub(crate) struct Sql {
    text: &'static str,
    postgres: &'static str,
    numbered: OnceLock<String>,
}

impl Sql {
    pub(crate) const fn new(text: &'static str) -> Self {
        Self::each(text, text)
    }

    /// A statement that has to be written for each engine: they search in words of their own.
    pub(crate) const fn each(sqlite: &'static str, postgres: &'static str) -> Self {
        Self { text: sqlite, postgres, numbered: OnceLock::new() }
    }

    /// As SQLite reads it.
    pub(crate) const fn text(&self) -> &'static str {
        self.text
    }

    /// As PostgreSQL reads it: `$1` for `?1`, but not inside quotes.
    pub(crate) fn numbered(&self) -> &str {
        self.numbered.get_or_init(|| {
            let mut quoted = false;
            let dollars = self.postgres.chars().map(|c| {
                quoted ^= c == '\'';
                if c == '?' && !quoted { '$' } else { c }
            });
            dollars.collect()
        })
    }
}

/// An argument, or a field of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<TokenHash> for Value {
    fn from(hash: TokenHash) -> Self {
        Self::Bytes(hash.as_bytes().to_vec())
    }
}

impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Self {
        Self::Int(at.as_ms())
    }
}

impl From<Seq> for Value {
    fn from(seq: Seq) -> Self {
        Self::Int(i64::try_from(seq.number()).unwrap_or(i64::MAX))
    }
}

impl From<FileId> for Value {
    fn from(id: FileId) -> Self {
        Self::Text(id.to_string())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! id_value {
    ($($id:ty),*) => {
        $(impl From<$id> for Value {
            fn from(id: $id) -> Self {
                Self::Int(id.number())
            }
        })*
    };
}
id_value!(model::UserId, model::RoomId, model::SessionId, model::PushId, model::HookId);

/// One row, read field by field in the order of its columns.
#[derive(Debug)]
pub(crate) struct Row(std::vec::IntoIter<Value>);

impl Row {
    pub(crate) fn new(fields: Vec<Value>) -> Self {
        Self(fields.into_iter())
    }

    fn next(&mut self) -> Value {
        self.0.next().unwrap_or(Value::Null)
    }

    pub(crate) fn int(&mut self) -> Result<i64, Fault> {
        match self.next() {
            Value::Int(number) => Ok(number),
            Value::Null | Value::Text(_) | Value::Bytes(_) => Err(Fault::new("a column is not a number")),
        }
    }

    pub(crate) fn text(&mut self) -> Result<String, Fault> {
        match self.next() {
            Value::Text(text) => Ok(text),
            Value::Null | Value::Int(_) | Value::Bytes(_) => Err(Fault::new("a column is not text")),
        }
    }

    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>, Fault> {
        match self.next() {
            Value::Bytes(bytes) => Ok(bytes),
            Value::Null | Value::Int(_) | Value::Text(_) => Err(Fault::new("a column is not bytes")),
        }
    }

    pub(crate) fn optional_int(&mut self) -> Result<Option<i64>, Fault> {
        match self.next() {
            Value::Null => Ok(None),
            Value::Int(number) => Ok(Some(number)),
            Value::Text(_) | Value::Bytes(_) => Err(Fault::new("a column is not a number")),
        }
    }

    pub(crate) fn optional_text(&mut self) -> Result<Option<String>, Fault> {
        match self.next() {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            Value::Int(_) | Value::Bytes(_) => Err(Fault::new("a column is not text")),
        }
    }

    pub(crate) fn seq(&mut self) -> Result<Seq, Fault> {
        self.int().and_then(|n| u64::try_from(n).map(Seq::new).map_err(|e| Fault::caused("a place is negative", e)))
    }

    pub(crate) fn optional_seq(&mut self) -> Result<Option<Seq>, Fault> {
        let number = self.optional_int()?.map(u64::try_from).transpose();
        number.map(|number| number.map(Seq::new)).map_err(|e| Fault::caused("a place is negative", e))
    }

    pub(crate) fn count(&mut self) -> Result<u32, Fault> {
        self.int().and_then(|n| u32::try_from(n).map_err(|e| Fault::caused("a count is out of range", e)))
    }

    pub(crate) fn time(&mut self) -> Result<Timestamp, Fault> {
        self.int().map(Timestamp::from_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_numbered_outside_quotes() {
        let sql = Sql::new("SELECT '?1', a FROM b WHERE c = ?1 AND d = ?2");
        assert_eq!(sql.numbered(), "SELECT '?1', a FROM b WHERE c = $1 AND d = $2");
    }
}
