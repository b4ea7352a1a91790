"""Real services for the engine tests: started on loopback, checked, and stopped with everything that they started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
# Workers of an engine must find the packages of this checkout, and its interpreter under the name `python`.
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT), "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


@contextlib.contextmanager
def service(
    command: Sequence[object], log: Path, ready: Callable[[], bool], seconds: float = 60, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs `command` until the block ends; the block begins when `ready()` holds. Output goes to `log`."""
    with open(log, "ab") as out:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            env=ENVIRONMENT | environment,
            start_new_session=True,
        )
    try:
        wait_until(lambda: process.poll() is not None or ready(), seconds, f"{command[0]} to be ready")
        assert process.poll() is None, f"{command[0]} ended at once:\n{log.read_text()[-2000:]}"
        yield process
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ends a process and whatever it has started."""
    group = [process]
    with contextlib.suppress(psutil.NoSuchProcess):
        group += psutil.Process(process.pid).children(recursive=True)
    for number, seconds in ((signal.SIGTERM, 10), (signal.SIGKILL, 5)):
        for member in group:
            with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
                member.send_signal(number)
        deadline = time.monotonic() + seconds
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
    # What ignored the first signal and outlived its parent.
    for member in group[1:]:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Returns when `condition()` holds; raises TimeoutError after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.1)


def listens(port: int) -> bool:
    """Whether somebody accepts connections on this port of loopback."""
    import socket

    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    return False


def workers(parent: psutil.Process) -> list[psutil.Process]:
    """The Beam worker processes below `parent`."""
    found = []
    for process in parent.children(recursive=True):
        try:
            words = process.cmdline()
        except psutil.Error:
            continue
        if "python" in Path(words[0] if words else "").name and any(
            "sdk_worker_main" in word or "SdkHarness" in word for word in words[1:]
        ):
            found.append(process)
    return found


def workers_to_come() -> Callable[[], list[psutil.Process]]:
    """What gives the workers below this process that are not there yet: those there are may belong to engines that tests before have used."""
    others = workers(psutil.Process())
    return lambda: [worker for worker in workers(psutil.Process()) if worker not in others]


def rows(run: Path, table: str) -> list[bytes]:
    """The rows of one table of a run, sorted."""
    return sorted(line for path in run.glob(f"{table}-*.jsonl") for line in path.read_bytes().splitlines())


def khabar(command: str, *arguments: object, seconds: float = 300, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs one khabar command to its end, as a user would."""
    words = [sys.executable, "-m", "pipelines", command, *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, timeout=seconds, env=ENVIRONMENT | environment, cwd=ROOT, check=False)
