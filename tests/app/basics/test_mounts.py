from __future__ import annotations

from pathlib import Path

from app.basics.mounts import from_mounts, linux_mounts, mac_mounts, network_file_system

MOUNTINFO = """\
22 28 0:21 / /proc rw,nosuid - proc proc rw
28 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 28 0:35 / /home rw,relatime shared:20 master:1 - nfs4 server:/home rw,vers=4.2
41 40 0:36 / /home/ana/local rw - ext4 /dev/vdb rw
42 28 0:37 / /media/my\\040pictures\\303\\244 rw - cifs //nas/pictures rw
43 28 0:38 / /mnt/cloud rw - fuse.sshfs me@host: rw
broken line
"""
MAC = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
//ana@nas._smb._tcp.local/pictures on /Volumes/my pictures (1) (smbfs, nodev, nosuid, mounted by ana)
"""


def kind(path: str, text: str = MOUNTINFO) -> str:
    return from_mounts(Path(path), linux_mounts(text))


def test_the_nearest_mount_decides() -> None:
    assert kind("/home/bo/.local/share/tagloom") == "nfs4"
    assert kind("/home/ana/local/tagloom") == ""
    assert kind("/homework") == ""
    assert kind("/mnt/cloud/x") == "fuse.sshfs"
    assert kind("/") == ""


def test_names_with_blanks_and_other_letters() -> None:
    assert kind("/media/my picturesä/x") == "cifs"


def test_what_is_mounted_over_wins() -> None:
    assert kind("/home/x", MOUNTINFO + "50 28 0:40 / /home rw - tmpfs tmpfs rw\n") == ""


def test_mac() -> None:
    mounts = mac_mounts(MAC)
    assert from_mounts(Path("/Volumes/my pictures (1)/tagloom"), mounts) == "smbfs"
    assert from_mounts(Path("/Users/ana"), mounts) == ""


def test_this_machine(tmp_path: Path) -> None:
    assert network_file_system(tmp_path / "not" / "made" / "yet") == ""
    assert not (tmp_path / "not").exists()
