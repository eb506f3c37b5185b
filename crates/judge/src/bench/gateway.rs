//! A card gateway of the judge's: charges cards over HTTP, and misbehaves for single payments as it is told.
//!
//! It tells the truth about itself: every call and every charge is recorded, whatever the program was told.

mod conduct;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;
use std::time::Instant;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::evidence::{CallRecord, ChargeRecord};
use conduct::Conduct;
pub(crate) use conduct::Conducts;

/// No honest call is longer, in bytes.
const CALL_BYTES_MAX: usize = 64 * 1024;
/// A card that begins so is declined.
const DECLINED: &str = "card_declined";

/// A charge that was made: the card's owner sees it on the bill.
#[derive(Debug, Clone)]
struct Charge {
    id: String,
    reference: String,
    captured: bool,
}

/// The gateway, with a door for each instance of each program that calls it.
pub(crate) struct Gateway {
    books: Rc<Books>,
    doors: JoinSet<()>,
}

/// What it knows and has done.
struct Books {
    began: Instant,
    phase: Cell<i64>,
    conducts: RefCell<BTreeMap<String, (Conducts, usize)>>,
    /// By idempotency key: the body that it came with, and what it led to.
    keys: RefCell<BTreeMap<String, (Value, Charge)>>,
    calls: RefCell<Vec<CallRecord>>,
    charges: RefCell<Vec<ChargeRecord>>,
    release: Notify,
    /// Calls that hang now, by the instance that made them.
    hanging: RefCell<BTreeMap<i64, usize>>,
}

/// A call that is being answered; it ends when it is answered, and also when its caller goes.
struct Open<'b> {
    books: &'b Books,
    index: usize,
    started_us: i64,
}

impl Open<'_> {
    fn change(&self, change: impl FnOnce(&mut CallRecord)) {
        // The books may have been taken meanwhile.
        let mut calls = self.books.calls.borrow_mut();
        calls.get_mut(self.index).filter(|call| call.started_us == self.started_us).map(change);
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.change(|call| call.ended_us = Some(self.books.now_us()));
    }
}

struct Hangs<'b>(&'b Books, i64);

impl Drop for Hangs<'_> {
    fn drop(&mut self) {
        *self.0.hanging.borrow_mut().entry(self.1).or_default() -= 1;
    }
}

impl Gateway {
    /// A gateway without doors; `began` is when the run began.
    pub(crate) fn new(began: Instant) -> Gateway {
        let books = Books {
            began,
            phase: Cell::new(0),
            conducts: RefCell::default(),
            keys: RefCell::default(),
            calls: RefCell::default(),
            charges: RefCell::default(),
            release: Notify::new(),
            hanging: RefCell::default(),
        };
        Gateway { books: Rc::new(books), doors: JoinSet::new() }
    }

    /// Opens a door on a free port of loopback; calls that come in there are recorded as `instance`'s.
    pub(crate) fn open(&mut self, instance: i64) -> io::Result<u16> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(listener)?;
        let port = listener.local_addr()?.port();
        let books = Rc::clone(&self.books);
        self.doors.spawn_local(async move {
            let mut connections = JoinSet::new();
            loop {
                let Ok((stream, _)) = listener.accept().await else {
                    // Out of file descriptors: the caller's connection attempt waits, as in real life.
                    tokio::task::yield_now().await;
                    continue;
                };
                let books = Rc::clone(&books);
                connections.spawn_local(async move {
                    let answer = service_fn(|request| books.answer(request, instance));
                    // A call that was cut, by either side, is in the books already.
                    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
                });
                while connections.try_join_next().is_some() {}
            }
        });
        Ok(port)
    }

    /// Which phase calls belong to from now on.
    pub(crate) fn enter(&self, phase: i64) {
        self.books.phase.set(phase);
    }

    /// From now on, calls for this payment are treated so, the next one as the first.
    pub(crate) fn misbehave(&self, reference: &str, conducts: Conducts) {
        self.books.conducts.borrow_mut().insert(reference.to_string(), (conducts, 0));
    }

    /// Calls of an instance that hang now.
    pub(crate) fn hanging(&self, instance: i64) -> usize {
        self.books.hanging.borrow().get(&instance).copied().unwrap_or(0)
    }

    /// Ends the connections that hang.
    pub(crate) fn release(&self) {
        self.books.release.notify_waiters();
    }

    /// Takes what was recorded since the last time.
    pub(crate) fn take(&self) -> (Vec<CallRecord>, Vec<ChargeRecord>) {
        (self.books.calls.take(), self.books.charges.take())
    }
}

/// The connection ends without an answer.
#[derive(Debug, thiserror::Error)]
#[error("cut")]
struct CutOff;

type Answer = Result<Response<Full<Bytes>>, CutOff>;

impl Books {
    fn now_us(&self) -> i64 {
        i64::try_from(self.began.elapsed().as_micros()).unwrap_or(i64::MAX)
    }

    async fn answer(&self, request: Request<Incoming>, instance: i64) -> Answer {
        let started_us = self.now_us();
        let (head, body) = request.into_parts();
        let key = head.headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_string);
        let path = head.uri.path().to_string();
        let body = Limited::new(body, CALL_BYTES_MAX).collect().await;
        let body: Value =
            body.ok().and_then(|body| serde_json::from_slice(&body.to_bytes()).ok()).unwrap_or(Value::Null);
        let index = self.begin(CallRecord {
            phase: self.phase.get(),
            instance,
            method: head.method.to_string(),
            path: path.clone(),
            key: key.clone(),
            reference: body["reference"].as_str().map(str::to_string),
            started_us,
            ended_us: None,
            conduct: "ok".into(),
            status: None,
            charge: None,
        });
        let open = Open { books: self, index, started_us };
        let answer = match (&head.method, path.strip_prefix("/charges")) {
            (&Method::POST, Some("")) => self.charge(index, instance, &body, key.as_deref()).await,
            (&Method::GET, Some(rest)) => Ok(self.look_up(rest.trim_start_matches('/'))),
            _ => Ok(plain(
                StatusCode::NOT_FOUND,
                &json!({"error": "there is POST /charges and GET /charges/{key}"}),
            )),
        };
        open.change(|call| {
            call.status = answer.as_ref().ok().map(|answer| i64::from(answer.status().as_u16()))
        });
        answer
    }

    /// Stands still until the gateway is released, or the caller has gone.
    async fn hang(&self, instance: i64) -> Answer {
        *self.hanging.borrow_mut().entry(instance).or_default() += 1;
        let _hangs = Hangs(self, instance);
        self.release.notified().await;
        Err(CutOff)
    }

    fn begin(&self, call: CallRecord) -> usize {
        let mut calls = self.calls.borrow_mut();
        calls.push(call);
        calls.len() - 1
    }

    /// What is done for this payment now.
    fn conduct(&self, reference: &str) -> Conduct {
        let mut all = self.conducts.borrow_mut();
        all.get_mut(reference).map_or(Conduct::Honest, |(conducts, calls)| {
            *calls += 1;
            conducts.at(*calls - 1)
        })
    }

    async fn charge(&self, index: usize, instance: i64, body: &Value, key: Option<&str>) -> Answer {
        let (Some(reference), Some(card)) = (body["reference"].as_str(), body["card"].as_str()) else {
            return Ok(plain(StatusCode::BAD_REQUEST, &json!({"error": "reference and card are needed"})));
        };
        if !body["amount"].is_u64() || !body["currency"].is_string() {
            return Ok(plain(StatusCode::BAD_REQUEST, &json!({"error": "amount and currency are needed"})));
        }
        let conduct = self.conduct(reference);
        self.with_call(index, |call| call.conduct = conduct.word());
        match conduct {
            Conduct::Honest => Ok(self.book(index, body, reference, card, key)),
            Conduct::Fails(status) => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                Ok(plain(status, &json!({"error": "try again"})))
            }
            Conduct::Limits(seconds) => {
                let mut answer = plain(StatusCode::TOO_MANY_REQUESTS, &json!({"error": "too many calls"}));
                answer.headers_mut().insert("retry-after", seconds.into());
                Ok(answer)
            }
            Conduct::Hangs => self.hang(instance).await,
            Conduct::ChargesAndHangs => {
                self.book(index, body, reference, card, key);
                self.hang(instance).await
            }
            Conduct::ChargesAndCuts => {
                self.book(index, body, reference, card, key);
                Err(CutOff)
            }
            Conduct::Cuts => Err(CutOff),
        }
    }

    /// Charges the card, once for a key.
    fn book(
        &self,
        index: usize,
        body: &Value,
        reference: &str,
        card: &str,
        key: Option<&str>,
    ) -> Response<Full<Bytes>> {
        if let Some((first, charge)) = key.and_then(|key| self.keys.borrow().get(key).cloned()) {
            return match first == *body {
                true => told(&charge),
                false => plain(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    &json!({"error": "this key came with another body"}),
                ),
            };
        }
        let number = self.charges.borrow().len();
        let id = format!("ch_{}", crate::hash(&[reference, &number.to_string(), &self.now_us().to_string()]));
        let charge = Charge { id, reference: reference.to_string(), captured: !card.starts_with(DECLINED) };
        if charge.captured {
            self.with_call(index, |call| call.charge = Some(charge.id.clone()));
            self.charges.borrow_mut().push(ChargeRecord {
                charge: charge.id.clone(),
                phase: self.phase.get(),
                key: key.map(str::to_string),
                reference: charge.reference.clone(),
                amount: body["amount"].as_i64().unwrap_or(0),
                currency: body["currency"].as_str().unwrap_or_default().to_string(),
                at_us: self.now_us(),
            });
        }
        let answer = told(&charge);
        if let Some(key) = key {
            self.keys.borrow_mut().insert(key.to_string(), (body.clone(), charge));
        }
        answer
    }

    fn look_up(&self, key: &str) -> Response<Full<Bytes>> {
        match self.keys.borrow().get(key) {
            Some((_, charge)) => told(charge),
            None => plain(StatusCode::NOT_FOUND, &json!({"error": "there is no charge with this key"})),
        }
    }

    fn with_call(&self, index: usize, change: impl FnOnce(&mut CallRecord)) {
        if let Some(call) = self.calls.borrow_mut().get_mut(index) {
            change(call);
        }
    }
}

fn told(charge: &Charge) -> Response<Full<Bytes>> {
    match charge.captured {
        true => plain(StatusCode::OK, &json!({"charge": charge.id, "status": "captured"})),
        false => plain(StatusCode::PAYMENT_REQUIRED, &json!({"status": "declined"})),
    }
}

fn plain(status: StatusCode, body: &Value) -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::new(Bytes::from(body.to_string())));
    *answer.status_mut() = status;
    let json = hyper::header::HeaderValue::from_static("application/json");
    answer.headers_mut().insert(hyper::header::CONTENT_TYPE, json);
    answer
}
