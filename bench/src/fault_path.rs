//! A way to the server with faults on it: it can cut a connection after a given byte, delay what goes over it, and go silent.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use socket2::SockRef;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::JoinHandle,
    time::sleep,
};

use crate::link::Way;

/// Bytes that are passed on at once.
const PIECE_BYTES: usize = 16 * 1024;

/// What happens to the next connection.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plan {
    /// It is cut.
    pub cut: Option<Cut>,
    /// Each piece waits for so long, in both directions.
    pub delay: Duration,
}

/// Where a connection is cut.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    /// After so many bytes.
    pub bytes: u64,
    /// Of those to the server; otherwise of those from it.
    pub upwards: bool,
    /// Without a good-bye: what is under way is lost on both sides.
    pub reset: bool,
}

/// A listener that passes on to the server. Dropping it lets no more connections in.
#[derive(Debug)]
pub struct FaultPath {
    /// Where it listens.
    pub address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    way: Way,
    plan: Mutex<Plan>,
    silent: watch::Sender<bool>,
    cuts: AtomicUsize,
}

impl FaultPath {
    /// Opens one.
    pub async fn open(way: Way) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (silent, _) = watch::channel(false);
        let shared = Arc::new(Shared { way, plan: Mutex::default(), silent, cuts: AtomicUsize::new(0) });
        let task = tokio::spawn(attend(listener, Arc::clone(&shared)));
        Ok(Self { address, shared, task })
    }

    /// Says what happens to the next connection, and to those after it.
    pub fn plan(&self, plan: Plan) {
        *self.shared.plan.lock().unwrap_or_else(PoisonError::into_inner) = plan;
    }

    /// Passes nothing on any more, in no direction, and closes nothing.
    pub fn go_silent(&self) {
        self.shared.silent.send_replace(true);
    }

    /// How many connections were cut.
    #[must_use]
    pub fn cuts(&self) -> usize {
        self.shared.cuts.load(Ordering::Relaxed)
    }
}

impl Drop for FaultPath {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn attend(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((near, _)) = listener.accept().await {
        let plan = *shared.plan.lock().unwrap_or_else(PoisonError::into_inner);
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            // A server that is not there is a connection that ends at once.
            if let Ok(far) = shared.way.connect().await {
                pass_on(near, far, plan, &shared).await;
            }
        });
    }
}

async fn pass_on(near: TcpStream, far: TcpStream, plan: Plan, shared: &Shared) {
    let _ = near.set_nodelay(true);
    let ((near_read, near_write), (far_read, far_write)) = (near.into_split(), far.into_split());
    let budget = |upwards| plan.cut.filter(|cut| cut.upwards == upwards).map(|cut| cut.bytes);
    let silent = || shared.silent.subscribe();
    let mut up = Pump { from: near_read, to: far_write, budget: budget(true), delay: plan.delay, silent: silent() };
    let mut down = Pump { from: far_read, to: near_write, budget: budget(false), delay: plan.delay, silent: silent() };
    let was_cut = tokio::select! {
        was_cut = up.run() => was_cut,
        was_cut = down.run() => was_cut,
    };
    if was_cut.unwrap_or(false) {
        shared.cuts.fetch_add(1, Ordering::Relaxed);
        if plan.cut.is_some_and(|cut| cut.reset) {
            for side in [&up.from, &down.from] {
                let _ = SockRef::from(side.as_ref()).set_linger(Some(Duration::ZERO));
            }
        }
    }
}

/// One direction of a connection.
struct Pump {
    from: OwnedReadHalf,
    to: OwnedWriteHalf,
    budget: Option<u64>,
    delay: Duration,
    silent: watch::Receiver<bool>,
}

impl Pump {
    /// Passes on until one side ends, or the budget does. Says which.
    async fn run(&mut self) -> io::Result<bool> {
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let count = self.from.read(&mut piece).await?;
            if count == 0 {
                return Ok(false);
            }
            if self.delay > Duration::ZERO {
                sleep(self.delay).await;
            }
            // Nobody ends a silence but by ending everything.
            let _ = self.silent.wait_for(|silent| !silent).await;
            let allowed = self.budget.map_or(count, |left| count.min(usize::try_from(left).unwrap_or(count)));
            self.to.write_all(&piece[..allowed]).await?;
            if let Some(left) = &mut self.budget {
                *left -= allowed as u64;
                if *left == 0 {
                    return Ok(true);
                }
            }
        }
    }
}
