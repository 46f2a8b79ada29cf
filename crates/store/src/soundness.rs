//! Whether the database's files are what they should be: nothing of the archive is lost, doubled or torn on its way to the disk.

use crate::{DatabaseUrl, Fault, engine::sqlite};

/// What is wrong with the database's files, one sentence for each thing; it reads all of them. A server may run meanwhile.
/// `None`: PostgreSQL looks after its own.
pub fn problems(url: &DatabaseUrl) -> Result<Option<Vec<String>>, Fault> {
    match url {
        DatabaseUrl::Sqlite(path) => sqlite::problems(path).map(Some),
        DatabaseUrl::Postgres(_) => Ok(None),
    }
}
