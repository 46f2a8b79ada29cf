//! Opens the house and its door, and closes both in order.

use std::{
    io::{self, Write as _},
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use anyhow::{Context as _, anyhow};
use server::http::{App, Asset, Front, Program};
use store::{Opened, Store};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use crate::{config::Settings, hygiene};

/// Serves until SIGTERM or ctrl-C.
pub(crate) async fn serve(settings: Settings) -> anyhow::Result<()> {
    // Before a word is said: whoever reads the greeting may already ask the server to stop.
    let stop = stop()?;
    hygiene::keep_memory_private().context("this process cannot forbid others to look into its memory")?;
    hygiene::open_many_files();
    let listen = settings.door.listen;
    // Before anything is written: a second server on one port should leave no trace.
    let listener = TcpListener::bind(listen).await.with_context(|| taken(listen))?;
    let address = listener.local_addr()?;
    let files = settings.files.open(&settings.storage.database)?;
    let house = open(&settings, files).await?;
    let public = settings.door.public_url.as_ref().map_or_else(|| reachable(address), ToString::to_string);
    greet(&public, house.offer_set_up().await.map_err(|failure| anyhow!("{failure:?}"))?.as_ref())?;
    if settings.storage.redis.is_some() {
        tracing::warn!("a Redis server is named, and this version does not use one yet: run one node only");
    }
    if settings.instant.rooms(hygiene::memory()) == server::InstantRooms::Unsafe {
        tracing::warn!(
            "this machine swaps, so instant rooms stay closed: switch swap off, for this service alone by MemorySwapMax=0, or set instant.allow_swap"
        );
    }
    server::serve(house, listener, stop).await;
    tracing::info!("closed");
    Ok(())
}

/// Opens the store and builds the house around it; a new one is furnished. Whoever serves nobody needs no files.
pub(crate) async fn open(settings: &Settings, files: Option<server::Files>) -> anyhow::Result<Arc<server::House>> {
    let clock = server::system();
    let url = &settings.storage.database;
    let epoch = server::fresh_epoch().context("the system has no random numbers")?;
    let opened = Store::open(url, epoch, clock()).await.with_context(|| format!("cannot open {url}"))?;
    let Opened { store, feed, is_new } = opened;
    let house = server::House::new(store, feed, clock, settings.for_server(hygiene::memory(), files), front());
    if is_new {
        house.furnish().await.map_err(|failure| anyhow!("the first rooms were not made: {failure:?}"))?;
    }
    Ok(house)
}

/// The files that were built into this program.
fn front() -> Front {
    let asset = |file: &web_bundle::File| Asset {
        path: file.path,
        content_type: file.content_type,
        body: file.body,
        brotli: file.brotli,
        gzip: file.gzip,
    };
    let app = |app: &web_bundle::App| App {
        script: app.script,
        wasm: app.wasm,
        style: app.style,
        emoji: app.emoji,
        languages: app.languages,
    };
    let instant = |page: &web_bundle::Program| Program { script: page.script, wasm: page.wasm, style: page.style };
    Front {
        assets: web_bundle::FILES.iter().map(asset).collect(),
        doors_style: web_bundle::DOORS_STYLE,
        icon: web_bundle::ICON,
        app: web_bundle::APP.as_ref().map(app).map_err(|why| *why),
        instant: web_bundle::INSTANT.as_ref().map(instant).map_err(|why| *why),
    }
}

/// Says where the server is, and, as long as it has no administrator, how to make one.
fn greet(public: &str, set_up: Option<&server::Secret>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "Stonechat is open at {public}")?;
    if let Some(secret) = set_up {
        writeln!(out, "\nIt has no administrator yet. Make one within an hour, by this link, which works once:")?;
        writeln!(out, "  {public}/setup/{}", secret.reveal())?;
        writeln!(out, "or at this terminal: stonechat admin create <username>\n")?;
    }
    if let Err(why) = web_bundle::APP {
        writeln!(out, "This build has no app in it: {why}\n")?;
    }
    out.flush()
}

/// An address that a browser on this machine reaches.
fn reachable(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::from([127, 0, 0, 1]),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::from([127, 0, 0, 1]),
        ip @ (IpAddr::V4(_) | IpAddr::V6(_)) => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

fn taken(listen: SocketAddr) -> String {
    format!("cannot listen on {listen}; perhaps another program does; choose another address by --listen")
}

/// Done when the operator, or the machine, wants the server to stop.
fn stop() -> anyhow::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be watched")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("ctrl-C cannot be watched")?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("closing");
    })
}
