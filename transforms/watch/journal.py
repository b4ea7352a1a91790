"""What each tick of the clock took, and which ticks are published: small files that outlive workers, jobs and engines."""

from __future__ import annotations

import json
import os
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from transforms.read.store import filesystem, retry

_READS_AT_ONCE = 16


class Journal:
    """A directory, local or any fsspec URL, with `<tick>.json` (the files that a tick took) and `<tick>.done` (its run is published)."""

    def __init__(self, directory: str) -> None:
        self._fs, self._path = filesystem(directory)

    def claims(self) -> dict[int, list[str]]:
        """The files of each tick that took some."""
        ticks = self._ticks(".json")
        with ThreadPoolExecutor(_READS_AT_ONCE) as pool:
            return dict(zip(ticks, pool.map(self._read, ticks), strict=True))

    def open_since(self) -> int | None:
        """The earliest tick that took files and is not published; None when there is none."""
        return min(set(self._ticks(".json")) - set(self._ticks(".done")), default=None)

    def claim(self, tick: int, files: list[str]) -> list[str]:
        """Writes down that `tick` takes `files`; gives what then stands there: of two that claim the same tick, the first wins."""
        try:
            _create(self._fs, f"{self._path}/{tick}.json", json.dumps(files, ensure_ascii=False).encode())
        except FileExistsError:
            return self._read(tick)
        return files

    def finish(self, tick: int) -> None:
        """Marks the run of `tick` as published: it is never made again, even when somebody moves the run away."""
        self._fs.pipe_file(f"{self._path}/{tick}.done", b"")

    def forget(self, tick: int) -> None:
        """Drops all that is known of `tick`."""
        for suffix in (".json", ".done"):
            if self._fs.exists(f"{self._path}/{tick}{suffix}"):
                self._fs.rm_file(f"{self._path}/{tick}{suffix}")

    def _read(self, tick: int) -> list[str]:
        return list(json.loads(retry(lambda: self._fs.cat_file(f"{self._path}/{tick}.json"))))

    def _ticks(self, suffix: str) -> list[int]:
        self._fs.invalidate_cache()
        try:
            names = retry(lambda: self._fs.ls(self._path, detail=False))
        except FileNotFoundError:
            return []
        return sorted(int(name.rpartition("/")[2].removesuffix(suffix)) for name in names if name.endswith(suffix))


def _create(fs: Any, path: str, data: bytes) -> None:
    """Writes a new file whole or not at all. Raises FileExistsError when there is one."""
    if "file" not in fs.protocol:
        fs.pipe_file(path, data, mode="create")
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    part = f"{path}.{uuid.uuid4().hex}"
    try:
        with open(part, "xb") as file:
            file.write(data)
        os.link(part, path)
    finally:
        os.unlink(part)
