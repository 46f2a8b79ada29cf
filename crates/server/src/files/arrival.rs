//! Bytes of an upload as they come: added where the others end, at some pace, and never more than were announced.

use std::{io, path::PathBuf, sync::Arc};

use axum::body::Body;
use futures_util::StreamExt;
use model::{
    Actor, File, FileId, Refusal, Session, UserId,
    limits::{UPLOAD_RATE_MIN, UPLOAD_STALL_MS},
};
use protocol::Code;
use store::{Fault, files::Kept};
use tokio::{
    fs,
    io::AsyncWriteExt,
    sync::{Mutex, OwnedMutexGuard, watch},
    time::{Duration, Instant, sleep, timeout},
};

use super::{
    Files,
    finish::{keep, prepare},
};
use crate::{Failure, House, blobs::BlobTrouble, command::TouchFile};

/// Bytes that wait to be written.
const WRITTEN_AT_ONCE_BYTES: usize = 64 * 1024;
/// The time that a person waits for a file to be kept. What takes longer goes on, and they are told to ask again.
pub(super) const KEPT_WITHIN: Duration = Duration::from_millis(4_500);

/// How far an upload has come.
pub(crate) enum Progress {
    /// So many bytes are here.
    Offset(u64),
    /// All are, so many, and the file is kept.
    Finished(File, u64),
}

/// One adds at a time. Whoever comes later is the same person on a new connection: the one before lets go.
#[derive(Default)]
pub(super) struct Arrival {
    turn: Arc<Mutex<()>>,
    latest: watch::Sender<u64>,
    /// Whether whoever has the turn has all the bytes, and is having them kept.
    keeping: watch::Sender<bool>,
}

impl Arrival {
    /// Waits for the turn; but not for a place of blobs that is slow.
    async fn turn(&self) -> Result<OwnedMutexGuard<()>, Failure> {
        let mut keeping = self.keeping.subscribe();
        let slow = async {
            drop(keeping.wait_for(|keeping| *keeping).await);
            sleep(KEPT_WITHIN).await;
        };
        tokio::select! {
            turn = Arc::clone(&self.turn).lock_owned() => Ok(turn),
            () = slow => Err(Refusal::StorageAway.into()),
        }
    }
}

/// How far a person's upload has come.
pub(crate) async fn progress(house: &House, files: &Files, session: &Session, id: FileId) -> Result<Progress, Failure> {
    let kept = own(house, session.person.id, id).await?;
    Ok(match kept.finished {
        Some((file, _)) => Progress::Finished(file, kept.announced.sent),
        None => Progress::Offset(length(files.spooled(id)).await?),
    })
}

/// Adds bytes to a person's upload, from `offset` on, and finishes the file with the last.
///
/// It runs to its end even if nobody waits for the answer: what came is then whole, and its place is known.
pub(crate) async fn receive(
    house: Arc<House>,
    files: Files,
    session: &Session,
    at: (FileId, u64),
    body: Body,
) -> Result<Progress, Failure> {
    let (id, offset) = at;
    let kept = own(&house, session.person.id, id).await?;
    if let Some((file, _)) = kept.finished {
        let sent = kept.announced.sent;
        return if offset == sent {
            Ok(Progress::Finished(file, sent))
        } else {
            Err(Refusal::OffsetWrong { offset: sent }.into())
        };
    }
    let task = tokio::spawn(async move { add(house, files, &kept, offset, body).await });
    task.await.map_err(|_| Failure::broken("an upload was cut short"))?
}

async fn add(house: Arc<House>, files: Files, kept: &Kept, offset: u64, body: Body) -> Result<Progress, Failure> {
    let (id, owner, sent) = (kept.announced.id, kept.announced.owner, kept.announced.sent);
    let arrival = files.arrival(id);
    let mut latest = arrival.latest.subscribe();
    arrival.latest.send_modify(|latest| *latest += 1);
    latest.mark_unchanged();
    let turn = arrival.turn().await?;
    arrival.keeping.send_replace(false);
    // Whoever was before may have finished it.
    if let Some((file, _)) = own(&house, owner, id).await?.finished {
        return Ok(Progress::Finished(file, sent));
    }
    let path = files.spooled(id);
    let here = length(path.clone()).await?;
    if offset != here {
        return Err(Refusal::OffsetWrong { offset: here }.into());
    }
    let mut file = fs::OpenOptions::new().create(true).append(true).open(&path).await.map_err(full)?;
    file.set_max_buf_size(WRITTEN_AT_ONCE_BYTES);
    let superseded = async { drop(latest.changed().await) };
    let came = tokio::select! {
        came = write(&mut file, body, sent - here) => came,
        () = superseded => Err(Failure::Door(Code::TimedOut)),
    };
    // What was written before the trouble stands, and is counted.
    file.flush().await.map_err(full)?;
    drop(file);
    if let Err(Failure::Refused(Refusal::SizeWrong)) = came {
        files.unspool(id);
        house.execute(Actor::Operator, crate::command::GiveUpFile { owner, id }).await?;
    }
    came?;
    let here = length(path).await?;
    if here < sent {
        house.execute(Actor::Operator, TouchFile { owner, id }).await?;
        return Ok(Progress::Offset(here));
    }
    let ready = prepare(&house, &files, kept).await?;
    arrival.keeping.send_replace(true);
    let kept = tokio::spawn(async move {
        let (_turn, _arrival) = (turn, arrival);
        keep(&house, &files, owner, ready).await
    });
    let file = timeout(KEPT_WITHIN, kept).await.map_err(|_| Refusal::StorageAway)?;
    Ok(Progress::Finished(file.map_err(|_| Failure::broken("keeping a file was cut short"))??, sent))
}

/// Writes a body of at most `rest` bytes.
pub(super) async fn write(file: &mut fs::File, body: Body, rest: u64) -> Result<(), Failure> {
    let stall = Duration::from_millis(UPLOAD_STALL_MS);
    let began = Instant::now();
    let (mut pieces, mut came) = (body.into_data_stream(), 0_u64);
    loop {
        let piece = timeout(stall, pieces.next()).await.map_err(|_| Failure::Door(Code::TimedOut))?;
        let Some(piece) = piece else { return Ok(()) };
        let piece = piece.map_err(|_| Failure::malformed("the body broke off"))?;
        came += piece.len() as u64;
        if came > rest {
            return Err(Refusal::SizeWrong.into());
        }
        file.write_all(&piece).await.map_err(full)?;
        let elapsed = began.elapsed();
        if elapsed > stall && came < elapsed.as_secs() * UPLOAD_RATE_MIN {
            return Err(Failure::Door(Code::TimedOut));
        }
    }
}

async fn own(house: &House, owner: UserId, id: FileId) -> Result<Kept, Failure> {
    let read = house
        .store
        .read::<_, Fault, _>(move |conn| Box::pin(async move { store::files::find(conn, id).await }))
        .await?;
    Ok(read.filter(|kept| kept.announced.owner == owner).ok_or(Refusal::NotFound)?)
}

async fn length(path: PathBuf) -> Result<u64, Failure> {
    match fs::metadata(path).await {
        Ok(about) => Ok(about.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(full(error)),
    }
}

fn full(error: io::Error) -> Failure {
    BlobTrouble::from(error).into()
}

#[cfg(test)]
mod tests {
    use std::io::{Error, Read as _, Seek as _};

    use axum::body::Bytes;
    use futures_util::stream;

    use super::*;

    /// A body that brings `piece` every `every`, so often; then nothing, and no end.
    fn body(piece: &'static [u8], every: Duration, times: u32) -> Body {
        let pieces = stream::unfold(0, move |sent| async move {
            if sent == times {
                return std::future::pending().await;
            }
            sleep(every).await;
            Some((Ok::<_, Error>(Bytes::from_static(piece)), sent + 1))
        });
        Body::from_stream(pieces)
    }

    /// What became of the body, how long it took, and what was written.
    async fn written(body: Body) -> (Result<(), Failure>, Duration, Vec<u8>) {
        let mut kept = tempfile::tempfile().unwrap();
        let mut file = fs::File::from_std(kept.try_clone().unwrap());
        let began = Instant::now();
        let came = write(&mut file, body, 1_000_000).await;
        let elapsed = began.elapsed();
        file.flush().await.unwrap();
        let mut bytes = Vec::new();
        kept.rewind().unwrap();
        kept.read_to_end(&mut bytes).unwrap();
        (came, elapsed, bytes)
    }

    #[tokio::test(start_paused = true)]
    async fn ten_seconds_without_a_byte_end_it_and_what_came_stands() {
        let (came, elapsed, bytes) = written(body(b"stone", Duration::from_secs(1), 3)).await;
        assert!(matches!(came, Err(Failure::Door(Code::TimedOut))));
        assert_eq!((elapsed, bytes.as_slice()), (Duration::from_secs(3 + 10), &b"stonestonestone"[..]));
    }

    #[tokio::test(start_paused = true)]
    async fn a_byte_now_and_then_is_too_slow() {
        let (came, elapsed, _) = written(body(b"s", Duration::from_secs(4), 1_000)).await;
        assert!(matches!(came, Err(Failure::Door(Code::TimedOut))));
        assert_eq!(elapsed, Duration::from_secs(12), "the first look after ten seconds");
    }

    #[tokio::test(start_paused = true)]
    async fn more_than_was_announced_is_noticed() {
        let (came, ..) = written(Body::from(vec![0; 1_000_001])).await;
        assert!(matches!(came, Err(Failure::Refused(Refusal::SizeWrong))));
    }
}
