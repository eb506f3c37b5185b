//! HTTP as real clients speak it.

use relay::{Address, Kind, Protocol};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{listener, noise, program, relay, within};

/// Answers each request on a connection with its own body, in chunks.
async fn echo(mut stream: TcpStream) {
    let mut input = Vec::new();
    loop {
        let head = loop {
            if let Some(end) = input.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            if stream.read_buf(&mut input).await.expect("the client is kind") == 0 {
                return;
            }
        };
        let text = String::from_utf8_lossy(&input[..head]).to_ascii_lowercase();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.map_or(0, |digits| digits.parse().expect("a number"));
        if text.contains("100-continue") {
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await.expect("it is sent");
        }
        while input.len() < head + length {
            assert!(stream.read_buf(&mut input).await.expect("the client is kind") > 0);
        }
        let body: Vec<u8> = input.drain(..head + length).skip(head).collect();
        let mut answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        for chunk in body.chunks(70_001) {
            answer.extend(format!("{:x}\r\n", chunk.len()).bytes());
            answer.extend(chunk);
            answer.extend(b"\r\n");
        }
        answer.extend(b"0\r\n\r\n");
        stream.write_all(&answer).await.expect("it is sent");
    }
}

#[tokio::test]
async fn curl_uploads_and_downloads_over_one_connection() {
    let Some(curl) = program("curl", "curl_uploads_and_downloads_over_one_connection") else { return };
    let (listener, upstream) = listener().await;
    let served = tokio::spawn(async move {
        let mut connections = 0;
        while let Ok((stream, _)) = listener.accept().await {
            connections += 1;
            echo(stream).await;
        }
        connections
    });
    let relay = relay(&upstream, Protocol::Http1);
    let mut events = relay.events(1_000);
    let dir = tempfile::tempdir().expect("there is room for a folder");
    let (up, first, second) = (dir.path().join("up"), dir.path().join("1"), dir.path().join("2"));
    let sent = noise(2_000_000);
    std::fs::write(&up, &sent).expect("there is room");
    let Address::Tcp(address) = relay.address() else { panic!("it listens on TCP") };
    let url = format!("http://{address}/v1/payments?a=1");
    let data = format!("@{}", up.display());
    let mut command = tokio::process::Command::new(curl);
    command.args([
        "--silent",
        "--fail",
        "--noproxy",
        "*",
        "-H",
        "Expect: 100-continue",
        "--data-binary",
        &data,
    ]);
    command.arg("-o").arg(&first).arg(&url).arg("-o").arg(&second).arg(&url);
    let status = within(command.status()).await.expect("curl runs");
    assert!(status.success(), "{status}");
    for file in [first, second] {
        assert!(
            std::fs::read(&file).expect("curl wrote it") == sent,
            "{} is not what was sent",
            file.display()
        );
    }
    served.abort();
    for kind in [Kind::Request, Kind::RequestEnd, Kind::Interim, Kind::Response, Kind::ResponseEnd] {
        assert_eq!(relay.count(kind, Some("POST /v1/payments")), 2, "{kind:?}");
    }
    assert_eq!(relay.count(Kind::Opened, None), 1);
    assert_eq!(relay.count(Kind::Opaque, None), 0);
    let told = std::iter::from_fn(|| events.try_next()).find(|event| event.message.kind == Kind::Response);
    assert_eq!(told.and_then(|event| event.message.text).as_deref(), Some("200"));
}
