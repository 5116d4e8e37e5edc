"""The page's own files: styles, scripts, and those of others under vendor, whose digests are kept beside them."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

from fastapi import Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"


class PageFiles(StaticFiles):
    """Files that browsers may keep as long as their address (with the version) is asked for."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """A file, or word that the browser's own is current."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        is_versioned = scope.get("query_string", b"").startswith(b"v=")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_versioned else "no-cache"
        return response


@cache
def version_of(name: str) -> str:
    """Changes when the file does; the programme reads it once."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
