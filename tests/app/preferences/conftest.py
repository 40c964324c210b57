from tests.app.basics.disks import read_only, tiny_disk

__all__ = ["read_only", "tiny_disk"]
