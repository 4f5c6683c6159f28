"""Which installation this is: an id beside the data that its topics and groups carry."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from services.chassis import ids

if TYPE_CHECKING:
    from pathlib import Path


def installation_id(data: Path) -> str:
    """Return the id of the installation whose data lie here; made at the first call."""
    path = _file(data)
    data.mkdir(parents=True, exist_ok=True)
    draft = data / f".installation.{os.getpid()}"
    if not path.exists():
        draft.write_text(str(ids.random_ref()))
        try:
            # A link fails where the file exists: of two processes one wins, and both read the same.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def keep_private() -> None:
    """Let no other user of this machine read what this process writes, and those it starts."""
    os.umask(0o077)


def is_installed(data: Path) -> bool:
    """Whether an installation's data lie here."""
    return _file(data).is_file()


def _file(data: Path) -> Path:
    return data / "installation"
