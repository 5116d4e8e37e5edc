"""A folder in memory for what tests write: thousands of databases come and go, and a slow disk would set the pace."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

ENOUGH_BYTES = 2 * 1024**3
"""A whole run has a quarter of it."""


def quick_folder() -> Path | None:
    """Where there is enough memory for files; None where there is not, as in small containers."""
    memory = Path("/dev/shm")
    is_usable = memory.is_dir() and os.access(memory, os.W_OK)
    return memory if is_usable and shutil.disk_usage(memory).free >= ENOUGH_BYTES else None
