"""Which files are new at a tick of the clock.

An engine that lost a worker, or was stopped and started, repeats ticks. The journal makes that harmless: a file belongs to one
tick for ever, the tick to one run directory, and a run directory is published once.
"""

from __future__ import annotations

from collections.abc import Sequence

from transforms.read.listing import list_inputs
from transforms.read.store import filesystem, retry
from transforms.watch.journal import Journal

SETTLE_SECONDS = 5  # a file that was written to within this time may still grow


class Follower:
    """Takes the new files of `inputs`, tick by tick.

    Args:
        inputs: as for `list_inputs`.
        journal: where it is written down which tick took which files.
        every: seconds between ticks.
        forget: seconds for which a taken file is remembered. A file last written longer ago than this is never taken, so that nothing is
            taken twice, and memory and journal stay bounded by the files of this time.
    """

    def __init__(self, inputs: Sequence[str], journal: Journal, every: int, forget: int) -> None:
        self._inputs, self._journal, self._every, self._forget_after = list(inputs), journal, every, forget
        self._claims = journal.claims()
        self._taken = {uri for uris in self._claims.values() for uri in uris}
        self.too_old: set[str] = set()

    def take(self, tick: int, now: float) -> list[str]:
        """The files that belong to `tick` (seconds since 1970), in a fixed order; `now` is the present time."""
        if tick not in self._claims:
            if now - tick > 2 * self._every:  # the past is over: a later tick takes what is there
                return []
            self._forget(int(now) - self._forget_after)
            files = self._new_files(now)
            if not files:
                return []
            self._claims[tick] = self._journal.claim(tick, files)
            self._taken.update(self._claims[tick])
        return self._claims[tick]

    def _new_files(self, now: float) -> list[str]:
        for uri in self._inputs:
            filesystem(uri)[0].invalidate_cache()
        found = {file.uri for file in list_inputs(self._inputs) if file.found}
        self.too_old &= found
        new = []
        for uri in sorted(found - self._taken - self.too_old):
            age = now - _modified(uri, now)
            if age > self._forget_after:
                self.too_old.add(uri)
            elif age >= SETTLE_SECONDS:
                new.append(uri)
        return new

    def _forget(self, before: int) -> None:
        for tick in [tick for tick in self._claims if tick < before]:
            self._taken.difference_update(self._claims.pop(tick))
            self._journal.forget(tick)


def _modified(uri: str, now: float) -> float:
    """When the file was last written; `now` for one that is gone again, so that it is not taken."""
    fs, path = filesystem(uri)
    try:
        return float(retry(lambda: fs.modified(path)).timestamp())
    except FileNotFoundError:
        return now
