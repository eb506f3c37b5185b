//! The events of a judging as a stream (server-sent events), for a thousand listeners and more.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::sync::watch;

use super::Judging;

/// A comment is sent after so much silence, so that a connection that has died is noticed.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

struct Listener {
    judging: Arc<Judging>,
    count: watch::Receiver<usize>,
    /// The number of the last event that was taken.
    after: usize,
    /// Taken, and not sent yet. They share the log's memory.
    taken: VecDeque<Bytes>,
    over: bool,
}

/// Everything after the event `after`, then what comes, until the judging is over. If nothing can come any
/// more, the answer is 204, which tells a browser not to ask again.
pub(crate) fn events(judging: Arc<Judging>, after: usize) -> Response {
    // A number that was never given comes from elsewhere: then all of them are new.
    let after = if after > *judging.count().borrow() { 0 } else { after };
    let (first, over) = judging.events_after(after);
    if over && first.is_empty() {
        return StatusCode::NO_CONTENT.into_response();
    }
    let count = judging.count();
    let listener = Listener { judging, count, after, taken: VecDeque::new(), over: false };
    let body = Body::from_stream(stream::unfold(listener, next));
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    (headers, body).into_response()
}

async fn next(mut listener: Listener) -> Option<(Result<Bytes, Infallible>, Listener)> {
    loop {
        if let Some(event) = listener.taken.pop_front() {
            return Some((Ok(event), listener));
        }
        if listener.over {
            return None;
        }
        listener.count.borrow_and_update();
        let (new, over) = listener.judging.events_after(listener.after);
        listener.after += new.len();
        listener.over = over;
        if !new.is_empty() || over {
            listener.taken.extend(new);
            continue;
        }
        match tokio::time::timeout(KEEP_ALIVE, listener.count.changed()).await {
            Ok(Ok(())) => {}
            // The judging holds the sender, and we the judging.
            Ok(Err(_)) => return None,
            Err(_) => return Some((Ok(Bytes::from_static(b": still here\n\n")), listener)),
        }
    }
}
