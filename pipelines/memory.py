"""What the local runner frees goes back to the system."""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress

# Allocations above this many bytes get pages of their own, which freeing returns; it is glibc's initial value.
_OWN_PAGES = 128 * 1024
_M_MMAP_THRESHOLD = -3  # malloc.h


def return_freed_memory() -> None:
    """Keeps glibc from raising its limit for pages of their own; does nothing with another C library.

    The local runner holds each step's data in a few large blocks. After the first one is freed, glibc would take the next ones from its heap,
    where every hole stays with the process: a run's peak is then that of all its steps together. Worker processes inherit the setting.
    """
    os.environ["MALLOC_MMAP_THRESHOLD_"] = str(_OWN_PAGES)
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _OWN_PAGES)
