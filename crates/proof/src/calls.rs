//! What the program asked of the system, as `strace -f -yy -xx` wrote it down.

use std::collections::BTreeSet;

use anyhow::ensure;

use crate::search::{Hit, Search};

/// The calls that are written down: those that write, and those that could write past them.
pub(crate) const TRACED: &str = "trace=execve,write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,sendmmsg,\
     sendfile,copy_file_range,splice,vmsplice,tee,mmap,memfd_create,io_uring_setup,open,openat,openat2,creat,rename,renameat,\
     renameat2,link,linkat,symlink,symlinkat,mkdir,mkdirat,setxattr,fsetxattr";

/// Calls whose data nobody sees here, and which the program does not need.
const BLIND: [&str; 7] = ["sendfile", "copy_file_range", "splice", "vmsplice", "tee", "io_uring_setup", "memfd_create"];

/// What one look at the calls saw.
pub(crate) struct Look {
    pub(crate) calls: usize,
    pub(crate) to_disk: usize,
    pub(crate) hits: Vec<(String, BTreeSet<Hit>)>,
    pub(crate) blind: BTreeSet<String>,
}

/// Looks at every call.
pub(crate) fn search(trace: &str, search: &Search) -> anyhow::Result<Look> {
    let mut look = Look { calls: 0, to_disk: 0, hits: Vec::new(), blind: BTreeSet::new() };
    let mut to_network = 0;
    for call in trace.lines().filter_map(Call::read) {
        look.calls += 1;
        if call.goes_to_the_network() {
            to_network += 1;
            continue;
        }
        if BLIND.contains(&call.name) || call.maps_a_file_to_write() {
            look.blind.insert(format!("{} on {}", call.name, call.target()));
        }
        look.to_disk += usize::from(call.name.contains("write"));
        let hits = search.hits(&call.data());
        if !hits.is_empty() {
            look.hits.push((format!("{} to {}", call.name, call.target()), hits));
        }
    }
    ensure!(look.to_disk > 0 && to_network > 0, "strace saw no writes at all; this proves nothing");
    Ok(look)
}

/// One line: `123 write(5<\x2f…>, "\x68…", 2) = 2`.
struct Call<'a> {
    name: &'a str,
    arguments: &'a str,
}

impl<'a> Call<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let (_, call) = line.split_once(' ')?;
        let (name, arguments) = call.trim_start().split_once('(')?;
        // What is resumed was written down when it began.
        name.bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            .then_some(Self { name, arguments })
    }

    /// The first argument's file, as `-yy` names it.
    fn file(&self) -> &'a str {
        let numbered = self.arguments.trim_start_matches(|c: char| c.is_ascii_digit());
        numbered.strip_prefix('<').and_then(|rest| rest.split(['>', ',']).next()).unwrap_or_default()
    }

    /// Whether it is data to a TCP socket. A socket of this machine is none: a log's, for example.
    fn goes_to_the_network(&self) -> bool {
        self.file().starts_with("TCP")
    }

    /// Shared memory of SQLite is a file with that in it; the file is looked at.
    fn maps_a_file_to_write(&self) -> bool {
        let maps =
            self.name == "mmap" && self.arguments.contains("MAP_SHARED") && self.arguments.contains("PROT_WRITE");
        maps && !self.arguments.contains("MAP_ANONYMOUS") && !self.target().ends_with("-shm")
    }

    /// The file of the call, wherever it stands among the arguments, readable.
    fn target(&self) -> String {
        let named = if self.name == "mmap" {
            self.arguments.split_once('<').map_or("", |(_, rest)| rest.split('>').next().unwrap_or_default())
        } else {
            self.file()
        };
        if named.starts_with("\\x") { String::from_utf8_lossy(&decode(named)).into_owned() } else { named.to_owned() }
    }

    /// All strings of the call, one after the other.
    fn data(&self) -> Vec<u8> {
        self.arguments.split('"').skip(1).step_by(2).flat_map(decode).collect()
    }
}

/// `\x68\x69` as bytes.
fn decode(text: &str) -> Vec<u8> {
    text.split("\\x").filter_map(|digits| u8::from_str_radix(digits.get(..2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canary::Canary;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().flat_map(|byte| format!("\\x{byte:02x}").into_bytes()).map(char::from).collect()
    }

    /// A sound run with one line more.
    fn look(canary: &Canary, line: &str) -> Look {
        let said = hex(canary.text().as_bytes());
        let file = hex(b"/srv/data/chat.db");
        let sound = format!(
            "7 sendto(9<TCP:[127.0.0.1:1->127.0.0.1:2]>, \"{said}\", 30, 0) = 30\n\
             7 pwrite64(5<{file}>, \"{}\", 2) = 2\n\
             7 mmap(NULL, 32768, PROT_READ|PROT_WRITE, MAP_SHARED, 8<{file}{}>, 0) = 0x7f\n\
             7 <... write resumed>) = 2\n\
             7 +++ exited with 0 +++",
            hex(b"hi"),
            hex(b"-shm"),
        );
        let search_all = Search::of(canary, "room").unwrap();
        search(&format!("{sound}\n{line}"), &search_all).unwrap()
    }

    #[test]
    fn a_planted_leak_is_found() {
        let canary = Canary::draw().unwrap();
        let sound = look(&canary, "");
        assert_eq!((sound.calls, sound.to_disk, sound.hits.len(), sound.blind.len()), (3, 1, 0, 0));
        let (said, name) = (hex(canary.text().as_bytes()), hex(canary.room().as_bytes()));
        let file = hex(b"/srv/log");
        let (head, tail) = canary.text().split_at(5);
        let leaks = [
            format!("8 write(2<{file}>, \"{said}\", 30 <unfinished ...>"),
            format!("8 write(5<\\x70\\x69\\x70\\x65\\x3a\\x5b\\x35\\x5d>, \"{said}\", 30) = 30"),
            format!("8 sendto(3<UNIX-STREAM:[58->59]>, \"{said}\", 30, 0, NULL, 0) = 30"),
            format!("8 openat(AT_FDCWD<{file}>, \"{name}\", O_WRONLY|O_CREAT, 0600) = 9"),
            format!(
                "8 writev(7<{file}>, [{{iov_base=\"{}\", iov_len=5}}, {{iov_base=\"{}\", iov_len=25}}], 2) = 30",
                hex(head.as_bytes()),
                hex(tail.as_bytes())
            ),
        ];
        for leak in leaks {
            assert_eq!(look(&canary, &leak).hits.len(), 1, "{leak}");
        }
    }

    #[test]
    fn a_way_past_the_search_is_found() {
        let canary = Canary::draw().unwrap();
        let file = hex(b"/srv/data/x");
        for blind in [
            "8 io_uring_setup(8, {}) = 5".to_owned(),
            format!("8 sendfile(5<{file}>, 6<{file}>, NULL, 9) = 9"),
            format!("8 mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 8<{file}>, 0) = 0x7f"),
        ] {
            assert_eq!(look(&canary, &blind).blind.len(), 1, "{blind}");
        }
    }

    #[test]
    fn an_empty_trace_proves_nothing() {
        let canary = Canary::draw().unwrap();
        assert!(search("", &Search::of(&canary, "room").unwrap()).is_err());
    }
}
