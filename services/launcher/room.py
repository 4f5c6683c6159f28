"""Whether there is room on the disk: a full one is named in the same words wherever it shows."""

import errno
import os
from pathlib import Path
from typing import Final

FULL_BELOW: Final = 1_000_000
"""Bytes; a database and its journal need more to take in anything at all."""

NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})

GOES_ON: Final = "make room; nothing is lost, and it goes on by itself when there is"

_WRITTEN_TO: Final = ("", "run", "logs", "messages", "kafka", "kafka/records")
"""Any of them may lie on a disk of its own."""


def full_disk(data: Path) -> str | None:
    """Name the first folder of an installation whose disk is full, and what is free there."""
    folders = {nearest_folder(data / name): None for name in _WRITTEN_TO}
    full = (folder for folder in folders if _free(folder) < FULL_BELOW)
    return next(map(as_full, full), None)


def nearest_folder(path: Path) -> Path:
    """Return this folder, or the one it would be made in."""
    path = path.absolute()
    return next(folder for folder in (path, *path.parents) if folder.is_dir())


def as_full(folder: Path) -> str:
    """Say that the disk of this folder is full, and how much is free on it."""
    return f"the disk of {folder.resolve()} is full ({_free(folder) / 1_000_000:.1f} MB free)"


def _free(folder: Path) -> int:
    """Count the bytes that this user can still write: some are kept for root."""
    disk = os.statvfs(folder)
    return disk.f_frsize * (disk.f_bfree if os.geteuid() == 0 else disk.f_bavail)
