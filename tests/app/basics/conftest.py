from tests.app.basics.disks import read_only, tiny_disk
from tests.support.keeping import own_server, postgres

__all__ = ["own_server", "postgres", "read_only", "tiny_disk"]
