//! One direction of a connection: read, look, act, write.

use std::collections::VecDeque;
use std::time::Duration;

use crate::frame::Step;
use crate::message::{Direction, Kind, Message};
use crate::pipe::act::{self, Stop, Truncation};
use crate::pipe::buffer::Buffer;
use crate::pipe::{Connection, is_gone};
use crate::rule::Moment;
use crate::socket::{Reader, Writer};

/// A throttled lane writes in pieces of a fiftieth of a second.
const PIECES_PER_S: u64 = 50;

#[derive(Debug)]
pub(super) struct Lane<'a> {
    connection: &'a Connection<'a>,
    direction: Direction,
    reader: Reader<'a>,
    writer: Writer<'a>,
    buffer: Buffer,
    /// Messages that have begun and not ended; an HTTP head without a body is two.
    open: VecDeque<Message>,
    /// Messages that have ended and wait to be written.
    passed: Vec<Message>,
    truncation: Option<Truncation>,
}

/// Why a lane ends by itself.
enum End {
    Stop(Stop),
    /// Nobody reads what it writes. What comes the other way still counts: an error message, for example.
    ReaderGone,
}

impl From<Stop> for End {
    fn from(stop: Stop) -> End {
        End::Stop(stop)
    }
}

impl<'a> Lane<'a> {
    pub(super) fn new(
        connection: &'a Connection<'a>,
        direction: Direction,
        reader: Reader<'a>,
        writer: Writer<'a>,
    ) -> Lane<'a> {
        Lane {
            connection,
            direction,
            reader,
            writer,
            buffer: Buffer::new(),
            open: VecDeque::new(),
            passed: Vec::new(),
            truncation: None,
        }
    }

    /// Passes everything on until the stream ends; the end is passed on too.
    pub(super) async fn run(mut self) -> Result<(), Stop> {
        match self.pass_all().await {
            Ok(()) | Err(End::ReaderGone) => Ok(()),
            Err(End::Stop(stop)) => Err(stop),
        }
    }

    async fn pass_all(&mut self) -> Result<(), End> {
        loop {
            if self.buffer.is_full() {
                self.connection.frames().give_up();
                self.note_opaque("a message's beginning does not fit into the buffer");
                self.look().await?;
            }
            match self.buffer.fill(&mut self.reader).await {
                Ok(0) => return self.finish().await,
                Ok(_) => self.look().await?,
                Err(error) => return Err(End::Stop(Stop::Read(self.direction, error))),
            }
        }
    }

    /// Decides on what was read, as far as that can be, and writes it.
    async fn look(&mut self) -> Result<(), End> {
        loop {
            let step = self.connection.frames().next(self.direction, self.buffer.undecided());
            if matches!(step, Step::More) {
                return self.flush().await;
            }
            self.take(step).await?;
        }
    }

    /// The stream has ended: a half message goes as it is, then the end.
    async fn finish(&mut self) -> Result<(), End> {
        loop {
            let step = self.connection.frames().finish(self.direction);
            if matches!(step, Step::More) {
                break;
            }
            self.take(step).await?;
        }
        let rest = self.buffer.undecided().len();
        self.pass(rest).await?;
        self.flush().await?;
        // An error means that the peer is gone, and then it knows.
        let _ = self.writer.shutdown().await;
        Ok(())
    }

    async fn take(&mut self, step: Step) -> Result<(), End> {
        match step {
            Step::More => Ok(()),
            Step::Begin(message) => {
                self.fire(Moment::Before, &message).await?;
                self.open.push_back(message);
                Ok(())
            }
            Step::Pass(bytes) => self.pass(bytes).await,
            Step::End => match self.open.pop_front() {
                Some(message) => self.end(message).await,
                None => Ok(()),
            },
            Step::Opaque(why) => {
                self.note_opaque(why);
                Ok(())
            }
        }
    }

    async fn end(&mut self, message: Message) -> Result<(), End> {
        self.passed.push(message.clone());
        let goes_on = matches!(message.kind, Kind::Request | Kind::Response) || !self.open.is_empty();
        if let Some(truncation) = self.truncation.take_if(|_| !goes_on) {
            self.flush().await?;
            return Err(truncation.finish(true).into());
        }
        self.fire(Moment::After, &message).await
    }

    async fn fire(&mut self, moment: Moment, message: &Message) -> Result<(), End> {
        let struck = self.connection.hub.rules.strike(moment, message, self.connection.link.id);
        if struck.is_empty() {
            return Ok(());
        }
        self.flush().await?;
        let truncation = act::perform(self.connection, struck, moment, message).await?;
        self.truncation = truncation.or(self.truncation.take());
        Ok(())
    }

    async fn pass(&mut self, bytes: usize) -> Result<(), End> {
        if let Some(truncation) = &mut self.truncation {
            if truncation.bytes_left <= bytes as u64 {
                // It fits: it is no more than `bytes`.
                let last = truncation.bytes_left as usize;
                self.buffer.pass(last);
                self.flush().await?;
                let stop = self.truncation.take().map(|truncation| truncation.finish(false));
                return stop.map_or(Ok(()), |stop| Err(stop.into()));
            }
            truncation.bytes_left -= bytes as u64;
        }
        self.buffer.pass(bytes);
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), End> {
        while !self.buffer.ready().is_empty() {
            let limit = self.connection.link.bytes_per_s();
            let all = self.buffer.ready().len();
            let piece =
                limit.map_or(all, |bytes_per_s| all.min((bytes_per_s / PIECES_PER_S).max(1) as usize));
            match self.writer.write_all(&self.buffer.ready()[..piece]).await {
                Ok(()) => self.buffer.wrote(piece),
                Err(error) if is_gone(&error) => return Err(End::ReaderGone),
                Err(error) => return Err(End::Stop(Stop::Read(self.direction, error))),
            }
            if let Some(bytes_per_s) = limit {
                tokio::time::sleep(Duration::from_secs(1) * piece as u32 / bytes_per_s.min(1 << 31) as u32)
                    .await;
            }
        }
        self.connection.hub.log.passed(self.connection.link.id, &mut self.passed);
        Ok(())
    }

    fn note_opaque(&mut self, why: &str) {
        self.open.clear();
        self.connection.note(self.direction, Kind::Opaque, why);
    }
}
