//! One connection: the client's socket, upstream's socket, and a lane each way between them.

use std::future::Future;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::frame::Frames;
use crate::hub::{Hub, Link, Registered};
use crate::message::{Direction, Kind, Message};
use crate::pipe::act::Stop;
use crate::pipe::lane::Lane;
use crate::rule::{Close, Moment};
use crate::socket::Socket;

mod act;
mod buffer;
mod lane;

/// What both lanes of a connection share.
#[derive(Debug)]
struct Connection<'a> {
    hub: &'a Hub,
    link: &'a Link,
    frames: Mutex<Frames>,
}

impl Connection<'_> {
    fn frames(&self) -> MutexGuard<'_, Frames> {
        self.frames.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, direction: Direction, kind: Kind, text: &str) {
        self.hub.log.note(self.link.id, direction, kind, text);
    }
}

/// Relays one client until both sides have ended, one has failed, or the connection is cut.
pub(crate) async fn run(registered: Registered, mut client: Socket) {
    let (hub, link) = (&*registered.hub, &*registered.link);
    let frames = Mutex::new(Frames::new(hub.protocol));
    let connection = Connection { hub, link, frames };
    let (upstream, ended) = match until_cut(link, open(&connection)).await {
        Ok(mut upstream) => {
            let ended = until_cut(link, converse(&connection, &mut client, &mut upstream)).await;
            (Some(upstream), ended)
        }
        Err(stop) => (None, Err(stop)),
    };
    let (close, why) = match ended {
        Ok(()) => (Close::Finish, "both sides ended".to_owned()),
        Err(stop) => (stop.close(), stop.to_string()),
    };
    client.close(close).await;
    if let Some(upstream) = upstream {
        upstream.close(close).await;
    }
    connection.note(Direction::ToClient, Kind::Closed, &why);
}

/// Accepts and never answers; takes what the client sends, so that its leaving is seen.
pub(crate) async fn swallow(registered: Registered, mut client: Socket) {
    let link = &*registered.link;
    registered.hub.log.note(link.id, Direction::ToUpstream, Kind::Opened, "black hole");
    let mut scrap = vec![0; 4096];
    let until_it_leaves = async {
        let (mut reader, _writer) = client.split();
        while reader.read(&mut scrap).await.is_ok_and(|bytes| bytes > 0) {}
        Ok(())
    };
    let ended = until_cut(link, until_it_leaves).await;
    let close = ended.as_ref().map_or_else(Stop::close, |()| Close::Finish);
    client.close(close).await;
    registered.hub.log.note(link.id, Direction::ToClient, Kind::Closed, "left the black hole");
}

/// Connects to upstream, between the two moments of `Opened`.
async fn open(connection: &Connection<'_>) -> Result<Socket, Stop> {
    let opened = Message::new(Direction::ToUpstream, Kind::Opened);
    act::fire(connection, Moment::Before, &opened).await?;
    let upstream = Socket::connect(&connection.hub.upstream).await.map_err(Stop::Unreachable)?;
    connection.hub.log.passed(connection.link.id, &mut vec![opened.clone()]);
    act::fire(connection, Moment::After, &opened).await?;
    Ok(upstream)
}

async fn converse(
    connection: &Connection<'_>,
    client: &mut Socket,
    upstream: &mut Socket,
) -> Result<(), Stop> {
    let (from_client, to_client) = client.split();
    let (from_upstream, to_upstream) = upstream.split();
    let there = Lane::new(connection, Direction::ToUpstream, from_client, to_upstream);
    let back = Lane::new(connection, Direction::ToClient, from_upstream, to_client);
    tokio::try_join!(there.run(), back.run()).map(|_| ())
}

/// Does `work` until it is done or somebody cuts the connection; a cut goes first.
async fn until_cut<T>(link: &Link, work: impl Future<Output = Result<T, Stop>>) -> Result<T, Stop> {
    let mut cut = link.cut.subscribe();
    tokio::select! {
        biased;
        Ok(close) = async { cut.wait_for(Option::is_some).await.map(|close| *close) } => {
            Err(Stop::Cut(close.unwrap_or(Close::Reset)))
        }
        done = work => done,
    }
}

/// The peer closed its side for good, which the other lane will notice too.
fn is_gone(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionReset, NotConnected};
    matches!(error.kind(), BrokenPipe | ConnectionReset | NotConnected)
}
