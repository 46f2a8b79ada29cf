//! Which addresses are out in the world, where anybody's request may go, and which are not.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(a: u16, b: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), prefix)
}

/// What of IPv4 is not for everybody, by IANA's registry of special-purpose addresses, with multicast and what is reserved.
const NOT_OUT: [Ipv4Net; 15] = [
    v4(0, 0, 0, 0, 8),
    v4(10, 0, 0, 0, 8),
    v4(100, 64, 0, 0, 10),
    v4(127, 0, 0, 0, 8),
    v4(169, 254, 0, 0, 16),
    v4(172, 16, 0, 0, 12),
    v4(192, 0, 0, 0, 24),
    v4(192, 0, 2, 0, 24),
    v4(192, 88, 99, 0, 24),
    v4(192, 168, 0, 0, 16),
    v4(198, 18, 0, 0, 15),
    v4(198, 51, 100, 0, 24),
    v4(203, 0, 113, 0, 24),
    v4(224, 0, 0, 0, 4),
    v4(240, 0, 0, 0, 4),
];

/// What of IPv6 is given out at all. Everything else is this machine, this link, this site, many at once, or nothing yet.
const GIVEN_OUT: Ipv6Net = v6(0x2000, 0, 3);
/// What of that is not for everybody: protocols' own addresses with Teredo, which hides an IPv4 address, and two for books.
const NOT_OUT_6: [Ipv6Net; 3] = [v6(0x2001, 0, 23), v6(0x2001, 0xdb8, 32), v6(0x3fff, 0, 20)];
/// Addresses that stand for one of IPv4, which decides: 6to4 has it after the prefix, translation (NAT64) at the end.
const SIX_TO_FOUR: Ipv6Net = v6(0x2002, 0, 16);
const TRANSLATED: Ipv6Net = v6(0x64, 0xff9b, 96);

/// Whether an address is out in the world: not this machine, nor its neighbours, nor a way around that.
pub(super) fn is_out(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_out_4(address),
        IpAddr::V6(address) => {
            let [_, a, b, _, _, _, y, z] = address.segments();
            if SIX_TO_FOUR.contains(&address) {
                is_out_4(joined(a, b))
            } else if TRANSLATED.contains(&address) {
                is_out_4(joined(y, z))
            } else {
                GIVEN_OUT.contains(&address) && !NOT_OUT_6.iter().any(|net| net.contains(&address))
            }
        }
    }
}

fn is_out_4(address: Ipv4Addr) -> bool {
    !NOT_OUT.iter().any(|net| net.contains(&address))
}

fn joined(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUT: [&str; 14] = [
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450:4001:81b::200a",
        "2002:0808:0808::1",
        "64:ff9b::808:808",
    ];

    const NOT_OUT: [&str; 52] = [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.170",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::1",
        "64:ff9b:1::808:808",
        "100::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:0a00:1::1",
        "2002:c0a8:101::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456:789a::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ];

    #[test]
    fn only_what_is_for_everybody_is_out_in_the_world() {
        for (addresses, out) in [(&OUT[..], true), (&NOT_OUT[..], false)] {
            for address in addresses {
                assert_eq!(is_out(address.parse().unwrap()), out, "{address}");
            }
        }
        // What is mapped is what it maps to.
        assert!(is_out("::ffff:8.8.8.8".parse().unwrap()));
    }
}
