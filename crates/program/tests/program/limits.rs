//! Each limit ends a program that exceeds it, with a reason in words.

use program::{End, Exceeded, How, Launch};

use crate::support::{Rig, levels, processes_with, start, unique};

async fn run(launch: &Launch) -> End {
    start(launch).await.wait().await
}

#[tokio::test]
async fn a_fork_bomb_goes_out() {
    for level in levels().await {
        let rig = Rig::new();
        let mark = unique(&rig);
        // Bounded, should every limit fail: no more than 2^11 processes, which wait for nothing.
        let bomb = format!(
            "import os, signal
for _ in range(11):
    try:
        os.fork()
    except OSError:
        pass
signal.pause() # {mark}"
        );
        let mut launch = rig.launch(level, &["/usr/bin/python3", "-c", &bomb]);
        launch.limits.tasks = 60;
        let end = run(&launch).await;
        assert!(matches!(end.exceeded, Some(Exceeded::Tasks { limit: 60, .. })), "{level}: {end}");
        assert!(end.to_string().contains("processes and threads, and 60 is its limit"), "{level}: {end}");
        assert!(end.usage.tasks_peak > 60, "{level}: {:?}", end.usage);
        assert_eq!(processes_with(&mark), [""; 0], "{level}");
    }
}

#[tokio::test]
async fn memory_is_limited_over_all_processes() {
    for level in levels().await {
        let rig = Rig::new();
        let script = "
import os, signal
for _ in range(3):
    if os.fork() == 0:
        hold = bytearray(40 << 20)
        signal.pause()
signal.pause()";
        let mut launch = rig.python(level, script);
        launch.limits.memory_bytes = 90 << 20;
        let end = run(&launch).await;
        assert!(matches!(end.exceeded, Some(Exceeded::Memory { .. })), "{level}: {end}");
        assert!(end.to_string().contains("MiB of memory, and 90 MiB is its limit"), "{level}: {end}");
        assert!(end.usage.memory_peak_bytes > 90 << 20, "{level}: {:?}", end.usage);
    }
}

#[tokio::test]
async fn memory_that_processes_share_counts_once() {
    for level in levels().await {
        let rig = Rig::new();
        let script = "
import os, time
hold = bytearray(os.urandom(1 << 20)) * 60
children = []
for _ in range(4):
    child = os.fork()
    if child == 0:
        time.sleep(0.5)
        os._exit(0)
    children.append(child)
for child in children:
    os.waitpid(child, 0)
print('fine')";
        let mut launch = rig.python(level, script);
        launch.limits.memory_bytes = 150 << 20;
        let end = run(&launch).await;
        assert_eq!((end.exceeded, end.output.text().as_str()), (None, "fine\n"), "{level}");
    }
}

#[tokio::test]
async fn address_space_is_not_memory() {
    for level in levels().await {
        let rig = Rig::new();
        // As Node, Go and Java do.
        let script = "
import mmap
reserved = mmap.mmap(-1, 64 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000)
print('fine')";
        let end = run(&rig.python(level, script)).await;
        assert_eq!(end.output.text(), "fine\n", "{level}");
    }
}

#[tokio::test]
async fn a_file_cannot_grow_without_end() {
    for level in levels().await {
        let rig = Rig::new();
        let mut launch = rig.shell(level, "exec dd if=/dev/zero of=big bs=65536 count=1000 2>/dev/null");
        launch.limits.file_bytes = 1 << 20;
        let mut end = run(&launch).await;
        assert_eq!(end.exceeded, Some(Exceeded::File { limit_bytes: 1 << 20 }), "{level}: {end}");
        // A wrapper tells it too.
        launch.command[2] = launch.command[2].replace("exec ", "true; ") + "; exit $?";
        end = run(&launch).await;
        assert_eq!(end.exceeded, Some(Exceeded::File { limit_bytes: 1 << 20 }), "{level}: {end}");
        assert_eq!(end.to_string(), "was ended because it wrote a file longer than 1 MiB", "{level}");
    }
}

#[tokio::test]
async fn many_files_cannot_fill_the_disk() {
    for level in levels().await {
        let rig = Rig::new();
        let script = "i=0; while :; do head -c 1000000 /dev/zero > \"$TMPDIR/$i\"; i=$((i+1)); \
                      [ $i -lt 200 ] || exec tail -f /dev/null; done";
        let mut launch = rig.shell(level, script);
        launch.limits.disk_bytes = 20 << 20;
        let end = run(&launch).await;
        assert!(matches!(end.exceeded, Some(Exceeded::Disk { .. })), "{level}: {end}");
        assert!(end.to_string().contains("MiB of disk, and 20 MiB is its limit"), "{level}: {end}");
    }
}

#[tokio::test]
async fn cpu_time_is_limited_over_all_processes() {
    for level in levels().await {
        let rig = Rig::new();
        let mut launch = rig.shell(level, "(while :; do :; done) & (while :; do :; done) & wait");
        launch.limits.cpu_s = 1;
        let end = run(&launch).await;
        assert_eq!(end.exceeded, Some(Exceeded::Cpu { limit_s: 1 }), "{level}: {end}");
        assert!(end.usage.cpu_ms >= 1000, "{level}: {:?}", end.usage);
    }
}

#[tokio::test]
async fn open_files_are_limited() {
    for level in levels().await {
        let rig = Rig::new();
        let script = "
files = []
try:
    while True:
        files.append(open('/dev/null'))
except OSError as error:
    print(len(files) < 40, error.strerror)";
        let mut launch = rig.python(level, script);
        launch.limits.open_files = 40;
        assert_eq!(run(&launch).await.output.text(), "True Too many open files\n", "{level}");
    }
}

#[tokio::test]
async fn the_usage_of_children_that_ended_is_counted() {
    for level in levels().await {
        let rig = Rig::new();
        let script = "
import os, time
if os.fork() == 0:
    hold = bytearray(50 << 20)
    begun = time.process_time()
    while time.process_time() < begun + 0.3:
        pass
    os._exit(0)
os.wait()";
        let end = run(&rig.python(level, script)).await;
        assert_eq!(end.how, How::Exited(0), "{level}: {}", end.output.text());
        assert!(end.usage.cpu_ms >= 300, "{level}: {:?}", end.usage);
        assert!(end.usage.memory_peak_bytes >= 50 << 20, "{level}: {:?}", end.usage);
    }
}

#[tokio::test]
async fn a_machine_out_of_memory_takes_the_program_first() {
    for level in levels().await {
        let end = run(&Rig::new().shell(level, "cat /proc/self/oom_score_adj")).await;
        assert_eq!(end.output.text(), "1000\n", "{level}");
    }
}
