//! One message of a gigabyte through a relay of each protocol: how fast it goes, and what it costs in memory.
//!
//! `cargo run --release --example throughput`; the memory is the highest this process has ever used.

use std::error::Error;
use std::time::Instant;

use relay::{Address, Kind, Protocol, Relay};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const BODY_BYTES: usize = 1_000_000_000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let length = u32::try_from(BODY_BYTES + 4)?.to_be_bytes();
    let startup = [&[0, 0, 0, 9, 0, 3, 0, 0, 0][..], b"Q", &length].concat();
    let bulk = format!("*2\r\n$4\r\nECHO\r\n${BODY_BYTES}\r\n");
    let post = format!("POST / HTTP/1.1\r\nContent-Length: {BODY_BYTES}\r\n\r\n");
    let messages = [
        (Protocol::Opaque, Vec::new(), ""),
        (Protocol::Postgres, startup, ""),
        (Protocol::Resp, bulk.into_bytes(), "\r\n"),
        (Protocol::Http1, post.into_bytes(), ""),
    ];
    println!("before: {}", memory()?);
    for (protocol, head, tail) in messages {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let relay = Relay::open(Address::loopback(0), Address::Tcp(listener.local_addr()?), protocol)?;
        let address = relay.address().tcp().ok_or("it listens on TCP")?;
        let (mut client, accepted) = (TcpStream::connect(address).await?, listener.accept().await?);
        let expected = head.len() + BODY_BYTES + tail.len();
        let started = Instant::now();
        let sends = async {
            client.write_all(&head).await?;
            let piece = vec![b'x'; 1_000_000];
            for _ in 0..BODY_BYTES / piece.len() {
                client.write_all(&piece).await?;
            }
            client.write_all(tail.as_bytes()).await?;
            client.shutdown().await
        };
        let (sent, received) = tokio::join!(sends, count(accepted.0));
        sent?;
        let mb_per_s = expected as f64 / 1e6 / started.elapsed().as_secs_f64();
        let whole = received? == expected && relay.count(Kind::Opaque, None) == 0;
        println!("{protocol:?}: whole {whole}, {mb_per_s:.0} MB/s, {}", memory()?);
    }
    Ok(())
}

async fn count(mut stream: TcpStream) -> std::io::Result<usize> {
    let (mut piece, mut bytes) = (vec![0; 1_000_000], 0);
    loop {
        match stream.read(&mut piece).await? {
            0 => return Ok(bytes),
            read => bytes += read,
        }
    }
}

fn memory() -> Result<String, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).ok_or("Linux tells VmHWM")?;
    Ok(peak.split_whitespace().collect::<Vec<_>>().join(" "))
}
