//! The process that looks into pictures: another run of this very program, with nothing to hold and little to take.
//!
//! It gets the file as its input, answers on its output, and limits itself before it looks. Here it is given no environment and
//! a time, its answer is not believed beyond what was announced, and there are never more of them than a few.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use model::{Refusal, limits::PICTURE_KEPT_SIDE_MAX};
use picture::{Head, Trouble};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader},
    process::Command,
    sync::Semaphore,
};

use crate::{Failure, blobs::BlobTrouble};

/// Pictures that are made at once. Each takes a core.
const AT_ONCE: usize = 1;
/// Pictures that wait for their turn. One more is refused as `busy`.
const WAITING_MAX: usize = 32;
/// The time that one may take. It limits itself to half of that on the processor; the rest is for others who want it, too.
const PATIENCE: Duration = Duration::from_secs(20);
/// The most bytes of one answer: no picture of our making is larger than its pixels.
const ANSWER_BYTES_MAX: u64 = 4 * (PICTURE_KEPT_SIDE_MAX as u64) * (PICTURE_KEPT_SIDE_MAX as u64);

/// What a picture that was made can be. It is a header of answers.
const MADE_TYPES: [&str; 3] = ["image/jpeg", "image/png", "image/gif"];

/// What is wanted of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The picture and a smaller one.
    Whole,
    /// Two squares of its middle.
    Squares,
    /// A small picture, as an emoji is.
    Emoji,
}

/// Makes pictures.
#[derive(Clone, Debug)]
pub(crate) struct Worker {
    program: PathBuf,
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

/// Where what was made is: files of these names.
pub(crate) struct Places {
    pub(crate) whole: PathBuf,
    pub(crate) preview: PathBuf,
}

impl Worker {
    /// `program` is run with the argument `picture-worker`.
    pub(crate) fn new(program: PathBuf) -> Self {
        let [turns, places] = [AT_ONCE, AT_ONCE + WAITING_MAX].map(|n| Arc::new(Semaphore::new(n)));
        Self { program, turns, places }
    }

    /// Makes what is wanted of the file at `input`. `None`: it is no picture, or a damaged one.
    pub(crate) async fn make(&self, wanted: Wanted, input: &Path, out: &Places) -> Result<Option<Head>, Failure> {
        let _place = self.places.try_acquire().map_err(|_| Refusal::Busy)?;
        let _turn = self.turns.acquire().await.map_err(|_| Failure::broken("the pictures' queue is closed"))?;
        let run = self.run(wanted, input, out);
        // Dropped, it is killed.
        tokio::time::timeout(PATIENCE, run).await.unwrap_or_else(|_| Err(Refusal::PictureRefused.into()))
    }

    async fn run(&self, wanted: Wanted, input: &Path, out: &Places) -> Result<Option<Head>, Failure> {
        let mut command = Command::new(&self.program);
        command.arg("picture-worker").env_clear().kill_on_drop(true);
        command.args(match wanted {
            Wanted::Whole => None,
            Wanted::Squares => Some("squares"),
            Wanted::Emoji => Some("emoji"),
        });
        command.stdin(Stdio::from(File::open(input).map_err(broken)?)).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(broken)?;
        let output = child.stdout.take().ok_or_else(|| Failure::broken("the picture's process has no output"))?;
        let answer = take(BufReader::new(output), out).await;
        if !matches!(answer, Ok(Some(_))) {
            // Whatever it still wants to say, nobody listens.
            let _ = child.start_kill();
        }
        let status = child.wait().await.map_err(broken)?;
        let code = status.code().and_then(|code| u8::try_from(code).ok());
        match (code, answer) {
            (Some(0), answer) => answer?.map(Some).ok_or_else(|| Failure::broken("a picture's head is not ours")),
            (Some(Trouble::NOT_A_PICTURE), _) => Ok(None),
            (_, Err(failure @ Failure::Refused(Refusal::StorageFull))) => Err(failure),
            // Too much by its own count; or it was ended by a limit, or broke.
            (Some(_) | None, _) => Err(Refusal::PictureRefused.into()),
        }
    }
}

/// Reads an answer and writes its pictures to their places. `None`: there was none.
async fn take(mut output: impl AsyncBufReadExt + Unpin, out: &Places) -> Result<Option<Head>, Failure> {
    let mut line = Vec::new();
    let mut head = (&mut output).take(Head::LINE_BYTES_MAX as u64);
    head.read_until(b'\n', &mut line).await.map_err(broken)?;
    let Some(head) = Head::read(&line) else { return Ok(None) };
    let preview_type = head.preview.as_ref().map(|preview| &preview.media_type);
    if !MADE_TYPES.contains(&head.media_type.as_str())
        || preview_type.is_some_and(|made| !MADE_TYPES.contains(&made.as_str()))
    {
        return Err(Refusal::PictureRefused.into());
    }
    copy(&mut output, head.size, &out.whole).await?;
    if let Some(preview) = &head.preview {
        copy(&mut output, preview.size, &out.preview).await?;
    }
    Ok(Some(head))
}

async fn copy(output: &mut (impl AsyncRead + Unpin), size: u64, path: &Path) -> Result<(), Failure> {
    if size > ANSWER_BYTES_MAX {
        return Err(Refusal::PictureRefused.into());
    }
    let mut file = tokio::fs::File::create(path).await.map_err(full)?;
    let copied = tokio::io::copy(&mut output.take(size), &mut file).await.map_err(full)?;
    file.flush().await.map_err(full)?;
    if copied == size { Ok(()) } else { Err(Refusal::PictureRefused.into()) }
}

fn broken(error: io::Error) -> Failure {
    Failure::Fault(Box::new(error))
}

fn full(error: io::Error) -> Failure {
    BlobTrouble::from(error).into()
}
