//! The command line: which proof, how large, against which program. Ends with a failure if a promise was not kept.

use std::{path::PathBuf, process::ExitCode};

use bench::{
    proof::{self, Terms},
    report::Report,
    server::{Choice, built},
};
use clap::{Args, Parser, Subcommand};

/// A crowd that speaks the protocol to the real program, and says what it saw.
#[derive(Debug, Parser)]
#[command(name = "bench")]
struct Cli {
    /// What all proofs need to know.
    #[command(flatten)]
    terms: Flags,
    /// What to prove.
    #[command(subcommand)]
    proof: Proof,
}

/// What all proofs need to know.
#[derive(Debug, Args)]
struct Flags {
    /// The program; otherwise the variable `STONECHAT_TEST_PROGRAM` names it, or it is target/release/stonechat.
    #[arg(long, global = true, value_name = "PATH")]
    program: Option<PathBuf>,
    /// Run it on a PostgreSQL of its own that writes as in production, not on SQLite.
    #[arg(long, global = true)]
    postgres: bool,
    /// A short run that fits a debug build: what is promised about time is shown and not judged. Sizes are its own.
    #[arg(long, global = true)]
    quick: bool,
}

/// What to prove.
#[derive(Debug, Subcommand)]
enum Proof {
    /// What a delivery costs: many people in one room.
    Crowd(proof::crowd::Scale),
    /// Everybody has the same messages in the same order, however often their connections are cut.
    Churn(proof::churn::Scale),
    /// Whoever vanishes without a word is noticed.
    HalfOpen(proof::half_open::Scale),
    /// A retry is harmless: every message is sent several times, with restarts between.
    Retry(proof::retry::Scale),
    /// A slow reader harms nobody: some sockets of a busy room stop reading.
    Slow(proof::slow::Scale),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(report) => {
            let shown = report.print().is_ok();
            if shown && report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            use std::io::Write as _;
            // Nobody is left to tell if this fails, too.
            let _ = writeln!(std::io::stderr(), "{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<Report> {
    let Flags { program, postgres, quick } = cli.terms;
    let program = program.or_else(|| std::env::var_os("STONECHAT_TEST_PROGRAM").map(PathBuf::from));
    let program = program.map_or_else(|| built("release"), |path| Ok(path.canonicalize()?))?;
    let terms = Terms { choice: Choice { program, postgres }, quick };
    // One thread is enough for thousands of sockets, and leaves the rest of the machine to the server.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match cli.proof {
            Proof::Crowd(scale) => {
                proof::crowd::run(&terms, if quick { proof::crowd::Scale::quick() } else { scale }).await
            }
            Proof::Churn(scale) => {
                proof::churn::run(&terms, if quick { proof::churn::Scale::quick() } else { scale }).await
            }
            Proof::HalfOpen(scale) => {
                proof::half_open::run(&terms, if quick { proof::half_open::Scale::quick() } else { scale }).await
            }
            Proof::Retry(scale) => {
                proof::retry::run(&terms, if quick { proof::retry::Scale::quick() } else { scale }).await
            }
            Proof::Slow(scale) => {
                proof::slow::run(&terms, if quick { proof::slow::Scale::quick() } else { scale }).await
            }
        }
    })
}
