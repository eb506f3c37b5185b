//! How long a process tree stood in the machine's run queue: ready to run, while others had the cores.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A tree beyond this many threads is looked at only in part.
const THREADS_MAX: usize = 4096;

/// A process with its descendants, or one thread, and what each thread has waited so far.
///
/// Linux keeps this for every thread (`/proc/PID/task/TID/schedstat`). It counts only time in which the thread
/// could have run: one that sleeps, or waits for a lock, waits for no core.
#[derive(Debug)]
pub struct RunQueue {
    whose: Whose,
    /// By thread, in nanoseconds; `None` before the first look.
    waited_ns: Option<HashMap<i32, u64>>,
}

#[derive(Debug)]
enum Whose {
    /// A process and all below it.
    Tree(i32),
    /// The folder of one thread, where it is known.
    Thread(Option<PathBuf>),
}

impl RunQueue {
    /// Of the process `pid`, as this process sees it, and of all that it starts.
    #[must_use]
    pub fn of(pid: i32) -> RunQueue {
        RunQueue { whose: Whose::Tree(pid), waited_ns: None }
    }

    /// Of the thread that calls this, whoever looks later.
    #[must_use]
    pub fn here() -> RunQueue {
        let folder = fs::read_link("/proc/thread-self").ok().map(|link| Path::new("/proc").join(link));
        RunQueue { whose: Whose::Thread(folder), waited_ns: None }
    }

    /// The longest that one of its threads has waited for a core since the last look. `None` where the system
    /// does not tell, or the process is gone.
    pub fn waited(&mut self) -> Option<Duration> {
        let now = match &self.whose {
            Whose::Tree(root) => below(*root),
            Whose::Thread(folder) => {
                folder.iter().filter_map(|folder| Some((0, waited_ns(folder)?))).collect()
            }
        };
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
}

/// What each thread of a process, and of all below it, has waited so far.
fn below(root: i32) -> HashMap<i32, u64> {
    let mut waited = HashMap::new();
    let mut processes = vec![root];
    while let Some(pid) = processes.pop() {
        for thread in threads(pid) {
            let folder = PathBuf::from(format!("/proc/{pid}/task/{thread}"));
            waited.extend(waited_ns(&folder).map(|ns| (thread, ns)));
            let children = fs::read_to_string(folder.join("children")).unwrap_or_default();
            processes.extend(children.split_whitespace().filter_map(|child| child.parse::<i32>().ok()));
        }
        if waited.len() > THREADS_MAX {
            break;
        }
    }
    waited
}

fn waited_ns(thread: &Path) -> Option<u64> {
    parse(&fs::read_to_string(thread.join("schedstat")).ok()?)
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
        let own = i32::try_from(std::process::id()).expect("a pid is small");
        let first = RunQueue::of(own).waited();
        let seen = below(own).contains_key(&i32::try_from(child.id()).expect("a pid is small"));
        drop(child.stdin.take());
        assert!(child.wait().expect("it ends").success());
        // A kernel may keep no such books.
        assert!(first.is_none() || (first == Some(Duration::ZERO) && seen), "{first:?} {seen}");
    }
}
