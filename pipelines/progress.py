"""One line on the terminal while a local run works: documents done, rate, rejects.

Beam's local runner reports metrics only when a stage has ended, so each worker process writes its counts to a small file twice a second.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import apache_beam as beam

_EVERY_SECONDS = 0.5


class Beacon(beam.PTransform):
    """Counts elements into `directory`, one file for each worker process and `name`; gives nothing on."""

    def __init__(self, directory: str, name: str) -> None:
        self.directory, self.name = directory, name

    def expand(self, elements: beam.PCollection) -> beam.PCollection:
        return elements | beam.ParDo(_Count(self.directory, self.name))


class _Count(beam.DoFn):
    def __init__(self, directory: str, name: str) -> None:
        self.directory, self.name = directory, name

    def setup(self) -> None:
        self.path = Path(self.directory) / f"{self.name}-{os.getpid()}-{threading.get_ident()}-{id(self)}"
        self.count, self.written = 0, 0.0

    def process(self, _: Any) -> Iterator[None]:
        self.count += 1
        now = time.monotonic()
        if now - self.written > _EVERY_SECONDS:
            self.written = now
            self.path.write_text(str(self.count))
        return iter(())

    def finish_bundle(self) -> None:
        self.path.write_text(str(self.count))


class ProgressLine:
    """Context manager that shows the line on standard error; `directory` is None, and nothing is shown, where there is no terminal."""

    def __init__(self, enabled: bool) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="khabar-progress-") if enabled and sys.stderr.isatty() else None
        self.directory = self._temporary.name if self._temporary else None
        self._stop = threading.Event()

    def __enter__(self) -> ProgressLine:
        if self.directory:
            self._thread = threading.Thread(target=self._show, daemon=True)
            self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._temporary:
            self._stop.set()
            self._thread.join()
            print("\r\033[K", end="", file=sys.stderr)
            self._temporary.cleanup()

    def _show(self) -> None:
        begun = time.monotonic()
        while not self._stop.wait(_EVERY_SECONDS):
            documents, rejects = self._sum("documents"), self._sum("rejects")
            rate = documents / (time.monotonic() - begun)
            print(f"\r\033[K{documents:,} documents, {rate:,.0f}/s, {rejects:,} rejects", end="", file=sys.stderr, flush=True)

    def _sum(self, name: str) -> int:
        return sum(int(p.read_text() or 0) for p in Path(self.directory or "").glob(f"{name}-*"))
