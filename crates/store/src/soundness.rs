//! Whether the database's files are what they should be: nothing of the archive is lost, doubled or torn on its way to the disk.

use crate::{
    DatabaseUrl, Fault,
    engine::{Conn, sqlite},
    sql::Sql,
};

static SQLITE_PAGES: Sql = Sql::new("PRAGMA integrity_check");
static SQLITE_REFERENCES: Sql =
    Sql::new(r#"SELECT "table" || ' refers to what is not there' FROM pragma_foreign_key_check"#);

/// What is wrong with the database's files, one sentence for each thing; it reads all of them. A server may run meanwhile.
/// `None`: PostgreSQL looks after its own.
pub async fn problems(url: &DatabaseUrl) -> Result<Option<Vec<String>>, Fault> {
    let DatabaseUrl::Sqlite(path) = url else { return Ok(None) };
    let mut conn = Conn::Sqlite(sqlite::open_reader(path)?);
    let mut found = Vec::new();
    for sql in [&SQLITE_PAGES, &SQLITE_REFERENCES] {
        for mut row in conn.rows(sql, &[]).await? {
            found.push(row.text()?);
        }
    }
    found.retain(|said| said != "ok");
    Ok(Some(found))
}
