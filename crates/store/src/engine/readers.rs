//! Reading: a few connections, and for each question one state of everything.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use deadpool_postgres::Pool;
use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;

use crate::{
    Fault,
    engine::{Begin, Conn, Engine, postgres, sqlite},
};

/// Connections that read an SQLite file. One more reader waits for one of them.
const SQLITE_READERS: usize = 4;

/// The connections that read. PostgreSQL's are bounded by their pool.
#[derive(Clone)]
pub(crate) enum Readers {
    /// Opened when they are first needed, and kept.
    Sqlite {
        /// The file.
        path: Arc<PathBuf>,
        /// Those that nobody uses now.
        idle: Arc<Mutex<Vec<Conn>>>,
        /// The right to use one.
        places: Arc<Semaphore>,
    },
    /// Shared with the lanes.
    Postgres(Pool),
}

impl Readers {
    pub(crate) fn of(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite(path) => {
                Self::Sqlite { path, idle: Arc::default(), places: Arc::new(Semaphore::new(SQLITE_READERS)) }
            }
            Engine::Postgres(pool) => Self::Postgres(pool),
        }
    }

    /// Runs `body` on one state of everything.
    pub(crate) async fn read<T, E, F>(&self, body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
        F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
    {
        let reading = match self.clone() {
            Self::Sqlite { path, idle, places } => {
                let place =
                    places.acquire_owned().await.map_err(|e| E::from(Fault::caused("the store is closed", e)))?;
                tokio::task::spawn_blocking(move || {
                    let kept = idle.lock().ok().and_then(|mut idle| idle.pop());
                    let conn = kept.map_or_else(|| sqlite::open_reader(&path).map(Conn::Sqlite), Ok)?;
                    let (conn, result) = futures_executor::block_on(snapshot(conn, body));
                    if let (Some(conn), Ok(mut idle)) = (conn, idle.lock()) {
                        idle.push(conn);
                    }
                    drop(place);
                    result
                })
            }
            // In a task of its own, so that a caller who stops waiting does not leave a transaction open.
            Self::Postgres(pool) => tokio::spawn(async move {
                let conn = Conn::Postgres(postgres::connect(&pool).await?);
                snapshot(conn, body).await.1
            }),
        };
        reading.await.unwrap_or_else(|e| Err(E::from(Fault::caused("a read was cut short", e))))
    }
}

/// Runs `body` in a reading transaction. Gives the connection back if it can be used again.
async fn snapshot<T, E, F>(mut conn: Conn, body: F) -> (Option<Conn>, Result<T, E>)
where
    E: From<Fault>,
    F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, E>>,
{
    if let Err(fault) = conn.begin(Begin::Read).await {
        return (None, Err(fault.into()));
    }
    let result = body(&mut conn).await;
    match conn.end("COMMIT").await {
        Ok(()) => (Some(conn), result),
        Err(fault) => (None, result.and(Err(fault.into()))),
    }
}
