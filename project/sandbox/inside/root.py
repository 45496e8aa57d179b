"""The root directory of the sandbox: the interpreter's files, read-only, and four devices; nothing else of the host."""

import os
import pwd
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from . import system
from .system import MS_BIND, MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_PRIVATE, MS_RDONLY, MS_REC, MS_REMOUNT

DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
# The Landlock rule is on the parent: one on the scratch itself would keep it mounted after the process has ended.
SCRATCH_PARENT = "/box"
SCRATCH = "/box/scratch"
# The files of a native program. Here, too, rules are on the parent.
PROGRAM_PARENT = "/program"
PROGRAM = "/program/files"
OWN_PROC = f"{PROGRAM}/.proc"  # in place of /proc
PROGRAM_BYTES = 128 * 2**20
PROGRAM_INODES = 4096
ACCOUNTS = "learner:x:1000:1000:learner:/tmp:/bin/false\n"
# The new root is built here, in a directory that every Linux has. It is visible only in this mount namespace.
PLACE = "/tmp"
NEW_ROOT = f"{PLACE}/root"


class HostFiles(NamedTuple):
    """What a sandbox has of the host, read-only and at the same paths.

    `overlays` has other directories for some of the readable ones, whose files cover those of the host.
    """

    readable: Sequence[str]
    hidden: Sequence[str]
    overlays: Mapping[str, str]
    executable: bool  # whether the programs among them may be executed


def namespaces(files: HostFiles, user: str) -> int:
    """Move this process into namespaces of its own; return a descriptor of the host's /proc, for writing id maps.

    As real root, files are bind-mounted while they are readable (an interpreter may be in a private home directory),
    and root is dropped before the user namespace is created: in it, this process is root only over its own namespaces.
    """
    built = _may_mount()
    if built:
        _build(files)
    drop_root(user)
    uid, gid = os.getuid(), os.getgid()
    system.prctl(system.PR_SET_DUMPABLE, 1)  # otherwise the files in /proc/self belong to root
    system.unshare(
        system.CLONE_NEWUSER
        | system.CLONE_NEWNS
        | system.CLONE_NEWNET
        | system.CLONE_NEWIPC
        | system.CLONE_NEWUTS
        | system.CLONE_NEWCGROUP
    )
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {gid} 1")):
        _write(f"/proc/self/{name}", text)
    if not built:
        _build(files)
    # Podman's default profile forbids this call. Then the container's name stays; the namespace is new in any case.
    system.libc.sethostname(b"sandbox", 7)
    proc = os.open("/proc", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    # Mounts from another user namespace are locked; a new bind mount of this one can become the root.
    system.mount(NEW_ROOT, NEW_ROOT, None, MS_BIND | MS_REC)
    os.chdir(NEW_ROOT)
    system.pivot_here()
    system.mount(None, "/", None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)
    return proc


def _may_mount() -> bool:
    """Whether this is root with the right to mount, which a container's root lacks; if so, unshare the namespace."""
    if os.geteuid() != 0:
        return False
    try:
        system.unshare(system.CLONE_NEWNS)
    except PermissionError:
        return False
    return True


def drop_root(user: str) -> None:
    """Become an ordinary user, irrevocably, if this is root."""
    if os.geteuid() != 0:
        return
    account = pwd.getpwnam(user)
    os.setgroups([])
    os.setresgid(account.pw_gid, account.pw_gid, account.pw_gid)
    os.setresuid(account.pw_uid, account.pw_uid, account.pw_uid)
    if os.getresuid() != (account.pw_uid,) * 3:
        raise PermissionError("root could not be given up")


def mount_scratch(size: int, inodes: int) -> None:
    """Mount a small file system for one process, as its working directory and /tmp."""
    flags = MS_NOSUID | MS_NODEV | MS_NOEXEC
    system.mount("scratch", SCRATCH, "tmpfs", flags, f"size={size},nr_inodes={inodes},mode=0700")
    os.chdir(SCRATCH)


def mount_program() -> None:
    """Mount a small file system for the files of a native program, which can be executed."""
    system.mount(
        "program",
        PROGRAM,
        "tmpfs",
        MS_NOSUID | MS_NODEV,
        f"size={PROGRAM_BYTES},nr_inodes={PROGRAM_INODES},mode=0700",
    )


def _build(files: HostFiles) -> None:
    system.mount(None, "/", None, MS_REC | MS_PRIVATE)  # mounts do not propagate to the host
    # The sources are opened before /tmp is covered: an interpreter may be there.
    links = {path: os.readlink(path) for path in files.readable if os.path.islink(path)}
    opened = [path for path in files.readable if path not in links]
    sources = {path: _open_layers(path, files.overlays) for path in (*opened, *DEVICES)}
    _tmpfs(PLACE)
    os.mkdir(NEW_ROOT, 0o755)
    _tmpfs(NEW_ROOT)
    for path, layers in sources.items():
        _mount_layers(layers, path, executable=files.executable and path not in DEVICES)
        for layer in layers:
            os.close(layer)
    for path, target in links.items():
        os.makedirs(NEW_ROOT + os.path.dirname(path), 0o755, exist_ok=True)
        os.symlink(target, NEW_ROOT + path)
    for path in files.hidden:
        _tmpfs(NEW_ROOT + path, readonly=True)
    os.makedirs(NEW_ROOT + SCRATCH, 0o755)
    os.makedirs(NEW_ROOT + PROGRAM, 0o755)
    os.makedirs(f"{NEW_ROOT}/etc", 0o755, exist_ok=True)
    if not os.path.lexists(f"{NEW_ROOT}/tmp"):  # it exists if something readable is in the host's /tmp
        os.symlink(SCRATCH.lstrip("/"), f"{NEW_ROOT}/tmp")
    _write(f"{NEW_ROOT}/etc/passwd", ACCOUNTS)
    if files.executable:  # there is no file until a process makes it there
        os.symlink(OWN_PROC.lstrip("/"), f"{NEW_ROOT}/proc")


def _open_layers(path: str, overlays: Mapping[str, str]) -> list[int]:
    """Open what a path consists of, the topmost first."""
    places = [place for place in (overlays.get(path), path) if place and os.path.exists(place)]
    return [os.open(place, os.O_PATH | os.O_CLOEXEC) for place in places or [path]]


def _mount_layers(layers: Sequence[int], path: str, *, executable: bool) -> None:
    """Mount a file or directory read-only at its own path; of several directories, the files of all."""
    target = NEW_ROOT + path
    names = [f"/proc/self/fd/{layer}" for layer in layers]
    if os.path.isdir(names[0]):
        os.makedirs(target, 0o755, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), 0o755, exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    flags = MS_RDONLY | MS_NOSUID | (0 if executable else MS_NOEXEC) | (0 if path in DEVICES else MS_NODEV)
    if len(names) > 1 and os.path.isdir(names[0]):
        system.mount("overlay", target, "overlay", flags, f"lowerdir={':'.join(names)}")
        return
    system.mount(names[0], target, None, MS_BIND)
    system.mount(None, target, None, MS_REMOUNT | MS_BIND | flags)


def _tmpfs(path: str, *, readonly: bool = False) -> None:
    flags = MS_NOSUID | MS_NODEV | (MS_RDONLY if readonly else 0)
    system.mount("sandbox", path, "tmpfs", flags, "size=1m,nr_inodes=1024,mode=0755")


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
