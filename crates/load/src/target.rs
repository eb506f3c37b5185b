//! Where the load goes: a URL read with care, and nowhere but to this machine unless the caller insists.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs};

use thiserror::Error;

/// The server that takes the load. It can only be made for a loopback address, or by saying that a remote one
/// is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    address: SocketAddr,
    host: String,
}

/// Why a URL or an address cannot be loaded.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TargetError {
    /// TLS is not spoken here.
    #[error(
        "{0} asks for TLS, which this generator does not speak: it would measure the encryption more than the \
         program. Load the program's plain http:// port."
    )]
    Tls(String),
    /// It is not a URL that can be loaded.
    #[error("{url} cannot be loaded: {why}. Write it like http://127.0.0.1:8080/path.")]
    Url {
        /// What was given.
        url: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// It is another machine.
    #[error(
        "{0} is not this machine. Load goes to loopback only (127.0.0.1, [::1] or localhost); to load a remote \
         server that is yours, say so with the option for it."
    )]
    Remote(String),
    /// The name has no address.
    #[error("The address of {host} cannot be found: {why}. Check its spelling, or give the address itself.")]
    Name {
        /// The name.
        host: String,
        /// What the resolver said.
        why: String,
    },
}

impl Target {
    /// A server on this machine; `host` goes into the Host header.
    ///
    /// # Errors
    ///
    /// [`TargetError::Remote`] if the address is not a loopback address; [`TargetError::Url`] if the host is no
    /// host.
    pub fn local(address: SocketAddr, host: &str) -> Result<Target, TargetError> {
        if !is_loopback(address.ip()) {
            return Err(TargetError::Remote(address.to_string()));
        }
        Target::anywhere(address, host)
    }

    /// A server on any machine: only for an address that a person has typed.
    ///
    /// # Errors
    ///
    /// [`TargetError::Url`] if the host is no host.
    pub fn anywhere(address: SocketAddr, host: &str) -> Result<Target, TargetError> {
        let fine = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
        if host.is_empty() || !host.chars().all(fine) {
            return Err(TargetError::Url {
                url: host.to_owned(),
                why: "its host has characters that no host has",
            });
        }
        Ok(Target { address, host: host.to_owned() })
    }

    /// Reads `http://host:port/path?query` into the target and the path with its query.
    ///
    /// `localhost` means 127.0.0.1; write `[::1]` for IPv6. Other names are looked up only if `allow_remote`.
    ///
    /// # Errors
    ///
    /// See [`TargetError`].
    pub fn parse(url: &str, allow_remote: bool) -> Result<(Target, String), TargetError> {
        let wrong = |why| TargetError::Url { url: url.to_owned(), why };
        let (scheme, rest) = url.split_once("://").ok_or_else(|| wrong("it has no scheme"))?;
        match scheme.to_ascii_lowercase().as_str() {
            "http" => {}
            "https" => return Err(TargetError::Tls(url.to_owned())),
            _ => return Err(wrong("its scheme is not http")),
        }
        if !rest.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(wrong("it has spaces or characters that must be written as %XX"));
        }
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if authority.contains('@') {
            return Err(wrong("it has a user name; send an Authorization header instead"));
        }
        let (name, port) = split_port(authority).ok_or_else(|| wrong("its host or port is malformed"))?;
        let address = resolve(name, port, allow_remote)?;
        let target = if allow_remote {
            Target::anywhere(address, authority)
        } else {
            Target::local(address, authority)
        };
        let slash = if path.starts_with('/') { "" } else { "/" };
        Ok((target.map_err(|error| named(error, url))?, format!("{slash}{path}")))
    }

    /// Where connections go.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What the Host header says.
    pub fn host(&self) -> &str {
        &self.host
    }
}

/// The error with the URL as the person typed it.
fn named(error: TargetError, typed: &str) -> TargetError {
    match error {
        TargetError::Remote(_) => TargetError::Remote(typed.to_owned()),
        TargetError::Url { why, .. } => TargetError::Url { url: typed.to_owned(), why },
        other => other,
    }
}

/// `[::1]:80` or `name:80` or either without a port, which is then 80. The brackets are taken off.
fn split_port(authority: &str) -> Option<(&str, u16)> {
    let (name, port) = match authority.strip_prefix('[') {
        Some(inside) => {
            let (name, after) = inside.split_once(']')?;
            name.parse::<std::net::Ipv6Addr>().ok()?;
            (name, if after.is_empty() { None } else { Some(after.strip_prefix(':')?) })
        }
        None => match authority.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (authority, None),
        },
    };
    let digits = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let port = match port {
        None => 80,
        Some(port) if digits(port) => port.parse().ok().filter(|port| *port != 0)?,
        Some(_) => return None,
    };
    (!name.is_empty() && !name.contains(['[', ']'])).then_some((name, port))
}

fn resolve(name: &str, port: u16, allow_remote: bool) -> Result<SocketAddr, TargetError> {
    if let Ok(ip) = name.parse::<IpAddr>() {
        return Ok(SocketAddr::new(ip, port));
    }
    if name.eq_ignore_ascii_case("localhost") {
        return Ok(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port));
    }
    if !allow_remote {
        // Not even asking for its address leaves this machine.
        return Err(TargetError::Remote(name.to_owned()));
    }
    let unknown = |why: String| TargetError::Name { host: name.to_owned(), why };
    let mut addresses = (name, port).to_socket_addrs().map_err(|error| unknown(error.to_string()))?;
    addresses.next().ok_or_else(|| unknown("it has none".to_owned()))
}

fn is_loopback(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}
