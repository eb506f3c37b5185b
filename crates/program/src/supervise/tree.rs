//! The processes of a program: its descendants, read from `/proc`.
//!
//! Orphans stay in it, because *init* adopts them. Without `/proc` (macOS) it is always empty.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// After that many scans, foreign processes are looked at again: their numbers may be others' by now.
const FORGET_AFTER: u32 = 40;

/// One process of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Process {
    pub pid: i32,
    pub parent: i32,
    /// It was stopped by a signal, or has ended and waits to be collected: it does nothing.
    pub is_still: bool,
    pub threads: u64,
    pub resident_pages: u64,
    /// Its CPU time and that of its children that it has waited for, in ticks of 10 ms.
    pub cpu_ticks: u64,
}

/// Finds descendants, and remembers who is none, because a machine has far more processes than a program.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    foreign: HashSet<i32>,
    scans: u32,
}

impl Scanner {
    /// All descendants of a process, without itself.
    pub(super) fn below(&mut self, root: Pid) -> Vec<Process> {
        self.scans += 1;
        if self.scans.is_multiple_of(FORGET_AFTER) {
            self.foreign.clear();
        }
        let pids: Vec<i32> = pids().collect();
        let read = pids.iter().filter(|pid| !self.foreign.contains(pid)).filter_map(|&pid| process(pid));
        let known: HashMap<i32, Process> = read.map(|process| (process.pid, process)).collect();
        let mut below = Vec::new();
        for process in known.values() {
            match self.ancestry(&known, process, root.as_raw()) {
                Some(true) => below.push(*process),
                Some(false) => drop(self.foreign.insert(process.pid)),
                None => {}
            }
        }
        below
    }

    /// Whether `root` is above a process, unless the chain broke while it was read.
    fn ancestry(&self, known: &HashMap<i32, Process>, process: &Process, root: i32) -> Option<bool> {
        if process.pid == root {
            return Some(false);
        }
        let mut parent = process.parent;
        // A number used twice while we read could make a ring.
        for _ in 0..known.len() + 1 {
            if parent == root {
                return Some(true);
            }
            if parent == 0 || self.foreign.contains(&parent) {
                return Some(false);
            }
            parent = known.get(&parent)?.parent;
        }
        None
    }
}

/// Kills everything below `root` once; what forks meanwhile is for the next call.
pub(super) fn kill_below(scanner: &mut Scanner, root: Pid, program: Pid) {
    // Who is gone already is an error that we want.
    for process in scanner.below(root) {
        let _ = kill(Pid::from_raw(process.pid), Signal::SIGKILL);
    }
    if cfg!(not(target_os = "linux")) {
        let _ = nix::sys::signal::killpg(program, Signal::SIGKILL);
    }
}

/// The CPU time of a process and of its children that it has waited for, in ticks of 10 ms.
pub(super) fn cpu_ticks(pid: Pid) -> u64 {
    process(pid.as_raw()).map_or(0, |process| process.cpu_ticks)
}

/// How many tasks this user has on the machine.
#[cfg(target_os = "linux")]
pub(super) fn tasks_of(uid: u32) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let owned = |pid: &i32| fs::metadata(format!("/proc/{pid}")).is_ok_and(|about| about.uid() == uid);
    pids().filter(owned).filter_map(process).map(|process| process.threads).sum()
}

/// The share of memory that is a process's own: pages of n processes count as an nth.
pub(super) fn proportional_bytes(pid: i32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

/// How many pages of a process are in memory now; none once it has ended.
pub(super) fn resident_pages(pid: i32) -> u64 {
    process(pid).map_or(0, |process| process.resident_pages)
}

fn pids() -> impl Iterator<Item = i32> {
    let entries = fs::read_dir(Path::new("/proc")).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn process(pid: i32) -> Option<Process> {
    parse(&String::from_utf8_lossy(&fs::read(format!("/proc/{pid}/stat")).ok()?))
}

/// Reads a line of `/proc/PID/stat`; the name in it may hold anything, also `)`.
fn parse(stat: &str) -> Option<Process> {
    let (before, after) = stat.rsplit_once(')')?;
    let pid = before.split_once(' ')?.0.parse().ok()?;
    let fields: Vec<&str> = after.split_whitespace().collect();
    // The manual counts from 1 and the state is its third.
    let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
    // Children's times are signed in the manual, and never negative.
    let cpu_ticks = field(14)? + field(15)? + field(16)? + field(17)?;
    let parent = i32::try_from(field(4)?).ok()?;
    let is_still = matches!(fields.first(), Some(&("T" | "t" | "Z" | "X")));
    Some(Process { pid, parent, is_still, threads: field(20)?, resident_pages: field(24)?, cpu_ticks })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_hostile_name_is_read_past() {
        let line = "77 (a) R 1 (b) S 42 77 77 0 -1 4194560 1 2 3 4 10 20 30 40 20 0 9 0 5 6 7 8";
        let expected =
            Process { pid: 77, parent: 42, is_still: false, threads: 9, resident_pages: 7, cpu_ticks: 100 };
        assert_eq!(parse(line), Some(expected));
    }

    proptest! {
        #[test]
        fn no_line_is_too_strange(line in ".{0,120}") {
            let _ = parse(&line);
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_child_is_below_us_and_our_parent_is_not() {
        let mut child = std::process::Command::new("cat")
            .stdin(std::process::Stdio::piped())
            .spawn()
            .expect("cat is everywhere");
        let mut scanner = Scanner::default();
        for _ in 0..3 {
            let below: Vec<i32> = scanner.below(Pid::this()).iter().map(|one| one.pid).collect();
            assert!(below.contains(&(child.id() as i32)), "{below:?}");
            assert!(!below.contains(&Pid::parent().as_raw()) && !below.contains(&Pid::this().as_raw()));
        }
        drop(child.stdin.take());
        assert!(child.wait().expect("it ends").success());
    }
}
