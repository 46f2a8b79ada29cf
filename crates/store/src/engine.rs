//! The two engines behind one connection type. Nothing else in the house names a driver.

pub(crate) mod lane;
pub(crate) mod postgres;
pub(crate) mod readers;
pub(crate) mod sqlite;

use std::{path::PathBuf, sync::Arc, time::Duration};

use deadpool_postgres::Pool;
use tokio::sync::mpsc;

use crate::{
    DatabaseUrl, Fault,
    engine::lane::{Grouping, Job},
    feed::Feeder,
    sql::{Row, Sql, Value},
};

/// An engine and the place of its data.
pub(crate) enum Engine {
    /// A file.
    Sqlite(Arc<PathBuf>),
    /// A server.
    Postgres(Pool),
}

impl Engine {
    pub(crate) fn of(url: &DatabaseUrl) -> Result<Self, Fault> {
        match url {
            DatabaseUrl::Sqlite(path) => Ok(Self::Sqlite(Arc::new(path.clone()))),
            DatabaseUrl::Postgres(url) => postgres::pool(url).map(Self::Postgres),
        }
    }

    /// A connection that writes.
    pub(crate) async fn connect(&self) -> Result<Conn, Fault> {
        match self {
            Self::Sqlite(path) => sqlite::open_writer(path).map(Conn::Sqlite),
            Self::Postgres(pool) => postgres::connect(pool).await.map(Conn::Postgres),
        }
    }

    /// Starts the lanes, and gives the end of each lane's queue that takes jobs.
    pub(crate) fn lanes(&self, feeder: &Feeder) -> Result<Vec<mpsc::Sender<Job>>, Fault> {
        match self {
            Self::Sqlite(path) => Ok(vec![sqlite_lane(Arc::clone(path), feeder.clone())?]),
            Self::Postgres(pool) => {
                Ok((0..postgres::LANES).map(|_| postgres_lane(pool.clone(), feeder.clone())).collect())
            }
        }
    }
}

/// A thread of its own: SQLite answers on the thread that asks, and a commit waits for the disk.
fn sqlite_lane(path: Arc<PathBuf>, feeder: Feeder) -> Result<mpsc::Sender<Job>, Fault> {
    let (sender, jobs) = mpsc::channel(lane::QUEUE_MAX);
    let open = async move || sqlite::open_writer(&path).map(Conn::Sqlite);
    std::thread::Builder::new()
        .name("store-writer".into())
        .spawn(move || futures_executor::block_on(lane::work(jobs, Grouping::Everything, feeder, open)))
        .map_err(|e| Fault::caused("the writer's thread cannot be started", e))?;
    Ok(sender)
}

fn postgres_lane(pool: Pool, feeder: Feeder) -> mpsc::Sender<Job> {
    let (sender, jobs) = mpsc::channel(lane::QUEUE_MAX);
    let open = async move || postgres::connect(&pool).await.map(Conn::Postgres);
    tokio::spawn(lane::work(jobs, Grouping::SameStream, feeder, open));
    sender
}

/// A connection to either engine. SQLite answers at once, on the thread that asks; PostgreSQL is awaited.
pub enum Conn {
    /// A connection to a file.
    Sqlite(rusqlite::Connection),
    /// A connection to a server.
    Postgres(postgres::Lent),
}

/// How a transaction begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begin {
    /// To write.
    Write,
    /// To read one state of everything.
    Read,
}

impl Conn {
    pub(crate) async fn rows(&mut self, sql: &Sql, args: &[Value]) -> Result<Vec<Row>, Fault> {
        match self {
            Self::Sqlite(conn) => sqlite::rows(conn, sql, args),
            Self::Postgres(conn) => postgres::rows(conn, sql, args).await,
        }
    }

    /// The first row, if there is one.
    pub(crate) async fn row(&mut self, sql: &Sql, args: &[Value]) -> Result<Option<Row>, Fault> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }

    /// Runs a statement and says how many rows it changed.
    pub(crate) async fn run(&mut self, sql: &Sql, args: &[Value]) -> Result<u64, Fault> {
        match self {
            Self::Sqlite(conn) => sqlite::run(conn, sql, args),
            Self::Postgres(conn) => postgres::run(conn, sql, args).await,
        }
    }

    /// Runs several statements without arguments: transactions and migrations.
    pub(crate) async fn batch(&mut self, sql: &str) -> Result<(), Fault> {
        match self {
            Self::Sqlite(conn) => sqlite::batch(conn, sql),
            Self::Postgres(conn) => postgres::batch(conn, sql).await,
        }
    }

    pub(crate) async fn begin(&mut self, begin: Begin) -> Result<(), Fault> {
        let sql = match (&self, begin) {
            (Self::Sqlite(_), Begin::Write) => "BEGIN IMMEDIATE",
            (Self::Sqlite(_), Begin::Read) => "BEGIN DEFERRED",
            (Self::Postgres(_), Begin::Write) => "BEGIN",
            (Self::Postgres(_), Begin::Read) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        if let Self::Postgres(conn) = self {
            conn.begun();
        }
        self.batch(sql).await
    }

    /// Ends a transaction, by `COMMIT` or `ROLLBACK`.
    pub(crate) async fn end(&mut self, sql: &str) -> Result<(), Fault> {
        self.batch(sql).await?;
        if let Self::Postgres(conn) = self {
            conn.ended();
        }
        Ok(())
    }

    /// From now on each statement of this reading transaction ends with a fault after this time, and is planned by its arguments.
    /// Whoever sets it on a connection that is kept takes it back with `None`.
    pub(crate) async fn limit(&mut self, time: Option<Duration>) -> Result<(), Fault> {
        match (self, time) {
            (Self::Sqlite(conn), time) => sqlite::limit(conn, time),
            (Self::Postgres(conn), Some(time)) => {
                let time = format!("SET LOCAL statement_timeout = {}", time.as_millis());
                postgres::batch(conn, &format!("{time}; SET LOCAL plan_cache_mode = force_custom_plan")).await
            }
            // It ends with the transaction.
            (Self::Postgres(_), None) => Ok(()),
        }
    }

    /// Whether the connection can still be used.
    pub(crate) fn is_alive(&self) -> bool {
        match self {
            Self::Sqlite(_) => true,
            Self::Postgres(conn) => !conn.is_closed(),
        }
    }

    /// Prepares a statement without running it.
    pub(crate) async fn prepare(&mut self, sql: &Sql) -> Result<(), Fault> {
        match self {
            Self::Sqlite(conn) => sqlite::prepare(conn, sql),
            Self::Postgres(conn) => postgres::prepare(conn, sql).await,
        }
    }
}
