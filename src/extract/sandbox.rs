//! What a child takes from itself before it reads a byte of a document.
//!
//! Each layer degrades by itself: an old kernel may lack landlock or seccomp, the limits of `setrlimit` always work.

use crate::extract::limits::Limits;
use landlock::{
    ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetStatus, Scope,
    path_beneath_rules,
};
use rlimit::Resource;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How much less of a busy machine children get than those who wait for an answer (`nice`).
const NICENESS: i32 = 10;

/// What programs and their libraries and data are read from.
const PROGRAM_FOLDERS: [&str; 7] =
    ["/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/alternatives", "/nix/store"];

/// What a child keeps of its rights.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rights<'a> {
    /// Nothing but its input and its output.
    None,
    /// To become one program, and to read where programs lie.
    OneProgram(&'a Path),
}

/// Which layers hold a child on this machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// Limits on time, memory and files (`setrlimit`).
    pub limits: bool,
    /// No access to any file or port (`landlock`); to those of programs only, where the child becomes one.
    pub files: bool,
    /// No network, no other programs, no other processes (`seccomp`).
    pub calls: bool,
}

impl Confinement {
    /// Whether every layer holds.
    pub fn is_full(self) -> bool {
        self.limits && self.files && self.calls
    }
}

/// Confines the calling process for good; must be called while it has one thread only.
pub(super) fn confine(limits: &Limits, rights: Rights<'_>) -> Confinement {
    // Being less nice than hoped for harms nobody.
    let _niceness = rustix::process::nice(NICENESS);
    Confinement {
        limits: set_limits(limits).is_ok(),
        files: deny_files(rights),
        calls: deny_calls(matches!(rights, Rights::OneProgram(_))).is_some(),
    }
}

fn set_limits(limits: &Limits) -> std::io::Result<()> {
    // Soft before hard: the soft limit's signal tells "too slow" from any other kill.
    rlimit::setrlimit(Resource::CPU, limits.cpu_seconds, limits.cpu_seconds.saturating_add(5))?;
    rlimit::setrlimit(Resource::AS, limits.memory_bytes, limits.memory_bytes)?;
    rlimit::setrlimit(Resource::FSIZE, 0, 0)?;
    rlimit::setrlimit(Resource::CORE, 0, 0)?;
    rlimit::setrlimit(Resource::NOFILE, 16, 16)
}

fn deny_files(rights: Rights<'_>) -> bool {
    let abi = ABI::V6;
    let created = Ruleset::default()
        .handle_access(AccessFs::from_all(abi))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(abi)))
        .and_then(|rules| rules.scope(Scope::from_all(abi)))
        .and_then(Ruleset::create);
    let opened = match rights {
        Rights::None => created,
        // Folders that are not there are passed over.
        Rights::OneProgram(program) => {
            created.and_then(|rules| rules.add_rules(path_beneath_rules(readable(program), AccessFs::from_read(abi))))
        }
    };
    let restricted = opened.and_then(landlock::RulesetCreated::restrict_self);
    restricted.is_ok_and(|status| status.ruleset != RulesetStatus::NotEnforced)
}

/// Where programs lie; one that lies elsewhere may read the folder above its own, as `/opt/tesseract`.
fn readable(program: &Path) -> Vec<PathBuf> {
    let own = program.parent().and_then(Path::parent).filter(|folder| folder.components().count() > 2);
    PROGRAM_FOLDERS.iter().map(PathBuf::from).chain(own.map(Path::to_owned)).collect()
}

fn deny_calls(programs_allowed: bool) -> Option<()> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        denied_calls().into_iter().map(|call| (call, Vec::new())).collect();
    if !programs_allowed {
        rules.extend([(libc::SYS_execve, Vec::new()), (libc::SYS_execveat, Vec::new())]);
    }
    rules.insert(libc::SYS_clone, vec![SeccompRule::new(vec![is_no_thread()?]).ok()?]);
    deny(rules, libc::EPERM)?;
    // What this call is asked for lies in memory that no filter sees; without it, threads are made by `clone`.
    deny(BTreeMap::from([(libc::SYS_clone3, Vec::new())]), libc::ENOSYS)
}

/// A call of `clone` that makes another process.
fn is_no_thread() -> Option<SeccompCondition> {
    let thread = u64::try_from(libc::CLONE_THREAD).ok()?;
    SeccompCondition::new(0, SeccompCmpArgLen::Qword, SeccompCmpOp::MaskedEq(thread), 0).ok()
}

fn deny(rules: BTreeMap<i64, Vec<SeccompRule>>, answer: i32) -> Option<()> {
    let architecture = std::env::consts::ARCH.try_into().ok()?;
    let denied = SeccompAction::Errno(u32::try_from(answer).ok()?);
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, denied, architecture).ok()?;
    let program: BpfProgram = filter.try_into().ok()?;
    seccompiler::apply_filter_all_threads(&program).ok()
}

/// Network and other processes; threads stay allowed.
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
