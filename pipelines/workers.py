"""A local run ends when one of its worker processes dies: left alone, Beam's local runner waits for that worker for ever."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psutil


class WorkerLost(RuntimeError):
    """A worker process ended in the middle of the run."""


@contextmanager
def lost_workers_end_the_run(fail: Callable[[Exception], int]) -> Iterator[None]:
    """Ends this process with the exit code that `fail` gives when a worker process of Beam's local runner dies.

    Beam watches each worker process in a thread of its own, which ends with an exception when the process fails; nobody looks at it. Its main
    thread may then wait where no exception reaches it, and the other workers for data that never comes: all are ended at once.
    """

    def ended(failure: threading.ExceptHookArgs) -> None:
        if failure.thread is None or failure.thread.name != "run_worker":
            earlier(failure)
            return
        for worker in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                worker.kill()
        code = fail(WorkerLost(f"{failure.exc_value}; 137 means killed, most often for want of memory"))
        sys.stderr.flush()
        os._exit(code)

    earlier, threading.excepthook = threading.excepthook, ended
    try:
        yield
    finally:
        threading.excepthook = earlier
