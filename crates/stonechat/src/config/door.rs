//! How people reach the server.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use ipnet::IpNet;
use server::Origin;

/// How people reach the server.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Door {
    /// The address to listen on. The default is seen by this machine only; `0.0.0.0:8000` is seen by all.
    ///
    /// Where a host sets the variable `PORT`, and nothing else says where to listen, it is `0.0.0.0` and that port.
    #[arg(id = "listen", long, value_name = "ADDRESS", default_value = "127.0.0.1:8000", value_parser = listen)]
    pub(crate) listen: SocketAddr,

    /// The address that people type, when it is not the one to listen on: behind a proxy, for example.
    ///
    /// Other sites' pages are told apart by it. With https, cookies travel over https only.
    #[arg(id = "public_url", long = "public-url", value_name = "https://chat.example.org", value_parser = origin)]
    pub(crate) public_url: Option<Origin>,

    /// The proxies whose word for a visitor's address is believed (`X-Forwarded-For`): addresses or networks, with commas
    /// between.
    #[arg(
        id = "trusted_proxies",
        long = "trusted-proxies",
        value_name = "10.0.0.0/8",
        default_value = "",
        hide_default_value = true
    )]
    #[arg(value_parser = proxies)]
    pub(crate) trusted_proxies: Proxies,
}

/// Networks of proxies that are believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Proxies(pub(crate) Vec<IpNet>);

fn listen(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "write an IP address and a port, such as 127.0.0.1:8000 or [::1]:8000".to_owned())
}

/// Reads `scheme://host` or `scheme://host:port` as a browser writes an origin: in small letters, without the scheme's own port.
fn origin(text: &str) -> Result<Origin, String> {
    let text = text.to_ascii_lowercase();
    let (secure, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        (None, None) => return Err("begin with https:// or http://".to_owned()),
    };
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    if authority.contains(['/', '?', '#', '@']) {
        return Err(
            "write the scheme, the host and perhaps a port, and nothing after: the server lives at the root".to_owned()
        );
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    if !is_host(host) {
        return Err(
            "write the host as a browser sends it: letters, digits, dots and hyphens (xn--… for other scripts)"
                .to_owned(),
        );
    }
    let own = if secure { 443 } else { 80 };
    let authority = match port.map(str::parse::<u16>) {
        None => host.to_owned(),
        Some(Ok(port)) if port == own => host.to_owned(),
        Some(Ok(port)) if port > 0 => format!("{host}:{port}"),
        Some(_) => return Err("the port is a number from 1 to 65535".to_owned()),
    };
    Ok(Origin { secure, authority })
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    let label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    host.split('.').all(label)
}

fn proxies(text: &str) -> Result<Proxies, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let network = |part: &str| {
        let parsed = part.parse::<IpNet>().or_else(|_| part.parse::<IpAddr>().map(IpNet::from));
        parsed
            .map_err(|_| format!("`{part}` is neither an address, such as 10.0.0.1, nor a network, such as 10.0.0.0/8"))
    };
    parts.map(network).collect::<Result<_, _>>().map(Proxies)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_read_as_a_browser_writes_it() {
        let cases = [
            ("https://chat.example.org", "https://chat.example.org"),
            ("HTTPS://Chat.Example.org:443/", "https://chat.example.org"),
            ("http://localhost:80", "http://localhost"),
            ("https://localhost:80", "https://localhost:80"),
            ("http://[::1]:8000", "http://[::1]:8000"),
            ("http://[::1]", "http://[::1]"),
        ];
        for (text, read) in cases {
            assert_eq!(origin(text).unwrap().to_string(), read, "{text}");
        }
    }

    #[test]
    fn what_is_not_an_origin_is_refused() {
        let cases = [
            "",
            "chat.example.org",
            "ftp://chat.example.org",
            "https://",
            "https://chat.example.org/chat",
            "https://chat.example.org?x",
            "https://me@chat.example.org",
            "https://chat.example.org:0",
            "https://a..b",
            "https://chat.example.org:70000",
            "https://chat.example.org:",
            "https://[chat]",
            "https://müller.example",
            "https://a b",
        ];
        for text in cases {
            assert!(origin(text).is_err(), "{text}");
        }
    }

    #[test]
    fn proxies_are_addresses_and_networks() {
        let read =
            |text: &str| proxies(text).map(|Proxies(nets)| nets.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(read(""), Ok(vec![]));
        assert_eq!(read("10.0.0.0/8, ::1,"), Ok(vec!["10.0.0.0/8".to_owned(), "::1/128".to_owned()]));
        assert!(read("10.0.0.0/33").is_err());
        assert!(read("proxy.example.org").is_err());
    }
}
