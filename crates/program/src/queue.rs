//! How long a process tree stood in the machine's run queue: ready to run, while others had the cores.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

/// A tree beyond this many threads is looked at only in part.
const THREADS_MAX: usize = 4096;

/// A process with its descendants, and what each of their threads has waited so far.
///
/// Linux keeps this for every thread (`/proc/PID/task/TID/schedstat`). It counts only time in which the thread
/// could have run: one that sleeps, or waits for a lock, waits for no core.
#[derive(Debug)]
pub struct RunQueue {
    root: i32,
    /// By thread, in nanoseconds; `None` before the first look.
    waited_ns: Option<HashMap<i32, u64>>,
}

impl RunQueue {
    /// Of the process `pid`, as this process sees it, and of all that it starts.
    #[must_use]
    pub fn of(pid: i32) -> RunQueue {
        RunQueue { root: pid, waited_ns: None }
    }

    /// The longest that one of its threads has waited for a core since the last look. `None` where the system
    /// does not tell, or the process is gone.
    pub fn waited(&mut self) -> Option<Duration> {
        let now = self.look();
        if now.is_empty() {
            return None;
        }
        let before = self.waited_ns.replace(HashMap::new());
        let since = |(thread, waited_ns): (&i32, &u64)| match &before {
            // What waited before anybody looked is nobody's business.
            None => 0,
            Some(before) => waited_ns.saturating_sub(before.get(thread).copied().unwrap_or(0)),
        };
        let longest_ns = now.iter().map(since).max().unwrap_or(0);
        self.waited_ns = Some(now);
        Some(Duration::from_nanos(longest_ns))
    }

    fn look(&self) -> HashMap<i32, u64> {
        let mut waited_ns = HashMap::new();
        let mut processes = vec![self.root];
        while let Some(pid) = processes.pop() {
            for thread in threads(pid) {
                let folder = format!("/proc/{pid}/task/{thread}");
                if let Some(ns) = fs::read_to_string(format!("{folder}/schedstat")).ok().as_deref().and_then(parse)
                {
                    waited_ns.insert(thread, ns);
                }
                let children = fs::read_to_string(format!("{folder}/children")).unwrap_or_default();
                processes.extend(children.split_whitespace().filter_map(|child| child.parse::<i32>().ok()));
            }
            if waited_ns.len() > THREADS_MAX {
                break;
            }
        }
        waited_ns
    }
}

fn threads(pid: i32) -> Vec<i32> {
    let entries = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// The second field of a schedstat: nanoseconds in the run queue.
fn parse(schedstat: &str) -> Option<u64> {
    schedstat.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_second_field_is_the_wait() {
        assert_eq!(parse("203045377 23741364 607\n"), Some(23_741_364));
        assert_eq!([parse(""), parse("1"), parse("1 x 3")], [None; 3]);
    }

    proptest! {
        #[test]
        fn no_line_is_too_strange(line in ".{0,60}") {
            let _ = parse(&line);
        }
    }

    #[test]
    fn who_is_gone_tells_nothing() {
        assert_eq!(RunQueue::of(i32::MAX).waited(), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_first_look_counts_nothing_and_children_are_seen() {
        let child = std::process::Command::new("cat").stdin(std::process::Stdio::piped()).spawn();
        let mut child = child.expect("cat is everywhere");
        let mut queue = RunQueue::of(i32::try_from(std::process::id()).expect("a pid is small"));
        let first = queue.waited();
        let seen = queue.look().contains_key(&i32::try_from(child.id()).expect("a pid is small"));
        drop(child.stdin.take());
        assert!(child.wait().expect("it ends").success());
        // A kernel may keep no such books.
        assert!(first.is_none() || (first == Some(Duration::ZERO) && seen), "{first:?} {seen}");
    }
}
