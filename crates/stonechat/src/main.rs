//! The Stonechat server: one program that keeps the messages and serves the pages, the app and the API.
//!
//! Only wiring is here. `cli` and `config` read what the operator wants, `serve` opens the house and its door, `check` reads
//! the database file through, `picture_worker` is the process that looks into pictures, `admin` looks after accounts at the server's own terminal, `terminal` talks on a server from any, `hygiene` and `doctor` see to what
//! should not be kept.

mod admin;
mod check;
mod cli;
mod config;
mod doctor;
mod hygiene;
mod logging;
mod picture_worker;
mod serve;

use std::{
    alloc::System,
    env,
    io::{self, Write as _},
    process::ExitCode,
};

use anyhow::Context as _;
use zeroizing_alloc::ZeroAlloc;

use self::{
    cli::{Admin, Cli, Command},
    config::Environment,
};

/// Whatever is given back is wiped first, whoever had it: also what libraries copied (`docs/decisions/0009-zero-on-free.md`).
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    // Before anything is read: this run of the program has nobody's settings.
    if let Some(code) = picture_worker::run(env::args_os()) {
        return code;
    }
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => match error.downcast::<clap::Error>() {
            // It knows its own form, and whether it is an error at all: `--help` is none.
            Ok(error) => {
                let _ = error.print();
                ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
            }
            Err(error) => {
                let _ = writeln!(io::stderr(), "stonechat: {error:#}");
                ExitCode::FAILURE
            }
        },
    }
}

fn run() -> anyhow::Result<()> {
    let arguments: Vec<_> = env::args_os().collect();
    let environment: Environment = env::vars_os().collect();
    #[cfg(debug_assertions)]
    environment.failpoint()?.into_iter().for_each(store::failpoint::arm);
    let folder = env::current_dir().context("the working directory cannot be read")?;
    let cli = Cli::read(&arguments, &environment, &folder)?;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Config(cli::Config::Example) => Ok(io::stdout().write_all(config::example().as_bytes())?),
        Command::Config(cli::Config::Show) => Ok(io::stdout().write_all(config::show(&cli.settings).as_bytes())?),
        Command::Doctor { prove_instant } => doctor::examine(&cli.settings, prove_instant),
        Command::Serve => {
            logging::begin(cli.settings.log);
            runtime()?.block_on(serve::serve(cli.settings))
        }
        Command::Chat { url } => {
            logging::keep_quiet();
            runtime()?.block_on(terminal::chat(&url, environment.token()))
        }
        Command::Check => check::check(&cli.settings),
        Command::Admin(Admin::Create { username, password_stdin }) => {
            logging::begin(cli.settings.log);
            let password = cli::read_password(password_stdin)?;
            runtime()?.block_on(admin::create(&cli.settings, username, password))
        }
    }
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the async runtime cannot be started")
}
