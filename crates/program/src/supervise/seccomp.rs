//! System calls that no learner's program needs and that lead out of the sandbox, refused by a seccomp filter.
//!
//! Everything else is allowed: the programs are in any language, and a list of what all of them need would be
//! wrong by the next release of one.

use std::collections::BTreeMap;

use nix::libc;
use seccompiler::SeccompCmpOp::{Eq, MaskedEq, Ne};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};

use super::system;
use crate::launch::{Launch, Network};
use crate::sandbox::Level;
use crate::wire::Failed;

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// Refused with EPERM, whatever their arguments.
const REFUSED: &[i64] = &[
    // Other processes' memory and files.
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_pidfd_getfd,
    libc::SYS_kcmp,
    // What is mounted where, and new namespaces.
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mount_setattr,
    libc::SYS_unshare,
    libc::SYS_setns,
    // Parts of the kernel where most of the ways out were found.
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_fanotify_init,
    // The machine itself.
    libc::SYS_kexec_load,
    libc::SYS_kexec_file_load,
    libc::SYS_reboot,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_acct,
    libc::SYS_quotactl,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_syslog,
    libc::SYS_vhangup,
    libc::SYS_open_by_handle_at,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_iopl,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_ioperm,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_modify_ldt,
];

/// Refused with ENOSYS, because a library then takes the older call, whose arguments a filter can read.
const UNKNOWN: &[i64] =
    &[libc::SYS_clone3, libc::SYS_io_uring_setup, libc::SYS_io_uring_enter, libc::SYS_io_uring_register];

/// New namespaces, as flags of `clone`.
const NAMESPACES: &[i32] = &[
    libc::CLONE_NEWUSER,
    libc::CLONE_NEWPID,
    libc::CLONE_NEWNS,
    libc::CLONE_NEWNET,
    libc::CLONE_NEWIPC,
    libc::CLONE_NEWUTS,
    libc::CLONE_NEWCGROUP,
];

/// Restricts this process for good.
pub(super) fn restrict(launch: &Launch) -> Result<(), Failed> {
    const STEP: &str = "refuse system calls with seccomp";
    let mut refused: Rules = REFUSED.iter().map(|call| (*call, Vec::new())).collect();
    arguments(launch, &mut refused).map_err(Failed::to(STEP))?;
    let unknown = UNKNOWN.iter().map(|call| (*call, Vec::new())).collect();
    for (rules, errno) in [(refused, libc::EPERM), (unknown, libc::ENOSYS)] {
        let filter = filter(rules, errno).map_err(Failed::to(STEP))?;
        seccompiler::apply_filter(&filter).map_err(Failed::to(STEP))?;
    }
    Ok(())
}

fn filter(mut rules: Rules, errno: i32) -> Result<BpfProgram, seccompiler::BackendError> {
    if cfg!(target_arch = "x86_64") {
        // The same calls under the numbers of the x32 ABI.
        let x32: Rules = rules.iter().map(|(call, how)| (call | 0x4000_0000, how.clone())).collect();
        rules.extend(x32);
    }
    let refuse = SeccompAction::Errno(errno.unsigned_abs());
    SeccompFilter::new(rules, SeccompAction::Allow, refuse, std::env::consts::ARCH.try_into()?)?.try_into()
}

/// Calls that are refused with some arguments.
fn arguments(launch: &Launch, rules: &mut Rules) -> Result<(), seccompiler::BackendError> {
    let namespaces = NAMESPACES.iter().map(|flag| rule(&[(0, MaskedEq(bits(*flag)), bits(*flag))]));
    rules.insert(libc::SYS_clone, namespaces.collect::<Result<_, _>>()?);
    // Typing into somebody's terminal.
    let typing = [libc::TIOCSTI, libc::TIOCLINUX].map(|what| rule(&[(1, Eq, what)]));
    rules.insert(libc::SYS_ioctl, typing.into_iter().collect::<Result<_, _>>()?);
    let mut sockets = families(launch)?;
    if launch.sandbox.network != Network::Open {
        sockets.extend(internet_but_tcp()?);
        // It connects without `connect`, which is what Landlock watches.
        let fast_open = bits(libc::MSG_FASTOPEN);
        for (call, flags) in [(libc::SYS_sendto, 3), (libc::SYS_sendmsg, 2), (libc::SYS_sendmmsg, 3)] {
            rules.insert(call, vec![rule(&[(flags, MaskedEq(fast_open), fast_open)])?]);
        }
    }
    rules.insert(libc::SYS_socket, sockets);
    Ok(())
}

/// Sockets of families that nobody needs.
fn families(launch: &Launch) -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    let abi = system::landlock_abi();
    // Where the sockets of the desktop cannot be reached, Unix sockets do no harm; pairs never do.
    let unix = launch.sandbox.unix_sockets || abi >= 9 || abi >= 6 && launch.sandbox.level == Level::Full;
    let mut others =
        vec![(0, Ne, bits(libc::AF_INET)), (0, Ne, bits(libc::AF_INET6)), (0, Ne, bits(libc::AF_NETLINK))];
    if unix {
        others.push((0, Ne, bits(libc::AF_UNIX)));
    }
    // Reading the machine's addresses is what runtimes do with netlink; they fail without it.
    let netlink = [(0, Eq, bits(libc::AF_NETLINK)), (2, Ne, bits(libc::NETLINK_ROUTE))];
    Ok(vec![rule(&others)?, rule(&netlink)?])
}

/// UDP, raw and all that is not TCP. `getaddrinfo` uses UDP sockets to sort addresses and does without.
fn internet_but_tcp() -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    const TYPE: u64 = 0xf;
    let mut rules = Vec::new();
    for family in [libc::AF_INET, libc::AF_INET6].map(bits) {
        for kind in (0..=TYPE).filter(|kind| *kind != bits(libc::SOCK_STREAM)) {
            rules.push(rule(&[(0, Eq, family), (1, MaskedEq(TYPE), kind)])?);
        }
        let tcp = bits(libc::IPPROTO_TCP);
        rules.push(rule(&[(0, Eq, family), (2, Ne, 0), (2, Ne, tcp)])?);
    }
    Ok(rules)
}

/// A rule that holds when all its conditions do: number of the argument, comparison, value.
fn rule(conditions: &[(u8, SeccompCmpOp, u64)]) -> Result<SeccompRule, seccompiler::BackendError> {
    let conditions = conditions.iter().map(|(argument, how, value)| {
        SeccompCondition::new(*argument, SeccompCmpArgLen::Dword, how.clone(), *value)
    });
    SeccompRule::new(conditions.collect::<Result<_, _>>()?)
}

/// Arguments are compared as 32 unsigned bits.
fn bits(value: i32) -> u64 {
    u64::from(value.cast_unsigned())
}
