//! What the child did to its files and said, in order, read from the trace of `strace`.

use std::{
    collections::HashMap,
    env, fs,
    process::{Command, Stdio},
};

use crate::writer::{ACKNOWLEDGED, FILE};

/// A file of the database: the file itself or its write-ahead log. What is in shared memory is made anew after a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum File {
    Database,
    Log,
}

/// One thing that happened, once it was over.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Bytes were written at this place.
    Written { file: File, at: u64, bytes: Vec<u8> },
    /// The file was cut or grown to this length.
    Cut { file: File, length: u64 },
    /// The disk said that it has everything.
    Synced { file: File },
    /// The store said that it has the message of this key.
    Acknowledged(String),
}

/// Runs the child under `strace`.
pub(crate) fn record() -> Vec<Step> {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let calls = "trace=write,pwrite64,lseek,ftruncate,fsync,fdatasync";
    let strace = Command::new("strace")
        .args(["-f", "-y", "-xx", "-s", "1000000", "-e", calls, "-e", "signal=none", "-o"])
        .arg(&trace)
        .arg(env::current_exe().unwrap())
        .args(["--exact", "writer::child", "--nocapture", "--test-threads=1"])
        .env(FILE, folder.path().join("chat.db"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    strace.expect("strace runs: is the package strace installed?");
    Reader::default().read(&fs::read_to_string(&trace).unwrap())
}

/// Reads a trace line by line. A call that was interrupted by another thread's is put together first.
#[derive(Default)]
struct Reader {
    unfinished: HashMap<String, String>,
    offsets: HashMap<String, u64>,
    said: String,
    steps: Vec<Step>,
}

impl Reader {
    fn read(mut self, trace: &str) -> Vec<Step> {
        for line in trace.lines() {
            let Some((process, call)) = line.split_once(' ') else { continue };
            let call = call.trim_start();
            if let Some(begun) = call.strip_suffix(" <unfinished ...>") {
                self.unfinished.insert(process.to_owned(), begun.to_owned());
            } else if let Some(rest) = call.strip_prefix("<... ") {
                let begun = self.unfinished.remove(process).unwrap_or_default();
                let rest = rest.split_once(" resumed>").map_or("", |(_, rest)| rest);
                self.take(&format!("{begun}{rest}"));
            } else {
                self.take(call);
            }
        }
        self.steps
    }

    /// A whole call: `name(descriptor<path>, …) = result`.
    fn take(&mut self, call: &str) {
        let Some((name, rest)) = call.split_once('(') else { return };
        let Some((arguments, result)) = rest.rsplit_once(") ").or_else(|| rest.rsplit_once(')')) else { return };
        let result = result.trim_start_matches(|c: char| c == '=' || c.is_whitespace());
        let Some((descriptor, arguments)) = arguments.split_once('>') else { return };
        let Some((number, path)) = descriptor.split_once('<') else { return };
        let arguments = arguments.trim_start_matches(", ");
        let done: i64 = result.split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(-1);
        if done < 0 {
            return;
        }
        if name == "write" && number == "1" {
            return self.hear(&bytes(arguments));
        }
        let path = String::from_utf8(unescaped(path)).unwrap();
        let file = match path.rsplit('/').next() {
            Some("chat.db") => File::Database,
            Some("chat.db-wal") => File::Log,
            Some(_) | None => return,
        };
        self.touch(name, file, number, (arguments, done.unsigned_abs()));
    }

    fn touch(&mut self, name: &str, file: File, number: &str, (arguments, done): (&str, u64)) {
        match name {
            "lseek" => {
                self.offsets.insert(number.to_owned(), done);
            }
            "write" | "pwrite64" => {
                let mut bytes = bytes(arguments);
                bytes.truncate(usize::try_from(done).unwrap());
                let at = if name == "write" {
                    let offset = self.offsets.entry(number.to_owned()).or_default();
                    *offset += done;
                    *offset - done
                } else {
                    arguments.rsplit(", ").next().and_then(|n| n.parse().ok()).expect("a place in the file")
                };
                self.steps.push(Step::Written { file, at, bytes });
            }
            "ftruncate" => {
                let length = arguments.parse().expect("a length");
                self.steps.push(Step::Cut { file, length });
            }
            "fsync" | "fdatasync" => self.steps.push(Step::Synced { file }),
            other => panic!("{other} was not asked for"),
        }
    }

    /// What the child said. The test runner's own words stand between its lines.
    fn hear(&mut self, bytes: &[u8]) {
        self.said.push_str(&String::from_utf8_lossy(bytes));
        while let Some((line, rest)) = self.said.split_once('\n') {
            if let Some((_, key)) = line.rsplit_once(ACKNOWLEDGED) {
                self.steps.push(Step::Acknowledged(key.to_owned()));
            }
            self.said = rest.to_owned();
        }
    }
}

/// The bytes between the first quotes, each written as `\xNN`.
fn bytes(arguments: &str) -> Vec<u8> {
    let text = arguments.split('"').nth(1).expect("bytes in quotes");
    assert!(!arguments.contains("\"..."), "the trace was cut short");
    unescaped(text)
}

fn unescaped(text: &str) -> Vec<u8> {
    if !text.starts_with("\\x") {
        return text.as_bytes().to_vec();
    }
    text.split("\\x").skip(1).map(|digits| u8::from_str_radix(digits, 16).expect("two hexadecimal digits")).collect()
}
