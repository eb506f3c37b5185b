//! What a supervisor does while the program runs: drains, watches, answers, and ends it.

use std::io::{self, PipeReader, Read};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{Signal as System, kill, killpg};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;

use super::{Started, disk, say, tree};
use crate::end::{End, Exceeded, How};
use crate::launch::{Launch, Limits};
use crate::output::{Ring, Stream};
use crate::running::Signal;
use crate::sandbox::Level;
use crate::usage::Usage;
use crate::wire::{Ending, Report, Request, Seen};

/// The shortest pause between two looks at the tree; a longer one keeps us near a twentieth of one CPU.
const PAUSE: Duration = Duration::from_millis(25);
const PAUSE_FACTOR: u32 = 20;
/// The longest pause: who forks without end makes looks slow.
const PAUSE_MAX: Duration = Duration::from_millis(250);
/// How long *init* may take to end the tree before we do it ourselves: a hang limit.
const INIT_LIMIT: Duration = Duration::from_secs(10);

/// One program and all that is known of it.
pub(super) struct Watch {
    started: Started,
    control: UnixStream,
    limits: Limits,
    full: bool,
    begun: Instant,
    ring: Ring,
    usage: Usage,
    scanner: tree::Scanner,
    disk: disk::Growth,
    exceeded: Option<Exceeded>,
    /// When we asked for the end of the tree.
    ending_since: Option<Instant>,
    /// What the judge wrote and is not a whole line yet.
    heard: Vec<u8>,
    report: Vec<u8>,
}

/// What there is to read.
struct Readable {
    control: bool,
    report: bool,
    out: bool,
    err: bool,
}

impl Watch {
    pub(super) fn new(launch: &Launch, started: Started, disk: disk::Growth, control: UnixStream) -> Watch {
        Watch {
            started,
            control,
            limits: launch.limits,
            full: launch.sandbox.level == Level::Full,
            begun: Instant::now(),
            ring: Ring::default(),
            usage: Usage::default(),
            scanner: tree::Scanner::default(),
            disk,
            exceeded: None,
            ending_since: None,
            heard: Vec::new(),
            report: Vec::new(),
        }
    }

    /// Until the program has ended, by itself or because of us, and the judge has been told.
    pub(super) fn run(mut self) -> io::Result<()> {
        let (mut out_open, mut err_open, mut look_again) = (true, true, Instant::now());
        loop {
            let ready = self.wait_for_something(out_open, err_open, look_again);
            if ready.out {
                out_open = self.drain(Stream::Out)? > 0;
            }
            if ready.err {
                err_open = self.drain(Stream::Err)? > 0;
            }
            if ready.control {
                self.listen_to_the_judge();
            }
            if ready.report && self.init_is_done() {
                break;
            }
            if Instant::now() >= look_again {
                let begun = Instant::now();
                self.measure();
                self.hold_to_the_limits();
                look_again = Instant::now() + (begun.elapsed() * PAUSE_FACTOR).clamp(PAUSE, PAUSE_MAX);
            }
            if self.ending_since.is_some_and(|since| since.elapsed() > INIT_LIMIT) {
                break;
            }
        }
        let end = self.finish(out_open, err_open);
        say(&mut self.control, &Report::Ended(Box::new(end)))
    }

    fn wait_for_something(&self, out_open: bool, err_open: bool, look_again: Instant) -> Readable {
        let pause = look_again.saturating_duration_since(Instant::now());
        // Rounded up, or the last millisecond would be spent spinning.
        let pause = PollTimeout::try_from(pause + Duration::from_millis(1)).unwrap_or(PollTimeout::ZERO);
        let control = PollFd::new(self.control.as_fd(), PollFlags::POLLIN);
        let report = PollFd::new(self.started.report.as_fd(), PollFlags::POLLIN);
        let mut files = vec![control, report];
        if out_open {
            files.push(PollFd::new(self.started.out.as_fd(), PollFlags::POLLIN));
        }
        if err_open {
            files.push(PollFd::new(self.started.err.as_fd(), PollFlags::POLLIN));
        }
        // An interrupted wait is one in which nothing came.
        let waited = poll(&mut files, pause);
        let at =
            |index: usize| waited.is_ok() && files.get(index).is_some_and(|file| file.any() == Some(true));
        let err = if out_open { 3 } else { 2 };
        Readable { control: at(0), report: at(1), out: out_open && at(2), err: err_open && at(err) }
    }

    /// Reads once, so that a flood on one stream keeps us from nothing else.
    fn drain(&mut self, stream: Stream) -> io::Result<usize> {
        let mut buffer = [0; 64 * 1024];
        let from: &mut PipeReader = match stream {
            Stream::Out => &mut self.started.out,
            Stream::Err => &mut self.started.err,
        };
        let read = from.read(&mut buffer)?;
        let at_ms = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.ring.push(at_ms, stream, &buffer[..read]);
        Ok(read)
    }

    fn has_more(&self, stream: Stream) -> bool {
        let from = if stream == Stream::Out { self.started.out.as_fd() } else { self.started.err.as_fd() };
        let mut file = [PollFd::new(from, PollFlags::POLLIN)];
        poll(&mut file, PollTimeout::ZERO).is_ok_and(|ready| ready > 0)
    }

    fn listen_to_the_judge(&mut self) {
        let mut buffer = [0; 4096];
        match self.control.read(&mut buffer) {
            // The judge is gone, or let go of the program.
            Ok(0) | Err(_) => self.end_all(),
            Ok(read) => self.heard.extend_from_slice(&buffer[..read]),
        }
        while let Some(end) = self.heard.iter().position(|&byte| byte == b'\n') {
            let line: Vec<u8> = self.heard.drain(..=end).collect();
            match serde_json::from_slice(&line) {
                Ok(Request::Signal(signal)) => self.signal(signal),
                Ok(Request::Look { number }) => self.answer(number),
                // The same binary wrote it.
                Err(_) => {}
            }
        }
    }

    fn answer(&mut self, number: u64) {
        self.measure();
        let tree = self.scanner.below(self.started.init);
        let listening = listening(&tree);
        // Without `/proc` nobody is seen.
        let is_there =
            cfg!(not(target_os = "linux")) || tree.iter().any(|one| one.pid == self.started.program.as_raw());
        let seen = Seen {
            usage: self.usage,
            output: self.ring.output(),
            listening_is_known: listening.is_some(),
            listening: listening.unwrap_or_default(),
            is_still: !tree.is_empty() && tree.iter().all(|one| one.is_still),
            is_ending: self.ending_since.is_some() || !is_there,
        };
        // A judge that is gone shows at the next read.
        let _ = say(&mut self.control, &Report::Seen { number, seen });
    }

    fn signal(&mut self, signal: Signal) {
        // Who is gone already needs no signal.
        match signal {
            Signal::Kill => self.end_all(),
            Signal::Term => drop(killpg(self.started.program, System::SIGTERM)),
            Signal::Stop => self.signal_each(System::SIGSTOP),
            Signal::Cont => self.signal_each(System::SIGCONT),
        }
    }

    fn signal_each(&mut self, signal: System) {
        let _ = killpg(self.started.program, signal);
        for process in self.scanner.below(self.started.init) {
            let _ = kill(Pid::from_raw(process.pid), signal);
        }
    }

    /// Ends the tree; that it is gone is seen when *init* has closed its report.
    fn end_all(&mut self) {
        if self.ending_since.is_none() {
            self.measure();
            self.ending_since = Some(Instant::now());
            let signal = if self.full { System::SIGKILL } else { System::SIGTERM };
            let _ = kill(self.started.init, signal);
        }
    }

    fn measure(&mut self) {
        let tree = self.scanner.below(self.started.init);
        // What ended children of init used is counted there.
        let ended = tree::cpu_ticks(self.started.init);
        self.usage.update(Usage {
            cpu_ms: (tree.iter().map(|one| one.cpu_ticks).sum::<u64>() + ended) * 10,
            memory_bytes: tree.iter().map(|one| one.resident_pages).sum::<u64>() * page_bytes(),
            processes: tree.len() as u64,
            tasks: tree.iter().map(|one| one.threads).sum(),
            disk_bytes: self.disk.step(),
            ..Usage::default()
        });
    }

    fn hold_to_the_limits(&mut self) {
        if self.ending_since.is_some() {
            return;
        }
        let Limits { memory_bytes, tasks, disk_bytes, cpu_s, .. } = self.limits;
        let usage = self.usage;
        // Pages that processes share are counted once before anybody is ended for them.
        let memory_used = match usage.memory_bytes > memory_bytes {
            true => self.shared_once_bytes(),
            false => usage.memory_bytes,
        };
        self.exceeded = if usage.tasks > tasks {
            Some(Exceeded::Tasks { used: usage.tasks, limit: tasks })
        } else if memory_used > memory_bytes {
            Some(Exceeded::Memory { used_bytes: memory_used, limit_bytes: memory_bytes })
        } else if usage.disk_bytes > disk_bytes {
            Some(Exceeded::Disk { used_bytes: usage.disk_bytes, limit_bytes: disk_bytes })
        } else if usage.cpu_ms > cpu_s.saturating_mul(1000) {
            Some(Exceeded::Cpu { limit_s: cpu_s })
        } else {
            None
        };
        if self.exceeded.is_some() {
            self.end_all();
        }
    }

    /// The tree's memory with shared pages counted once: dearer to read, so only when it matters.
    fn shared_once_bytes(&mut self) -> u64 {
        let tree = self.scanner.below(self.started.init);
        // One that has ended since the scan has nothing left; what it had counts for those that share it.
        let own = |one: &tree::Process| {
            tree::proportional_bytes(one.pid).unwrap_or_else(|| tree::resident_pages(one.pid) * page_bytes())
        };
        tree.iter().map(own).sum()
    }

    /// Reads what *init* says; whether it is gone.
    fn init_is_done(&mut self) -> bool {
        let mut buffer = [0; 1024];
        match self.started.report.read(&mut buffer) {
            Ok(0) | Err(_) => true,
            Ok(read) => {
                self.report.extend_from_slice(&buffer[..read]);
                false
            }
        }
    }

    /// Waits for *init*, makes sure that nothing is left, and reads the last of the output.
    fn finish(&mut self, out_open: bool, err_open: bool) -> End {
        // It has closed its report or hangs, so there is nothing more to wait for.
        let _ = kill(self.started.init, System::SIGKILL);
        let _ = waitpid(self.started.init, None);
        // If it was killed from outside, orphans of a program without namespace are our children now.
        while waitpid(None, Some(WaitPidFlag::WNOHANG)).is_ok() {
            tree::kill_below(&mut self.scanner, Pid::this(), self.started.program);
            std::thread::sleep(Duration::from_millis(1));
        }
        // Everybody who could write is gone, so what is in the pipes is all.
        for (stream, open) in [(Stream::Out, out_open), (Stream::Err, err_open)] {
            while open && self.has_more(stream) && self.drain(stream).is_ok_and(|read| read > 0) {}
        }
        self.add_what_children_used();
        self.end()
    }

    fn end(&self) -> End {
        let ending: Option<Ending> = serde_json::from_slice(&self.report).ok();
        let how = match (&ending, self.ending_since) {
            (Some(ending), _) => ending.how,
            (None, Some(_)) => How::Signalled(System::SIGKILL as i32),
            (None, None) => How::Lost,
        };
        // A shell passes on that a signal ended its last command, as 128 and the signal's number.
        let signal = match how {
            How::Signalled(number) => number,
            How::Exited(status) => status - 128,
            How::Lost => 0,
        };
        let exceeded = self.exceeded.or(match System::try_from(signal) {
            Ok(System::SIGXFSZ) => Some(Exceeded::File { limit_bytes: self.limits.file_bytes }),
            Ok(System::SIGXCPU) => Some(Exceeded::Cpu { limit_s: self.limits.cpu_s }),
            _ => None,
        });
        let left_behind = ending.map_or(0, |ending| ending.left_behind);
        End { how, exceeded, left_behind, usage: self.usage, output: self.ring.output() }
    }

    /// The kernel's sums over children that have ended: exact, where our samples came too late.
    fn add_what_children_used(&mut self) {
        use nix::sys::resource::{UsageWho, getrusage};
        if let Ok(children) = getrusage(UsageWho::RUSAGE_CHILDREN) {
            let ms = |time: nix::sys::time::TimeVal| {
                u64::try_from(time.tv_sec()).unwrap_or(0) * 1000
                    + u64::try_from(time.tv_usec()).unwrap_or(0) / 1000
            };
            let cpu_ms = ms(children.user_time()) + ms(children.system_time());
            // Linux counts KiB; macOS counts bytes.
            let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
            let peak = u64::try_from(children.max_rss()).unwrap_or(0) * unit;
            self.usage.cpu_ms = self.usage.cpu_ms.max(cpu_ms);
            self.usage.memory_peak_bytes = self.usage.memory_peak_bytes.max(peak);
        }
        self.usage.disk_bytes = self.disk.finish();
        (self.usage.memory_bytes, self.usage.processes, self.usage.tasks) = (0, 0, 0);
    }
}

#[cfg(target_os = "linux")]
fn listening(tree: &[tree::Process]) -> Option<Vec<crate::Listening>> {
    super::listening::by(tree.iter().map(|one| one.pid))
}

#[cfg(not(target_os = "linux"))]
fn listening(_tree: &[tree::Process]) -> Option<Vec<crate::Listening>> {
    None
}

fn page_bytes() -> u64 {
    let size = nix::unistd::sysconf(nix::unistd::SysconfVar::PAGE_SIZE).ok().flatten();
    size.and_then(|size| u64::try_from(size).ok()).unwrap_or(4096)
}
