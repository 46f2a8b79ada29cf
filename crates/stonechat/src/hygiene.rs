//! What the process does so that what is said in instant rooms stays in its memory, and nobody else reads that.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Whether memory can be written to a disk behind our back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Memory {
    /// It stays where it is.
    Stays,
    /// The system may swap it out; or it cannot be found out whether it may.
    MayBeSwapped,
}

/// No core file, whatever happens; and none but root may trace this process or read its memory.
pub(crate) fn keep_memory_private() -> io::Result<()> {
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    Ok(())
}

/// The memory that a process may have that looks into a picture, in bytes, its own program included.
const PICTURE_MEMORY_BYTES: u64 = 256 * 1024 * 1024;
/// The time of the processor that it may take, in seconds.
const PICTURE_SECONDS: u64 = 10;
/// The files that it may have open.
const PICTURE_FILES: u64 = 16;

/// Leaves this process little: some memory, some time, no new file, and the last turn at the processor.
pub(crate) fn confine() -> io::Result<()> {
    keep_memory_private()?;
    let limits = [
        (Resource::As, PICTURE_MEMORY_BYTES),
        (Resource::Cpu, PICTURE_SECONDS),
        (Resource::Fsize, 0),
        (Resource::Nofile, PICTURE_FILES),
    ];
    for (resource, most) in limits {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    // People talk meanwhile.
    let _ = rustix::process::nice(10);
    Ok(())
}

/// Every connection is a file, and the customary limit is one for programs that have few. Where it cannot be raised, it stays.
pub(crate) fn open_many_files() {
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
}

/// Finds out what happens to memory on this machine.
pub(crate) fn memory() -> Memory {
    let swaps = fs::read_to_string("/proc/swaps").ok();
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    judge(swaps.as_deref(), may_group_swap(&groups, |path| fs::read_to_string(path).ok()))
}

fn judge(swaps: Option<&str>, group_may_swap: bool) -> Memory {
    // The first line is a heading.
    let swaps_anywhere = swaps.is_none_or(|swaps| swaps.lines().skip(1).any(|line| !line.trim().is_empty()));
    if swaps_anywhere && group_may_swap { Memory::MayBeSwapped } else { Memory::Stays }
}

/// Whether this process's control group, and those that it is in, may swap: `MemorySwapMax=0` in a unit says that it may not.
fn may_group_swap(groups: &str, read: impl Fn(&Path) -> Option<String>) -> bool {
    let Some(group) = groups.lines().find_map(|line| line.strip_prefix("0::/")) else { return true };
    let root = Path::new("/sys/fs/cgroup");
    let own: PathBuf = root.join(group);
    let mut all = own.ancestors().take_while(|folder| folder.starts_with(root));
    !all.any(|folder| read(&folder.join("memory.swap.max")).is_some_and(|max| max.trim() == "0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swap_is_noticed() {
        let none = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
        let some = format!("{none}/dev/sda2                               partition\t8388604\t\t0\t\t-2\n");
        assert_eq!(judge(Some(none), true), Memory::Stays);
        assert_eq!(judge(Some(&some), true), Memory::MayBeSwapped);
        assert_eq!(judge(Some(&some), false), Memory::Stays);
        assert_eq!(judge(None, true), Memory::MayBeSwapped, "what cannot be found out is refused");
    }

    #[test]
    fn a_unit_that_may_not_swap_does_not() {
        let group = "0::/system.slice/stonechat.service\n";
        let limit = |folder: &'static str, max: &'static str| {
            move |path: &Path| (path == Path::new(folder).join("memory.swap.max")).then(|| max.to_owned())
        };
        assert!(may_group_swap(group, |_| None));
        assert!(!may_group_swap(group, limit("/sys/fs/cgroup/system.slice/stonechat.service", "0\n")));
        assert!(!may_group_swap(group, limit("/sys/fs/cgroup/system.slice", "0\n")));
        assert!(may_group_swap(group, limit("/sys/fs/cgroup/system.slice", "max\n")));
        assert!(!may_group_swap("0::/\n", limit("/sys/fs/cgroup", "0\n")));
        assert!(may_group_swap("1:name=systemd:/\n", limit("/sys/fs/cgroup", "0\n")));
    }
}
