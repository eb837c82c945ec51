"""Stops a local PostgreSQL after its last user, also when that user was killed outright.

Every `./dev` that uses the server holds a shared lock, which the kernel lets go of when the process
ends, however it ends. The keeper waits for the exclusive one: it gets it when nobody is left.
"""

import sys
from pathlib import Path

from devkit.binaries import Binaries
from devkit.locks import FileLock
from devkit.postgres import Cluster


def main(base: str, name: str, folder: str) -> None:
    cluster = Cluster(
        base=Path(base), name=name, binaries=Binaries(Path(folder), 0, "running"), short_name="unused"
    )
    only = FileLock(cluster.home / "keeper.lock")
    if not only.try_to_take():
        return  # another keeper waits already
    users = FileLock(cluster.home / "users.lock")
    users.take()
    if users.is_still_there():  # else a reset removed this cluster, and what runs now is another
        cluster.stop()
    # In this order: whoever waits for `users` starts a keeper, and that one must find the place free.
    only.let_go()
    users.let_go()


if __name__ == "__main__":
    main(*sys.argv[1:])
