//! The process that looks into pictures: this very program, started by the server as `stonechat picture-worker`.
//!
//! Decoders are where hostile files do their harm. So they run here, with a file as the input, a pipe as the output, no
//! environment, and limits that the process sets itself before it looks.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, BufReader, BufWriter},
    os::fd::AsFd as _,
    process::ExitCode,
};

use model::limits::EMOJI_SIDE_MAX;
use picture::{Trouble, Wanted};

use crate::hygiene;

/// The sides of a person's picture, in pixels.
const SQUARES: [u32; 2] = [256, 64];

/// Does the work, if that is what this process was started for.
pub(crate) fn run(mut arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    if arguments.nth(1)? != "picture-worker" {
        return None;
    }
    let wanted = match arguments.next() {
        None => Wanted::Whole,
        Some(kind) if kind == "emoji" => Wanted::Small(EMOJI_SIDE_MAX),
        Some(_) => Wanted::Squares(SQUARES),
    };
    Some(match work(wanted) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => ExitCode::from(trouble.exit_code()),
    })
}

fn work(wanted: Wanted) -> Result<(), Trouble> {
    hygiene::confine()?;
    let input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    picture::run(wanted, BufReader::new(input), BufWriter::new(io::stdout().lock()))
}
