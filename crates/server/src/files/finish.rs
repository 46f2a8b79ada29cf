//! The last byte has come: the file is looked into, its blobs are named and written for good, and then it counts as finished.
//!
//! Each step may be cut by the end of the power, or by a place of blobs that is away, and is simply done again when a last, empty
//! piece is sent.

use std::{
    fs::File as Disk,
    io::{self, Read},
    path::{Path, PathBuf},
    time::Duration,
};

use model::{Actor, File, FileKind, Refusal, UserId};
use sha2::{Digest, Sha256};
use store::{
    blobs::BlobHash,
    files::{Blobs, Kept},
};

use super::{
    Files, Places, Wanted,
    sniff::{self, Found, sniff},
};
use crate::{
    Failure, House,
    blobs::BlobTrouble,
    command::{ClaimBlobs, DoomBlobs, FinishFile, GiveUpFile},
    random::hex,
};

/// Bytes that are hashed at once.
const PIECE_BYTES: usize = 64 * 1024;
/// How often to ask again for a blob that is being removed, and how long to wait between.
const CLAIMS_MAX: u32 = 20;
const CLAIM_AGAIN: Duration = Duration::from_millis(100);

/// What the file has become, and where the bytes of its blobs are.
pub(super) struct Ready {
    file: File,
    blobs: Blobs,
    whole: PathBuf,
    preview: PathBuf,
}

/// Makes a file ready to be kept, whose bytes are all here.
pub(super) async fn prepare(house: &House, files: &Files, kept: &Kept) -> Result<Ready, Failure> {
    let (id, owner) = (kept.announced.id, kept.announced.owner);
    let ready = match look_into(files, kept).await {
        Err(failure @ Failure::Refused(Refusal::PictureRefused)) => {
            // What is refused for good takes no space and no quota.
            files.unspool(id);
            house.execute(Actor::Operator, GiveUpFile { owner, id }).await?;
            return Err(failure);
        }
        looked => looked?,
    };
    claim(house, files, kept, &ready.blobs).await?;
    Ok(ready)
}

/// Keeps a file that is ready for it. Until then what it is made of stays in the spool.
pub(super) async fn keep(house: &House, files: &Files, owner: UserId, ready: Ready) -> Result<File, Failure> {
    let Ready { file, blobs, whole, preview } = ready;
    let small = async {
        let Some((hash, _)) = &blobs.preview else { return Ok(()) };
        files.objects().put(hash, &preview).await
    };
    tokio::try_join!(files.objects().put(&blobs.whole, &whole), small)?;
    if !house.execute(Actor::Operator, FinishFile { owner, file: file.clone(), blobs: blobs.clone() }).await? {
        // Somebody gave it up meanwhile.
        let hashes = [Some(blobs.whole), blobs.preview.map(|(hash, _)| hash)].into_iter().flatten().collect();
        house.execute(Actor::Operator, DoomBlobs { hashes }).await?;
        files.sweep_soon();
        return Err(Refusal::NotFound.into());
    }
    files.unspool(file.id);
    Ok(file)
}

async fn look_into(files: &Files, kept: &Kept) -> Result<Ready, Failure> {
    let (announced, spooled) = (&kept.announced, files.spooled(kept.announced.id));
    if announced.sent == 0 {
        // An upload of no bytes may have left no file.
        Disk::options().create(true).append(true).open(&spooled).map_err(full)?;
    }
    let beginning = blocking(spooled.clone(), |path| read_beginning(&path)).await?;
    let Found { mut kind, mut media_type } = sniff(&beginning, &announced.claimed_type);
    let Places { whole: made, preview } = files.places(announced.id);
    if kind == FileKind::Picture {
        if let Some(head) = files.worker().make(Wanted::Whole, &spooled, &files.places(announced.id)).await? {
            let small = match head.preview {
                Some(small) => Some((blocking(preview.clone(), |path| hash(&path)).await?, small.media_type)),
                None => None,
            };
            let blobs = Blobs { whole: blocking(made.clone(), |path| hash(&path)).await?, preview: small };
            let file = File {
                id: announced.id,
                name: announced.name.clone(),
                size: head.size,
                kind,
                media_type: head.media_type,
                look: Some(head.look),
            };
            return Ok(Ready { file, blobs, whole: made, preview });
        }
        // It only begins like one.
        (kind, media_type) = (FileKind::Other, "application/octet-stream".to_owned());
    }
    let blobs = Blobs { whole: blocking(spooled.clone(), |path| hash(&path)).await?, preview: None };
    let (id, name) = (announced.id, announced.name.clone());
    let file = File { id, name, size: announced.sent, kind, media_type, look: None };
    Ok(Ready { file, blobs, whole: spooled, preview })
}

/// Names the blobs.
async fn claim(house: &House, files: &Files, kept: &Kept, blobs: &Blobs) -> Result<(), Failure> {
    let (id, owner) = (kept.announced.id, kept.announced.owner);
    patiently(files, || house.execute(Actor::Operator, ClaimBlobs { owner, id, blobs: blobs.clone() })).await
}

/// Claims blobs by `claim`. One that is being removed is gone in a moment, and may then be written anew.
pub(super) async fn patiently<T, F: Future<Output = Result<T, Failure>>>(
    files: &Files,
    claim: impl Fn() -> F,
) -> Result<T, Failure> {
    for _ in 0..CLAIMS_MAX {
        match claim().await {
            Err(Failure::Refused(Refusal::Busy)) => {}
            claimed => return claimed,
        }
        files.sweep_soon();
        tokio::time::sleep(CLAIM_AGAIN).await;
    }
    Err(Refusal::Busy.into())
}

pub(super) async fn blocking<T: Send + 'static>(
    path: PathBuf,
    work: impl FnOnce(PathBuf) -> io::Result<T> + Send + 'static,
) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(move || work(path)).await;
    done.map_err(|_| Failure::broken("reading a file was cut short"))?.map_err(full)
}

fn read_beginning(path: &Path) -> io::Result<Vec<u8>> {
    let mut beginning = Vec::with_capacity(sniff::LOOKED_AT_BYTES);
    Disk::open(path)?.take(sniff::LOOKED_AT_BYTES as u64).read_to_end(&mut beginning)?;
    Ok(beginning)
}

pub(super) fn hash(path: &Path) -> io::Result<BlobHash> {
    let (mut file, mut digest, mut piece) = (Disk::open(path)?, Sha256::new(), vec![0; PIECE_BYTES]);
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok(BlobHash::new(hex(&digest.finalize())));
        }
        digest.update(piece.get(..read).unwrap_or_default());
    }
}

pub(super) fn full(error: io::Error) -> Failure {
    BlobTrouble::from(error).into()
}
