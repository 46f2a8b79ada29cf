//! SQLite, bundled: a write-ahead log, fsync at each commit, one connection that writes and a few that read.

use std::{
    fs::{DirBuilder, OpenOptions},
    io,
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode, OpenFlags, params_from_iter, types::ValueRef};

use crate::{
    Fault,
    sql::{Row, Sql, Value},
};

/// Before this version a write-ahead log could be reset under a reader's feet and corrupt the file.
const VERSION_MIN: i32 = 3_051_003;
/// Prepared statements that one connection keeps.
const STATEMENTS_KEPT: usize = 128;
/// Steps of SQLite's machine between two looks at the clock: some tens of microseconds.
const STEPS_BETWEEN_LOOKS: i32 = 1_000;
/// How long a connection waits for another process (a backup, say) to let go of the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens the connection that writes, making the file and its folder if they are missing.
pub(crate) fn open_writer(path: &Path) -> Result<Connection, Fault> {
    if rusqlite::version_number() < VERSION_MIN {
        return Err(Fault::new("this build has an SQLite that can corrupt its file; build with the bundled one"));
    }
    make_private(path).map_err(|e| Fault::caused("the database file or its folder cannot be made", e))?;
    let conn = Connection::open(path).map_err(opening)?;
    conn.pragma_update(None, "journal_mode", "WAL").map_err(opening)?;
    conn.pragma_update(None, "synchronous", "FULL").map_err(opening)?;
    conn.pragma_update(None, "foreign_keys", true).map_err(opening)?;
    // What a message said goes with it: what is removed is overwritten, also where nobody looks any more.
    conn.pragma_update(None, "secure_delete", true).map_err(opening)?;
    let conn = settle(conn)?;
    fold_log(&conn)?;
    Ok(conn)
}

/// Brings all that the write-ahead log holds into the file, waits for the disk, and empties the log.
///
/// After a failed fsync the log may hold commits that are in the kernel's memory only, and the kernel believes that they are
/// written: the next fsync of the log would succeed without them. What is written on top of them, or taken for kept because it
/// is found there, would be lost with the power. Written anew, into the file, they are on the disk or this fails.
fn fold_log(conn: &Connection) -> Result<(), Fault> {
    let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |row| row.get(0)).map_err(opening)?;
    if busy == 0 { Ok(()) } else { Err(Fault::new("another program, a backup perhaps, holds the database file")) }
}

/// Makes the file and its folder, if they are missing, for this account's eyes only: they hold everybody's words. SQLite gives
/// the files beside it the same rights.
fn make_private(path: &Path) -> io::Result<()> {
    let mut folders = DirBuilder::new();
    let mut file = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
        folders.mode(0o700);
        file.mode(0o600);
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        folders.recursive(true).create(folder)?;
    }
    file.create(true).append(true).open(path).map(drop)
}

/// Opens a connection that can only read.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, Fault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    settle(Connection::open_with_flags(path, flags).map_err(opening)?)
}

/// What is wrong with the file, one sentence for each thing.
pub(crate) fn problems(path: &Path) -> Result<Vec<String>, Fault> {
    let conn = open_reader(path)?;
    let mut found = Vec::new();
    for sql in [
        "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
        "SELECT \"table\" || ' refers to what is not there' FROM pragma_foreign_key_check",
    ] {
        let mut statement = conn.prepare(sql).map_err(failed)?;
        let said = statement.query_map((), |row| row.get::<_, String>(0)).map_err(failed)?;
        found.extend(said.collect::<Result<Vec<_>, _>>().map_err(failed)?);
    }
    Ok(found)
}

fn settle(conn: Connection) -> Result<Connection, Fault> {
    conn.busy_timeout(BUSY_TIMEOUT).map_err(opening)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(conn)
}

fn opening(error: rusqlite::Error) -> Fault {
    Fault::caused("the database file cannot be opened", error)
}

fn failed(error: rusqlite::Error) -> Fault {
    if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) {
        return Fault::slow();
    }
    Fault::caused("SQLite refused a statement", error)
}

/// From now on, until another word, statements end with a fault after this time. `None`: they end when they are done.
pub(crate) fn limit(conn: &mut Connection, time: Option<Duration>) -> Result<(), Fault> {
    let began = Instant::now();
    let late = time.map(|time| move || began.elapsed() > time);
    conn.progress_handler(STEPS_BETWEEN_LOOKS, late).map_err(failed)
}

pub(crate) fn rows(conn: &Connection, sql: &Sql, args: &[Value]) -> Result<Vec<Row>, Fault> {
    let mut statement = conn.prepare_cached(sql.text()).map_err(failed)?;
    let columns = statement.column_count();
    let mut rows = statement.query(params_from_iter(args)).map_err(failed)?;
    let mut read = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        let fields = (0..columns).map(|i| row.get_ref(i).map_err(failed).and_then(field));
        read.push(Row::new(fields.collect::<Result<_, _>>()?));
    }
    Ok(read)
}

pub(crate) fn run(conn: &Connection, sql: &Sql, args: &[Value]) -> Result<u64, Fault> {
    let mut statement = conn.prepare_cached(sql.text()).map_err(failed)?;
    statement.execute(params_from_iter(args)).map(|changed| changed as u64).map_err(failed)
}

pub(crate) fn batch(conn: &Connection, sql: &str) -> Result<(), Fault> {
    conn.execute_batch(sql).map_err(failed)
}

pub(crate) fn prepare(conn: &Connection, sql: &Sql) -> Result<(), Fault> {
    conn.prepare(sql.text()).map(drop).map_err(failed)
}

fn field(value: ValueRef<'_>) -> Result<Value, Fault> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Text(text) => {
            Value::Text(str::from_utf8(text).map_err(|e| Fault::caused("a text is not UTF-8", e))?.to_owned())
        }
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Real(_) => return Err(Fault::new("a column is a fraction")),
    })
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(rusqlite::types::ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
