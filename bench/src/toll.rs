//! What a process costs, as Linux tells it in `/proc`: processor time, memory, open files, and what lies in the buffers of its
//! connections.

use std::{
    fs, io,
    net::{Ipv4Addr, SocketAddr, SocketAddrV4},
    time::Duration,
};

/// A tick of the processor's clock, in microseconds: Linux tells a hundred in a second on every machine of today.
const TICK_MICROS: u64 = 10_000;
/// An established connection, in the kernel's list.
const ESTABLISHED: &str = "01";

/// A process to ask about.
#[derive(Clone, Copy, Debug)]
pub struct Toll {
    pid: u32,
}

/// One end of a connection in the kernel's list.
#[derive(Clone, Copy, Debug)]
pub struct End {
    /// This end.
    pub local: SocketAddr,
    /// The other end.
    pub remote: SocketAddr,
    /// Whether neither side has closed it.
    pub stands: bool,
    /// Bytes that were written here and not acknowledged by the other side.
    pub unsent: u64,
    /// Bytes that came here and were not read.
    pub unread: u64,
}

impl Toll {
    /// The process of this number.
    #[must_use]
    pub fn of(pid: u32) -> Self {
        Self { pid }
    }

    /// Processor time so far, of all its threads, in itself and in the kernel on its behalf.
    pub fn processor(self) -> io::Result<Duration> {
        let stat = self.read("stat")?;
        // The name of the program may have anything in it; after the last parenthesis come numbers.
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
        Ok(Duration::from_micros(ticks * TICK_MICROS))
    }

    /// Memory of its own that is in use, in bytes: without the pages of its file.
    pub fn memory(self) -> io::Result<u64> {
        let status = self.read("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
        kilobytes.map(|kilobytes| kilobytes * 1024).ok_or_else(|| io::Error::other("no memory in its status"))
    }

    /// Open files, connections among them.
    pub fn files(self) -> io::Result<usize> {
        Ok(fs::read_dir(format!("/proc/{}/fd", self.pid))?.count())
    }

    /// Those of them that are sockets.
    pub fn sockets(self) -> io::Result<usize> {
        let files = fs::read_dir(format!("/proc/{}/fd", self.pid))?.flatten();
        let is_socket = |file: &fs::DirEntry| {
            fs::read_link(file.path()).is_ok_and(|target| target.to_string_lossy().starts_with("socket:"))
        };
        Ok(files.filter(is_socket).count())
    }

    /// The ends of connections in its network.
    pub fn ends(self) -> io::Result<Vec<End>> {
        Ok(self.read("net/tcp")?.lines().filter_map(end).collect())
    }

    fn read(self, what: &str) -> io::Result<String> {
        fs::read_to_string(format!("/proc/{}/{what}", self.pid))
    }
}

/// Memory that the kernel holds for TCP on the whole machine, in bytes.
pub fn kernel_memory() -> io::Result<u64> {
    const PAGE_BYTES: u64 = 4096;
    let text = fs::read_to_string("/proc/net/sockstat")?;
    let line = text.lines().find(|line| line.starts_with("TCP:")).unwrap_or_default();
    let pages = line.rsplit(' ').next().and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0);
    Ok(pages * PAGE_BYTES)
}

fn end(line: &str) -> Option<End> {
    let mut fields = line.split_whitespace().skip(1);
    let (local, remote, state) = (address(fields.next()?)?, address(fields.next()?)?, fields.next()?);
    let (unsent, unread) = fields.next()?.split_once(':')?;
    let bytes = |text| u64::from_str_radix(text, 16).ok();
    Some(End { local, remote, stands: state == ESTABLISHED, unsent: bytes(unsent)?, unread: bytes(unread)? })
}

/// The kernel writes an address as the number that it has in its memory.
fn address(text: &str) -> Option<SocketAddr> {
    let (address, port) = text.split_once(':')?;
    let address = Ipv4Addr::from(u32::from_str_radix(address, 16).ok()?.to_ne_bytes());
    Some(SocketAddrV4::new(address, u16::from_str_radix(port, 16).ok()?).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_read_as_the_kernel_writes_it() {
        let line = "   3: 0100007F:1F90 0201007F:C350 01 0000A000:00000010 01:00000014 00000000     0        0 12345";
        let end = end(line).unwrap();
        assert_eq!(
            (end.local.to_string(), end.remote.to_string()),
            ("127.0.0.1:8080".into(), "127.0.1.2:50000".into())
        );
        assert_eq!((end.stands, end.unsent, end.unread), (true, 0xA000, 0x10));
        assert!(super::end("  sl  local_address rem_address   st tx_queue rx_queue").is_none());
    }

    #[test]
    fn this_very_process_has_a_toll() {
        let toll = Toll::of(std::process::id());
        assert!(toll.memory().unwrap() > 0 && toll.files().unwrap() > 2);
        assert!(toll.processor().unwrap() < Duration::from_hours(1));
    }
}
