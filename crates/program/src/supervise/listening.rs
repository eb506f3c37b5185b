//! Where processes listen for TCP, read from `/proc`.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::ready::Listening;

/// `LISTEN` in `/proc/net/tcp`.
const LISTEN: &str = "0A";

/// Where these processes listen; nothing if it cannot be seen.
pub(super) fn by(pids: impl Iterator<Item = i32>) -> Option<Vec<Listening>> {
    let mut held = HashSet::new();
    for pid in pids {
        // One that ended meanwhile holds nothing; one that we may not look into hides what it holds.
        match fs::read_dir(format!("/proc/{pid}/fd")) {
            Ok(files) => held.extend(files.flatten().filter_map(|file| socket(&file.path()))),
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => return None,
            Err(_) => {}
        }
    }
    let tables = ["/proc/self/net/tcp", "/proc/self/net/tcp6"].map(fs::read_to_string);
    // Without IPv6 there is no second table.
    let lines: Vec<&str> = tables.iter().flatten().flat_map(|table| table.lines().skip(1)).collect();
    let ours: BTreeSet<Listening> = lines
        .into_iter()
        .filter_map(parse)
        .filter(|(_, inode)| held.contains(inode))
        .map(|(at, _)| Listening { at })
        .collect();
    Some(ours.into_iter().collect())
}

/// The inode of the socket that an entry of `/proc/PID/fd` leads to.
fn socket(file: &std::path::Path) -> Option<u64> {
    let target = fs::read_link(file).ok()?;
    target.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
}

/// The address and inode of a line, if it is a listening socket.
fn parse(line: &str) -> Option<(SocketAddr, u64)> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    if fields.get(3) != Some(&LISTEN) {
        return None;
    }
    let (ip, port) = fields.get(1)?.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    Some((SocketAddr::new(address(ip)?, port), fields.get(9)?.parse().ok()?))
}

/// Addresses are printed as 32-bit words in the machine's own byte order.
fn address(hex: &str) -> Option<IpAddr> {
    let word = |index: usize| {
        let digits = hex.get(index * 8..index * 8 + 8)?;
        Some(u32::from_str_radix(digits, 16).ok()?.to_ne_bytes())
    };
    match hex.len() {
        8 => Some(IpAddr::V4(Ipv4Addr::from(word(0)?))),
        32 => {
            let bytes = [word(0)?, word(1)?, word(2)?, word(3)?].concat();
            Some(IpAddr::V6(Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    #[cfg(target_endian = "little")]
    fn lines_of_the_kernel_are_read() {
        let rest =
            "00000000:00000000 00:00000000 00000000  1000        0 4242 1 0000000000000000 100 0 0 10 0";
        let four = format!("   0: 0100007F:1267 00000000:0000 0A {rest}");
        assert_eq!(parse(&four), Some(("127.0.0.1:4711".parse().expect("an address"), 4242)));
        let six = format!(
            "1: 00000000000000000000000001000000:1267 00000000000000000000000000000000:0000 0A {rest}"
        );
        assert_eq!(parse(&six), Some(("[::1]:4711".parse().expect("an address"), 4242)));
        assert_eq!(parse(&four.replace(" 0A ", " 01 ")), None);
    }

    proptest! {
        #[test]
        fn no_line_is_too_strange(line in ".{0,120}", ip in "[0-9A-F]{0,40}") {
            let _ = parse(&line);
            let _ = parse(&format!("0: {ip}:1F90 0:0 0A 0 0 0 0 0 7 1"));
        }
    }
}
