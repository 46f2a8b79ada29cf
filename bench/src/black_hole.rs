//! A network of its own for the server, from which, at a word, nothing comes back any more: no answer, no refusal, no end.
//!
//! Linux, as root, with `ip` and `nft`: a namespace, a pair of interfaces, and a rule that drops in both directions.

use std::{
    io::Write as _,
    net::Ipv4Addr,
    process::{Command, Stdio},
};

use anyhow::{Context as _, ensure};

/// The addresses of our own side, from this one on: the first stays reachable.
const OURS: u8 = 10;
/// How many there are of them.
const OURS_COUNT: u8 = 60;
/// The server's address.
const SERVER: u8 = 2;

/// The namespace; it is removed with this value.
#[derive(Debug)]
pub struct BlackHole {
    /// Its name.
    pub namespace: String,
    network: [u8; 3],
}

impl BlackHole {
    /// Whether this machine can do it.
    #[must_use]
    pub fn is_possible() -> bool {
        let works = |program: &str, argument: &str| {
            let mut command = Command::new(program);
            command.arg(argument).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            command.status().is_ok_and(|status| status.success())
        };
        let root = std::fs::read_to_string("/proc/self/status")
            .is_ok_and(|status| status.lines().any(|line| line.starts_with("Uid:\t0\t")));
        root && works("ip", "-V") && works("nft", "--version")
    }

    /// Makes the namespace, and the way into it.
    pub fn dig() -> anyhow::Result<Self> {
        let number = std::process::id();
        let network = [10, 213, u8::try_from(number % 251)?];
        let hole = Self { namespace: format!("bench{number}"), network };
        let (namespace, [near, far]) = (hole.namespace.as_str(), [format!("bn{number}"), format!("bf{number}")]);
        ip(&["netns", "add", namespace])?;
        ip(&["link", "add", &near, "type", "veth", "peer", "name", &far, "netns", namespace])?;
        for last in OURS..OURS + OURS_COUNT {
            ip(&["address", "add", &format!("{}/24", hole.at(last)), "dev", &near])?;
        }
        ip(&["link", "set", &near, "up"])?;
        ip(&["-n", namespace, "address", "add", &format!("{}/24", hole.server()), "dev", &far])?;
        ip(&["-n", namespace, "link", "set", &far, "up"])?;
        ip(&["-n", namespace, "link", "set", "lo", "up"])?;
        Ok(hole)
    }

    /// The server's address.
    #[must_use]
    pub fn server(&self) -> Ipv4Addr {
        self.at(SERVER)
    }

    /// An address of ours that stays reachable.
    #[must_use]
    pub fn spared(&self) -> Ipv4Addr {
        self.at(OURS)
    }

    /// The first address of ours that does not.
    #[must_use]
    pub fn doomed(&self) -> Ipv4Addr {
        self.at(OURS + 1)
    }

    /// From now on nothing passes between the server and all addresses but the spared one.
    pub fn open(&self) -> anyhow::Result<()> {
        let spared = self.spared();
        // The tool wants each statement to end with its line.
        let rules = format!(
            "table inet hole {{\nchain in {{\ntype filter hook input priority 0\niifname != \"lo\" ip saddr != {spared} \
             drop\n}}\nchain out {{\ntype filter hook output priority 0\noifname != \"lo\" ip daddr != {spared} drop\n}}\n}}\n"
        );
        let mut nft = Command::new("ip");
        nft.args(["netns", "exec", &self.namespace, "nft", "-f", "-"]).stdin(Stdio::piped());
        let mut running = nft.spawn()?;
        running.stdin.take().context("its input")?.write_all(rules.as_bytes())?;
        ensure!(running.wait()?.success(), "nft does not take the rules");
        Ok(())
    }

    fn at(&self, last: u8) -> Ipv4Addr {
        let [a, b, c] = self.network;
        Ipv4Addr::new(a, b, c, last)
    }
}

impl Drop for BlackHole {
    fn drop(&mut self) {
        // The interfaces go with it. If it fails, nobody is left to tell.
        let _ = ip(&["netns", "del", &self.namespace]);
    }
}

fn ip(arguments: &[&str]) -> anyhow::Result<()> {
    let output = Command::new("ip").args(arguments).stdin(Stdio::null()).output()?;
    let words = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "ip {}: {}", arguments.join(" "), words.trim());
    Ok(())
}
