"""Whether a folder lies on another machine, where SQLite's write-ahead log cannot work."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

# fmt: off
_NETWORK = frozenset((
    "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "afs", "9p", "ncpfs",
    "ceph", "glusterfs", "lustre", "gpfs", "beegfs", "vboxsf", "prl_fs", "vmhgfs", "fuse.vmhgfs-fuse",
    "fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.rclone", "fuse.s3fs", "fuse.davfs2",
    "fuse.gvfsd-fuse",
))
# fmt: on


def network_file_system(path: Path) -> str:
    """The name of the network file system that `path` is on (`nfs4`), or nothing where it is local.

    Where the system does not tell, it counts as local.
    """
    return _file_system(_existing(path))


def from_mounts(path: Path, mounts: list[tuple[str, str]]) -> str:
    """`mounts` are (folder, file system); the longest folder above `path` decides, the last of equals."""
    best, kind = -1, ""
    for folder, name in mounts:
        if len(folder) >= best and path.is_relative_to(folder):
            best, kind = len(folder), name
    return kind if kind in _NETWORK else ""


def linux_mounts(text: str) -> list[tuple[str, str]]:
    """From the text of `/proc/self/mountinfo` (see proc_pid_mountinfo(5))."""
    mounts = []
    for line in text.splitlines():
        left, found, right = line.partition(" - ")
        fields = left.split(" ")
        if found and len(fields) > 4:
            # Spaces stand as \\040; the bytes were read as latin-1 and are a path in the system's encoding.
            folder = fields[4].encode("latin-1", "replace").decode("unicode_escape")
            mounts.append((os.fsdecode(folder.encode("latin-1", "replace")), right.split(" ")[0]))
    return mounts


def mac_mounts(text: str) -> list[tuple[str, str]]:
    """From the output of `mount`: `//me@host/share on /Volumes/share (smbfs, nodev, …)`."""
    mounts = []
    for line in text.splitlines():
        _, found, rest = line.partition(" on ")
        folder, open_bracket, options = rest.rpartition(" (")
        if found and open_bracket:
            mounts.append((folder, options.rstrip(")").split(",")[0].strip()))
    return mounts


def _existing(path: Path) -> Path:
    known = path.absolute()
    while not known.exists() and known != known.parent:
        known = known.parent
    return known.resolve()


if sys.platform == "win32":

    def _file_system(path: Path) -> str:
        remote = 4  # DRIVE_REMOTE of GetDriveTypeW
        shared = path.drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(path.anchor) == remote
        return "smb" if shared else ""

elif sys.platform == "darwin":

    def _file_system(path: Path) -> str:
        try:
            done = subprocess.run(["/sbin/mount"], capture_output=True, text=True, timeout=2, check=False)
        except (OSError, subprocess.SubprocessError):
            return ""
        return from_mounts(path, mac_mounts(done.stdout))

else:

    def _file_system(path: Path) -> str:
        try:
            text = Path("/proc/self/mountinfo").read_text(encoding="latin-1")
        except OSError:
            return ""
        return from_mounts(path, linux_mounts(text))
