//! A program that cannot outlive the test that started it, even if the test is killed.
//!
//! The program runs under a small shell script, the guard, whose stdin is a pipe held by the test process. The kernel
//! closes the pipe when the process ends, however it ends; the guard then stops the program and removes its folder.
//! PostgreSQL runs like this, and in the end-to-end tests the server and the browser's driver do.

use std::{
    ffi::OsString,
    io::{self, Write},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
};

const GUARD: &str = include_str!("guard.sh");

/// What to run, and how it ends.
#[derive(Debug)]
pub struct Program {
    command: Command,
    arguments: Vec<OsString>,
    stop: &'static str,
    folder: Option<PathBuf>,
}

impl Program {
    /// The program of this name or path. It is stopped by `TERM`, and its output goes where the test's own goes.
    #[must_use]
    pub fn new(program: impl Into<OsString>) -> Self {
        let mut command = Command::new("sh");
        // A group of its own, so that Ctrl-C at the terminal ends the test, and the test's end ends the program.
        command.process_group(0);
        Self { command, arguments: vec![program.into()], stop: "TERM", folder: None }
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<I: IntoIterator<Item: Into<OsString>>>(mut self, arguments: I) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.command.env(name.into(), value.into());
        self
    }

    /// Starts with no environment but this process's `PATH`.
    #[must_use]
    pub fn without_environment(mut self) -> Self {
        self.command.env_clear();
        if let Some(path) = std::env::var_os("PATH") {
            self.command.env("PATH", path);
        }
        self
    }

    /// Runs in this folder.
    #[must_use]
    pub fn in_folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Is stopped by this signal, such as `INT`.
    #[must_use]
    pub fn stopped_by(mut self, signal: &'static str) -> Self {
        self.stop = signal;
        self
    }

    /// Has this folder removed once it has ended.
    #[must_use]
    pub fn leaves_nothing_in(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// Sends its standard output there.
    #[must_use]
    pub fn stdout(mut self, to: impl Into<Stdio>) -> Self {
        self.command.stdout(to);
        self
    }

    /// Sends its standard error there.
    #[must_use]
    pub fn stderr(mut self, to: impl Into<Stdio>) -> Self {
        self.command.stderr(to);
        self
    }

    /// Starts it.
    pub fn start(mut self) -> io::Result<Running> {
        self.command.arg("-c").arg(GUARD).arg("guard").arg(self.stop).arg(self.folder.unwrap_or_default());
        let mut guard = self.command.args(self.arguments).stdin(Stdio::piped()).spawn()?;
        let pipe = guard.stdin.take();
        Ok(Running { guard, pipe })
    }
}

/// A program that runs. Dropping it stops the program and waits for its end.
#[derive(Debug)]
pub struct Running {
    guard: Child,
    pipe: Option<ChildStdin>,
}

impl Running {
    /// Sends a signal by its name, such as `KILL`. The program may end at any moment after.
    pub fn signal(&mut self, name: &str) -> io::Result<()> {
        self.pipe.as_mut().map_or(Ok(()), |pipe| writeln!(pipe, "{name}"))
    }

    /// How it ended, if it has. A program that a signal ended has the code 128 and the signal's number.
    pub fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.guard.try_wait()
    }

    /// Waits for its end, without asking for it.
    pub fn wait(&mut self) -> io::Result<ExitStatus> {
        // `Child::wait` would close stdin only if it still held it; the pipe is ours.
        self.guard.wait()
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(&mut self) -> io::Result<ExitStatus> {
        self.pipe = None;
        self.guard.wait()
    }

    /// Its standard output, if it was piped; once.
    pub fn stdout(&mut self) -> Option<ChildStdout> {
        self.guard.stdout.take()
    }

    /// Its standard error, if it was piped; once.
    pub fn stderr(&mut self) -> Option<ChildStderr> {
        self.guard.stderr.take()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Nobody is left to tell, and the guard does its work whether it is waited for or not.
        let _ = self.stop();
    }
}
