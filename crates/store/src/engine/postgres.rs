//! PostgreSQL, by `tokio-postgres` behind a small pool.

use std::time::Duration;

use bytes::BytesMut;
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use tokio_postgres::{
    Config, NoTls,
    error::SqlState,
    types::{IsNull, ToSql, Type, to_sql_checked},
};

use crate::{
    Fault,
    sql::{Row, Sql, Value},
};

/// Connections that write, each a lane of its own.
pub(crate) const LANES: usize = 4;
/// Connections that read.
pub(crate) const READERS: usize = 4;

/// How long to wait for a connection, for one from the pool, and for the server to take what was sent.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long one statement may take, and how long it may wait for a row, by the server's clock.
const STATEMENT_LIMITS: &str = "-c statement_timeout=15000 -c lock_timeout=10000";

/// Opens a pool for the lanes and the readers. No connection is made yet.
pub(crate) fn pool(url: &str) -> Result<Pool, Fault> {
    let mut config: Config = url.parse().map_err(|e| Fault::caused("the database's address cannot be read", e))?;
    config.application_name("stonechat").tcp_user_timeout(2 * PATIENCE);
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(PATIENCE);
    }
    if config.get_options().is_none() {
        config.options(STATEMENT_LIMITS);
    }
    let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
    let pool = Pool::builder(manager).max_size(LANES + READERS).runtime(Runtime::Tokio1).wait_timeout(Some(PATIENCE));
    pool.build().map_err(|e| Fault::caused("the database pool cannot be made", e))
}

pub(crate) async fn connect(pool: &Pool) -> Result<Lent, Fault> {
    let object = pool.get().await.map_err(|e| Fault::caused("PostgreSQL cannot be reached", e))?;
    Ok(Lent { object: Some(object), in_transaction: false })
}

/// A connection lent by the pool. If it is dropped in the middle of a transaction (a failed commit, a panic, a caller who
/// stops waiting), it is closed, so that nobody gets it with somebody else's writes still open.
pub struct Lent {
    /// Present until it is dropped.
    object: Option<Object>,
    in_transaction: bool,
}

impl Lent {
    pub(crate) fn begun(&mut self) {
        self.in_transaction = true;
    }

    pub(crate) fn ended(&mut self) {
        self.in_transaction = false;
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.object.as_ref().is_none_or(|object| object.is_closed())
    }

    fn client(&self) -> Result<&Object, Fault> {
        self.object.as_ref().ok_or_else(|| Fault::new("the connection was given back"))
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if self.in_transaction
            && let Some(object) = self.object.take()
        {
            drop(Object::take(object));
        }
    }
}

fn failed(error: tokio_postgres::Error) -> Fault {
    if error.code() == Some(&SqlState::QUERY_CANCELED) {
        return Fault::slow();
    }
    Fault::caused("PostgreSQL refused a statement", error)
}

pub(crate) async fn rows(conn: &Lent, sql: &Sql, args: &[Value]) -> Result<Vec<Row>, Fault> {
    let statement = conn.client()?.prepare_cached(sql.numbered()).await.map_err(failed)?;
    let rows = conn.client()?.query(&statement, &arguments(args)).await.map_err(failed)?;
    rows.iter().map(|row| (0..row.len()).map(|i| field(row, i)).collect::<Result<_, _>>().map(Row::new)).collect()
}

pub(crate) async fn run(conn: &Lent, sql: &Sql, args: &[Value]) -> Result<u64, Fault> {
    let statement = conn.client()?.prepare_cached(sql.numbered()).await.map_err(failed)?;
    conn.client()?.execute(&statement, &arguments(args)).await.map_err(failed)
}

pub(crate) async fn batch(conn: &Lent, sql: &str) -> Result<(), Fault> {
    conn.client()?.batch_execute(sql).await.map_err(failed)
}

pub(crate) async fn prepare(conn: &Lent, sql: &Sql) -> Result<(), Fault> {
    conn.client()?.prepare(sql.numbered()).await.map(drop).map_err(failed)
}

fn arguments(args: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    args.iter().map(|arg| arg as &(dyn ToSql + Sync)).collect()
}

fn field(row: &tokio_postgres::Row, i: usize) -> Result<Value, Fault> {
    let kind = row.columns()[i].type_();
    let value = if *kind == Type::INT8 {
        row.try_get::<_, Option<i64>>(i).map(Value::from)
    } else if *kind == Type::INT4 {
        row.try_get::<_, Option<i32>>(i).map(|number| Value::from(number.map(i64::from)))
    } else if *kind == Type::TEXT {
        row.try_get::<_, Option<String>>(i).map(Value::from)
    } else if *kind == Type::BYTEA {
        row.try_get::<_, Option<Vec<u8>>>(i).map(|bytes| bytes.map_or(Value::Null, Value::Bytes))
    } else {
        return Err(Fault::new("a column has a type that only PostgreSQL has"));
    };
    value.map_err(failed)
}

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            // Where the other side of an operator is an integer literal, PostgreSQL takes the argument for one of 32 bits.
            Self::Int(number) if *kind == Type::INT4 => i32::try_from(*number)?.to_sql(kind, out),
            Self::Int(number) => number.to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
            Self::Bytes(bytes) => bytes.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        [Type::INT8, Type::INT4, Type::TEXT, Type::BYTEA].contains(kind)
    }

    to_sql_checked!();
}
