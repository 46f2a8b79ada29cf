//! The schema, version by version. Each engine has its own texts under the same numbers.
//!
//! A database of another product, or of a newer schema, is not touched: it is refused with a sentence that says what to do.

use model::Timestamp;

use crate::{
    Fault, OpenError,
    engine::{Begin, Conn},
    sql::Sql,
};

struct Migration {
    sqlite: &'static str,
    postgres: &'static str,
}

/// The migration at place `n` makes schema version `n + 1`. A landed one is never edited.
const MIGRATIONS: [Migration; 17] = [
    Migration {
        sqlite: include_str!("../migrations/sqlite/0001_first.sql"),
        postgres: include_str!("../migrations/postgres/0001_first.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0002_marks.sql"),
        postgres: include_str!("../migrations/postgres/0002_marks.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0003_files.sql"),
        postgres: include_str!("../migrations/postgres/0003_files.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0004_profiles.sql"),
        postgres: include_str!("../migrations/postgres/0004_profiles.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0005_portraits.sql"),
        postgres: include_str!("../migrations/postgres/0005_portraits.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0006_search.sql"),
        postgres: include_str!("../migrations/postgres/0006_search.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0007_conversation.sql"),
        postgres: include_str!("../migrations/postgres/0007_conversation.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0008_room_prefs.sql"),
        postgres: include_str!("../migrations/postgres/0008_room_prefs.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0009_regards.sql"),
        postgres: include_str!("../migrations/postgres/0009_regards.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0010_topics.sql"),
        postgres: include_str!("../migrations/postgres/0010_topics.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0011_scheduled.sql"),
        postgres: include_str!("../migrations/postgres/0011_scheduled.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0012_favourites.sql"),
        postgres: include_str!("../migrations/postgres/0012_favourites.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0013_personal.sql"),
        postgres: include_str!("../migrations/postgres/0013_personal.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0014_forward.sql"),
        postgres: include_str!("../migrations/postgres/0014_forward.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0015_push.sql"),
        postgres: include_str!("../migrations/postgres/0015_push.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0016_custom_emoji.sql"),
        postgres: include_str!("../migrations/postgres/0016_custom_emoji.sql"),
    },
    Migration {
        sqlite: include_str!("../migrations/sqlite/0017_bots.sql"),
        postgres: include_str!("../migrations/postgres/0017_bots.sql"),
    },
];

/// The schema that this program knows.
#[expect(clippy::cast_possible_wrap, reason = "there will be fewer than 2^63")]
pub(crate) const VERSION: i64 = MIGRATIONS.len() as i64;

static SQLITE_TABLES: Sql =
    Sql::new("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
static POSTGRES_TABLES: Sql =
    Sql::new("SELECT tablename::TEXT FROM pg_catalog.pg_tables WHERE schemaname = current_schema()");
static FIND_VERSION: Sql = Sql::new("SELECT version FROM stonechat_schema ORDER BY version DESC LIMIT 1");
static RECORD_VERSION: Sql = Sql::new("INSERT INTO stonechat_schema (version, applied_at) VALUES (?1, ?2)");

pub(crate) static STATEMENTS: [&Sql; 2] = [&FIND_VERSION, &RECORD_VERSION];

/// Two programs that start on one database at once take turns, by this key.
const LOCK: &str = "SELECT pg_advisory_xact_lock(8307421)";

/// Brings the schema up to date, in one transaction.
pub(crate) async fn migrate(conn: &mut Conn, at: Timestamp) -> Result<(), OpenError> {
    conn.begin(Begin::Write).await?;
    match steps(conn, at).await {
        Ok(()) => Ok(conn.end("COMMIT").await?),
        Err(error) => {
            conn.end("ROLLBACK").await?;
            Err(error)
        }
    }
}

async fn steps(conn: &mut Conn, at: Timestamp) -> Result<(), OpenError> {
    if matches!(conn, Conn::Postgres(_)) {
        conn.batch(LOCK).await?;
    }
    let known = known_version(conn).await?;
    if known > VERSION {
        return Err(OpenError::NewerSchema { found: known, known: VERSION });
    }
    for (migration, version) in MIGRATIONS.iter().zip(1..).skip_while(|(_, version)| *version <= known) {
        conn.batch(match conn {
            Conn::Sqlite(_) => migration.sqlite,
            Conn::Postgres(_) => migration.postgres,
        })
        .await?;
        conn.run(&RECORD_VERSION, &[version.into(), at.into()]).await?;
    }
    Ok(())
}

/// The statement that lists the tables, which each engine has in its own words.
pub(crate) fn tables(conn: &Conn) -> &'static Sql {
    match conn {
        Conn::Sqlite(_) => &SQLITE_TABLES,
        Conn::Postgres(_) => &POSTGRES_TABLES,
    }
}

/// The version found; 0 for an empty database, which gets its version table here.
async fn known_version(conn: &mut Conn) -> Result<i64, OpenError> {
    let tables =
        conn.rows(tables(conn), &[]).await?.into_iter().map(|mut row| row.text()).collect::<Result<Vec<_>, Fault>>()?;
    if tables.is_empty() {
        // The one table that both engines read alike, so that even a much older program understands it.
        conn.batch("CREATE TABLE stonechat_schema (version BIGINT NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)")
            .await?;
        return Ok(0);
    }
    if !tables.iter().any(|table| table == "stonechat_schema") {
        return Err(OpenError::AnotherProduct);
    }
    Ok(conn.row(&FIND_VERSION, &[]).await?.map(|mut row| row.int()).transpose()?.unwrap_or(0))
}
