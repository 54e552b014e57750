//! What a child takes from itself before it reads a byte of a document.
//!
//! Each layer degrades by itself: an old kernel may lack landlock or seccomp, the limits of `setrlimit` always work.

use crate::extract::limits::Limits;
use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetStatus, Scope};
use rlimit::Resource;
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which layers hold a child on this machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// Limits on time, memory and files (`setrlimit`).
    pub limits: bool,
    /// No access to any file or port (`landlock`).
    pub files: bool,
    /// No network, no other programs (`seccomp`).
    pub calls: bool,
}

impl Confinement {
    /// Whether every layer holds.
    pub fn is_full(self) -> bool {
        self.limits && self.files && self.calls
    }
}

/// Confines the calling process for good; must be called while it has one thread only.
pub(super) fn confine(limits: &Limits) -> Confinement {
    Confinement { limits: set_limits(limits).is_ok(), files: deny_files(), calls: deny_calls().is_some() }
}

fn set_limits(limits: &Limits) -> std::io::Result<()> {
    // Soft before hard: the soft limit's signal tells "too slow" from any other kill.
    rlimit::setrlimit(Resource::CPU, limits.cpu_seconds, limits.cpu_seconds.saturating_add(5))?;
    rlimit::setrlimit(Resource::AS, limits.memory_bytes, limits.memory_bytes)?;
    rlimit::setrlimit(Resource::FSIZE, 0, 0)?;
    rlimit::setrlimit(Resource::CORE, 0, 0)?;
    rlimit::setrlimit(Resource::NOFILE, 16, 16)
}

fn deny_files() -> bool {
    let abi = ABI::V6;
    let created = Ruleset::default()
        .handle_access(AccessFs::from_all(abi))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(abi)))
        .and_then(|rules| rules.scope(Scope::from_all(abi)))
        .and_then(Ruleset::create);
    let restricted = created.and_then(landlock::RulesetCreated::restrict_self);
    restricted.is_ok_and(|status| status.ruleset != RulesetStatus::NotEnforced)
}

fn deny_calls() -> Option<()> {
    let rules: BTreeMap<i64, Vec<seccompiler::SeccompRule>> =
        denied_calls().into_iter().map(|call| (call, Vec::new())).collect();
    let architecture = std::env::consts::ARCH.try_into().ok()?;
    let denied = SeccompAction::Errno(u32::try_from(libc::EPERM).ok()?);
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, denied, architecture).ok()?;
    let program: BpfProgram = filter.try_into().ok()?;
    seccompiler::apply_filter_all_threads(&program).ok()
}

/// Network, other programs, other processes; threads stay allowed.
fn denied_calls() -> Vec<i64> {
    let mut calls = vec![
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_connect,
        libc::SYS_bind,
        libc::SYS_listen,
        libc::SYS_accept,
        libc::SYS_accept4,
        libc::SYS_sendto,
        libc::SYS_sendmsg,
        libc::SYS_sendmmsg,
        libc::SYS_execve,
        libc::SYS_execveat,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_kill,
        libc::SYS_tkill,
        libc::SYS_mount,
        libc::SYS_bpf,
        libc::SYS_io_uring_setup,
        libc::SYS_keyctl,
        libc::SYS_add_key,
        libc::SYS_perf_event_open,
        libc::SYS_userfaultfd,
        libc::SYS_unshare,
        libc::SYS_setns,
        libc::SYS_shmget,
        libc::SYS_memfd_create,
    ];
    #[cfg(target_arch = "x86_64")]
    calls.extend([libc::SYS_fork, libc::SYS_vfork]);
    calls.sort_unstable();
    calls
}
