"""Serves style sheet, scripts and icon from this origin, named by their content."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import Any

    from starlette.responses import Response

HERE = Path(__file__).parent
OURS = HERE / "assets"
BUILT = HERE / "static"
_PREFIX = "/static"
_FOR_EVER = "public, max-age=31536000, immutable"


@lru_cache(maxsize=64)
def _fingerprint(path: Path, _changed_ns: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def static(name: str) -> str:
    """Return the address of a file; it changes whenever the file does."""
    for folder in (OURS, BUILT):
        path = folder / name
        if path.is_file():
            return f"{_PREFIX}/{name}?v={_fingerprint(path, path.stat().st_mtime_ns)}"
    return f"{_PREFIX}/{name}"


class Assets(StaticFiles):
    """Our own files and the built ones under one address; the built folder may not be there yet."""

    def __init__(self) -> None:
        super().__init__(directory=OURS)
        self.all_directories = [OURS, BUILT]

    async def get_response(self, path: str, scope: MutableMapping[str, Any]) -> Response:
        """Let a browser keep what was asked for by its fingerprint, and check everything else."""
        response = await super().get_response(path, scope)
        named = scope["query_string"].startswith(b"v=")
        response.headers["cache-control"] = _FOR_EVER if named else "no-cache"
        return response
