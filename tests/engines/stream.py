"""`khabar watch` in a process of its own, and the runs that it makes of what comes in."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fsspec

from engines.services import ENVIRONMENT, ROOT, stop, wait_until

Page = tuple[str, str]


def json_row(page: Page) -> str:
    """A page as a row."""
    key, text = page
    return json.dumps({"id": key, "text": text})


class Stream:
    """An input that goes on, and the runs that `khabar watch` makes of it.

    Args:
        input: what is watched.
        output: where the runs go.
        log: a local file for what the command prints.
        options: of the command, beside these.
        fs: the file system of the output.
        environment: of the command.
    """

    def __init__(
        self, input: str, output: str, log: Path, options: Sequence[object], fs: Any = None, environment: Mapping[str, str] | None = None
    ) -> None:
        self.input, self.output, self.log = input, output, log
        self.options = [*options, "--every", "2", "--dedup", "exact"]
        self.fs = fs or fsspec.filesystem("file")
        self.environment = dict(environment or {})

    @contextmanager
    def watch(self) -> Iterator[subprocess.Popen[bytes]]:
        """The command, running."""
        words = [sys.executable, "-m", "pipelines", "watch", "--input", self.input, "--output", self.output, *self.options]
        environment = ENVIRONMENT | self.environment
        with open(self.log, "ab") as log:
            process = subprocess.Popen(list(map(str, words)), stdout=log, stderr=log, env=environment, cwd=ROOT, start_new_session=True)
        try:
            yield process
        finally:
            stop(process)

    def drop(self, name: str, pages: Sequence[Page]) -> None:
        """Puts a file where the crawler puts it, or another one in its place."""
        rows = "".join(json_row(page) + "\n" for page in pages).encode()
        if "://" in self.input:
            self.fs.pipe_file(f"{self.input}/{name}", rows)
            return
        Path(self.input, f".{name}").write_bytes(rows)
        Path(self.input, f".{name}").rename(Path(self.input, name))

    def runs(self) -> dict[str, list[str]]:
        """What a reader takes: the files of each run that has a manifest. One listing: by directories, a store fails when one is deleted meanwhile."""
        found = defaultdict(list)
        for name in self.fs.find(self.output):
            found[name.rpartition("/")[0]].append(name)
        return {run: names for run, names in sorted(found.items()) if f"{run}/manifest.json" in names}

    def rows(self, table: str) -> list[dict[str, Any]]:
        """All rows of one table of all runs."""
        names = [name for run, files in self.runs().items() for name in files if name.startswith(f"{run}/{table}-")]
        return [json.loads(line) for name in names for line in self.fs.cat_file(name).splitlines()]

    def kept(self) -> list[str]:
        """The ids of all pages that are articles now."""
        return sorted(row["source_id"] for row in self.rows("articles"))

    def await_pages(self, pages: Sequence[Page], seconds: float = 60) -> None:
        """Waits until every one of the pages is an article."""
        wanted = {key for key, _ in pages}
        try:
            wait_until(lambda: wanted <= set(self.kept()), seconds, f"{len(wanted)} pages")
        except TimeoutError:
            raise AssertionError(f"{len(wanted - set(self.kept()))} pages are not there\n{self.log.read_text()[-3000:]}") from None

    def taken(self) -> dict[str, str]:
        """What some window has taken, and how far."""
        try:
            taken: dict[str, str] = json.loads(self.fs.cat_file(f"{self.output}/.watch/state.json"))["taken"]
        except FileNotFoundError:
            return {}
        return taken

    def assert_whole(self, pages: Sequence[Page]) -> None:
        """No page is lost or doubled, no run is half, and of each run the sums hold."""
        assert self.kept() == sorted(key for key, _ in pages)
        assert list(self.runs()) == sorted(self.fs.glob(f"{self.output}/run=*"))
        for run in self.runs():
            manifest = json.loads(self.fs.cat_file(f"{run}/manifest.json"))
            found = {name.rpartition("/")[2] for name in self.fs.find(run)}
            assert found == {*(f["name"] for f in manifest["files"]), "manifest.json"}
            assert manifest["documents_read"] == manifest["articles"] + manifest["duplicates_folded"] + manifest["rejects"]


def ended(process: subprocess.Popen[bytes], stream: Stream, number: int, seconds: float = 60) -> None:
    """Tells the command to end by a signal, and waits until it has done so in order."""
    process.send_signal(number)
    assert process.wait(seconds) == 0, stream.log.read_text()
