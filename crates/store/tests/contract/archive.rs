//! An open store of either engine, in a place of its own.

use std::{fs, path::Path};

use model::{Epoch, Event, Seq, Stream, Timestamp};
use store::{DatabaseUrl, Fault, Fed, Feed, OpenError, Opened, Store};
use tempfile::TempDir;
use testkit::postgres::Database;

/// The time of every test.
pub(crate) const NOW: Timestamp = Timestamp::from_ms(1_795_000_000_000);

/// Where a test's data is.
pub(crate) enum Place {
    Sqlite(TempDir),
    Postgres(Database<'static>),
}

/// An open store, and what is needed to open it again.
pub(crate) struct Archive {
    pub(crate) store: Store,
    pub(crate) feed: Feed,
    pub(crate) is_new: bool,
    place: Place,
}

/// Defines a test of that name on both engines.
macro_rules! at_both {
    ($name:ident, $body:expr) => {
        mod $name {
            use super::*;

            #[tokio::test]
            async fn on_sqlite() {
                let body = $body;
                body(Archive::sqlite().await).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                let body = $body;
                body(Archive::postgres().await).await;
            }
        }
    };
}
pub(crate) use at_both;

impl Archive {
    pub(crate) async fn sqlite() -> Self {
        Self::open(Place::sqlite()).await.unwrap()
    }

    pub(crate) async fn postgres() -> Self {
        Self::open(Place::postgres()).await.unwrap()
    }

    /// Opens what somebody left behind: the database that this SQL makes.
    pub(crate) async fn found(place: Place, left_behind: &str) -> Self {
        place.try_run(left_behind).unwrap();
        Self::open(place).await.unwrap()
    }

    /// Closes the store and opens it again.
    pub(crate) async fn reopen(self) -> Self {
        drop((self.store, self.feed));
        Self::open(self.place).await.unwrap()
    }

    /// Opens the same data once more.
    pub(crate) async fn try_reopen(&self) -> Result<Opened, OpenError> {
        Store::open(&self.place.url(), Epoch::new("another"), NOW).await
    }

    /// Runs a statement behind the store's back.
    pub(crate) fn run(&self, sql: &str) {
        self.try_run(sql).unwrap();
    }

    /// Runs a statement behind the store's back, if SQLite lets it.
    pub(crate) fn try_run(&self, sql: &str) -> Result<(), String> {
        self.place.try_run(sql)
    }

    /// The folder of an SQLite file.
    /// What was committed and not heard yet, up to the head of this stream.
    pub(crate) async fn hears(&mut self, stream: Stream, head: Seq) -> Vec<Event> {
        let mut told: Vec<Event> = Vec::new();
        while told.last().is_none_or(|last| last.seq < head) {
            let Some(Fed::Committed(events)) = self.feed.next().await else { panic!("the feed lost events") };
            told.extend(events.into_iter().filter(|event| event.stream == stream));
        }
        told
    }

    pub(crate) fn folder(&self) -> std::path::PathBuf {
        match &self.place {
            Place::Sqlite(folder) => folder.path().join("data"),
            Place::Postgres(_) => panic!("PostgreSQL keeps its files itself"),
        }
    }

    async fn open(place: Place) -> Result<Self, OpenError> {
        let Opened { store, feed, is_new } = Store::open(&place.url(), Epoch::new("first"), NOW).await?;
        Ok(Self { store, feed, is_new, place })
    }
}

impl Place {
    pub(crate) fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    pub(crate) fn postgres() -> Self {
        Self::Postgres(Database::create())
    }

    fn try_run(&self, sql: &str) -> Result<(), String> {
        match self {
            Self::Postgres(database) => {
                let _ = database.run(sql);
                Ok(())
            }
            Self::Sqlite(folder) => {
                fs::create_dir_all(folder.path().join("data")).unwrap();
                let file = rusqlite::Connection::open(folder.path().join("data/chat.db")).unwrap();
                file.pragma_update(None, "foreign_keys", true).unwrap();
                file.execute_batch(sql).map_err(|error| error.to_string())
            }
        }
    }

    fn url(&self) -> DatabaseUrl {
        match self {
            Self::Sqlite(folder) => DatabaseUrl::Sqlite(folder.path().join("data/chat.db")),
            Self::Postgres(database) => database.url().parse().unwrap(),
        }
    }
}

/// An error that undoes a transaction.
#[derive(Debug)]
pub(crate) struct Undone;

impl From<Fault> for Undone {
    fn from(fault: Fault) -> Self {
        panic!("{fault}")
    }
}

/// How many statements stand in the store's source: each is a `static` of type `Sql`.
pub(crate) fn statements_in_the_source() -> usize {
    fn count(folder: &Path) -> usize {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let counts = entries.map(|path| {
            if path.is_dir() { count(&path) } else { fs::read_to_string(&path).unwrap().matches(": Sql =").count() }
        });
        counts.sum()
    }
    count(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}
