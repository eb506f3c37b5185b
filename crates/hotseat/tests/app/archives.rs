//! Archives over the wire, as bytes, and such as nobody should take.

use std::io::{Read, Write};

use crate::client::{Answer, TestApp};

/// What an archive is sent as.
pub(crate) const TAR: &str = "application/x-tar";

/// Asks for a file and gives its bytes.
pub(crate) fn download(app: &TestApp, path: &str) -> Vec<u8> {
    let mut stream = app.connect();
    let head = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", app.port);
    stream.write_all(head.as_bytes()).expect("it is sent");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("it comes");
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head ends");
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    assert!(head.starts_with("http/1.1 200") && head.contains(TAR), "{head}");
    assert!(head.contains("content-disposition: attachment; filename=\"hotseat-export-"), "{head}");
    assert!(!head.contains("content-encoding"), "loopback needs no compression: {head}");
    assert!(head.contains("transfer-encoding: chunked"), "{head}");
    joined(&bytes[end + 4..])
}

/// A chunked body in one piece.
fn joined(mut rest: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = std::str::from_utf8(&rest[..end]).expect("a size is text");
        let size = usize::from_str_radix(size, 16).expect("a size is a number");
        if size == 0 {
            return whole;
        }
        whole.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
    panic!("the last piece is missing");
}

/// Sends bytes as the body of a request.
pub(crate) fn upload(app: &TestApp, path: &str, kind: &str, body: &[u8]) -> Answer {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nContent-Type: {kind}\r\n\
         Content-Length: {}\r\n\r\n",
        app.port,
        body.len()
    );
    app.raw(&[head.as_bytes(), body].concat())
}

/// Chooses a file in the page's form.
pub(crate) fn upload_by_form(app: &TestApp, archive: &[u8]) -> Answer {
    let before = "--here\r\nContent-Disposition: form-data; name=\"archive\"; filename=\"export.tar\"\r\n\
         Content-Type: application/x-tar\r\n\r\n";
    let body = [before.as_bytes(), archive, b"\r\n--here--\r\n"].concat();
    upload(app, "/data/import", "multipart/form-data; boundary=here", &body)
}

/// One entry of an archive, whatever its name.
pub(crate) fn entry(to: &mut Vec<u8>, kind: u8, name: &str, size: u64, text: &[u8]) {
    let mut header = [0_u8; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[100..108].copy_from_slice(b"0000644\0");
    header[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
    header[136..148].copy_from_slice(b"00000000000\0");
    header[148..156].copy_from_slice(b"        ");
    header[156] = kind;
    header[157..168].copy_from_slice(b"/etc/passwd");
    header[257..265].copy_from_slice(b"ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    to.extend_from_slice(&header);
    to.extend_from_slice(text);
    to.resize(to.len().next_multiple_of(512), 0);
}
