"""What can be seen of a block without knowing what it means: the evidence that the block model weighs.

All features but three (function words, sentence-ending words, phrases) are independent of the language.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from transforms.clean.phrases import Hit, Phrases
from transforms.normalise import fold, folded_words

# A paragraph is judged by its beginning and its end; the middle adds cost and no evidence.
LONG_CHARS = 280
HEAD_WORDS = 45
_CLOSERS = "\"'”’»)]}*›"
_STOPS = ".।?!॥۔؟。"


@dataclass(slots=True)
class Line:
    """A block, described."""

    text: str
    folded: str  # the text by `normalise.fold`
    all_words: list[str]  # folded
    words: list[str]  # the same; of a long block only those of its beginning
    last_word: str
    hit: Hit | None  # the strongest phrase in it
    shape: str  # one letter: see `_shape`
    function_share: float  # share of the words that only running text is full of
    stop: str  # how it ends: "." sentence, "…" cut off, "," ":" ")" or a letter
    key: str  # equal for repeats of the block
    agency: str | None  # the news agency whose sign-off it is


def describe(text: str, table: Phrases) -> Line:
    """Looks at the text of one block by itself."""
    folded = fold(text)
    all_words = folded_words(folded)
    long = len(text) > LONG_CHARS
    tokens = all_words[:HEAD_WORDS] if long else all_words
    share = sum(map(table.function_words.__contains__, tokens)) / len(tokens) if tokens else 0.0
    if long:
        hit = table.find_start(tokens, text)
    else:
        hit = table.find_whole(tokens) or table.find_start(tokens, text) or table.find_inside(tokens)
    last_word = all_words[-1] if all_words else ""
    line = Line(text, folded, all_words, tokens, last_word, hit, "", share, _stop(text), " ".join(tokens), table.agency_of(tokens))
    line.shape = _shape(line, table)
    return line


def _stop(text: str) -> str:
    end = text.rstrip(_CLOSERS + " ")
    if not end:
        return "c"
    if end.endswith(("...", "…", "..")):
        return "…"
    last = end[-1]
    if last in _STOPS:
        return "."
    if last in ",:;|-–—":
        return last if last in ",:" else ";"
    if last.isdigit():
        return "0"
    return ")" if len(end) < len(text) else "a"


def _shape(line: Line, table: Phrases) -> str:
    """One letter for the kind of line: what its neighbours want to know about it.

    S long sentence, s short sentence, v ends with a verb but without a stop, C cut-off sentence, P whole phrase, p line with a phrase, D date,
    m at most three words, f fragment of a sentence that was cut by a link, h headline or other text without a stop.
    """
    hit, size = line.hit, len(line.words)
    if hit:
        return "P" if hit.mode in ("line", "heading") else "p"
    if line.stop == "…":
        return "C"
    if size <= 12 and _is_date(line.words, table):
        return "D"
    if (size >= 25 and line.function_share >= 0.15) or (size >= 12 and line.stop == "." and line.function_share >= 0.1):
        return "S"
    if size >= 4 and line.stop == ".":
        return "s"
    if size >= 4 and line.last_word in table.sentence_ends:
        return "v"
    first = line.text[0]
    if first.islower() or first in ",.;)’'" or line.stop == ",":
        return "f"
    return "m" if size <= 3 else "h"


def _is_date(tokens: Sequence[str], table: Phrases) -> bool:
    return not (table.months.keys().isdisjoint(tokens) and TIMES.isdisjoint(tokens)) and any(w[0].isdigit() for w in tokens)


TIMES = frozenset(("am", "pm", "ist", "gmt", "utc", "est", "edt", "et"))
_LENGTHS = (1, 3, 8, 15, 25, 40, 60, 90, 140, 220, 400)
_COUNTS = (0, 1, 2, 3, 5, 8, 12, 20, 35)
_SHARES = (0.0, 0.08, 0.16, 0.25, 0.35, 0.5)
_AFTER_HEADING = (1, 2, 4, 8)
_DISTANCES = (1, 2, 3, 5, 9, 17, 40)
_PARTS = (0.0, 0.02, 0.1, 0.3, 0.7, 0.9, 0.98, 0.9999)
_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
_WINDOW = 5
_PROSE = "Ssf"


_SIGNS = "@|©#{»›•_="
_SIGN = re.compile(f"[{re.escape(_SIGNS)}]")

# A group of features that depend on the same few facts: the name of the group, then the facts.
Evidence = tuple[Any, ...]


def features(lines: Sequence[Line], table: Phrases) -> list[list[Evidence]]:
    """The evidence on every line of a page, in the light of its neighbours. Time is linear in the number of lines."""
    n = len(lines)
    counts = Counter(line.key for line in lines)
    prose = [len(line.text) if line.shape == "S" else 0 for line in lines]
    sizes = [len(line.text) for line in lines]
    total, everything = sum(prose) or 1, sum(sizes)
    latin_page = sum(len(line.text) for line in lines if line.text.isascii()) > 0.6 * everything
    since, until = _distances(prose), _distances(prose[::-1])[::-1]
    prose_sums, size_sums = list(accumulate(prose, initial=0)), list(accumulate(sizes, initial=0))
    size_bucket = bisect_left(_SIZES, n)
    shapes = "^^" + "".join(line.shape for line in lines) + "$$"
    runs = _runs(lines)
    prose_count = bisect_left(_COUNTS, n - prose.count(0))
    heading, after_heading = "-", 0
    result: list[list[Evidence]] = []
    for i, line in enumerate(lines):
        hit, shape, size = line.hit, line.shape, len(line.words)
        low, high = max(0, i - _WINDOW), min(n, i + _WINDOW + 1)
        density = int(5 * (prose_sums[high] - prose_sums[low]) / max(1, size_sums[high] - size_sums[low]))
        head = "a" if after_heading > 12 else str(bisect_left(_AFTER_HEADING, after_heading))
        first = _first(line.text)
        found: list[Evidence] = [
            (
                "own",
                bisect_left(_LENGTHS, sizes[i]),
                bisect_left(_COUNTS, size),
                bisect_left(_SHARES, line.function_share),
                line.stop,
                shape,
                first,
            ),
            ("shapes", shapes[i : i + 5]),
            ("prose", since[i], until[i], prose_count, shape),
            ("place", bisect_left(_PARTS, prose_sums[i] / total), density, shape),
            ("section", heading, head, runs[i], shape),
            ("page", bisect_left(_SIZES, i), bisect_left(_SIZES, n - 1 - i), size_bucket),
        ]
        if rare := _rare(line, first, counts[line.key], latin_page, table):
            found.append(("rare", *rare))
        result.append(found)
        if hit and hit.mode in ("heading", "line") and shape == "P" and hit.kind != "date":
            heading, after_heading = (hit.kind if hit.mode == "heading" else "l"), 0
        elif shape == "S":
            heading, after_heading = "S", 0
        else:
            after_heading += 1
    return result


def _rare(line: Line, first: str, count: int, latin_page: bool, table: Phrases) -> list[str]:
    """Features that most lines do not have."""
    text, size, hit, shape = line.text, len(line.words), line.hit, line.shape
    found = []
    if hit:
        found += [f"hit={hit.mode}", f"hit={hit.mode}:{hit.kind}", f"hit,len={hit.mode}:{bisect_left(_COUNTS, size - hit.length)}"]
    if count > 1:
        found += [f"repeat={min(count, 4)}", f"repeat,shape={shape}"]
    if text.isascii() != latin_page and size:
        found.append("script" if latin_page else "latin")
    if line.last_word in table.sentence_ends:
        found.append("verb")
    if size and not text[0].isalpha() and not any(c.isalpha() for c in text):
        found.append("nonalpha")
    if _SIGN.search(text):
        found += [f"has={c}" for c in _SIGNS if c in text]
    if "http" in text or "www." in text:
        found.append("has=url")
    if size > 3 and first not in "xa" and text[:LONG_CHARS].isupper():
        found.append("upper")
    if text.find("। ", 0, -2) >= 0 or text.find(". ", 0, -2) >= 0:
        found.append("two")
    if size >= 4 and not line.function_share and line.stop != ".":
        found.append(f"cover={int(table.coverage(line.words) * 4)}")
    return found


def _own(length: int, size: int, share: int, stop: str, shape: str, first: str) -> list[str]:
    return [
        "bias",
        f"len={length}",
        f"n={size}",
        f"fw={share}",
        f"stop={stop}",
        f"stop,len={stop}{length}",
        f"fw,len={share},{length}",
        f"shape={shape}",
        f"len,shape={length}{shape}",
        f"first={first}",
    ]


def _shapes(around: str) -> list[str]:
    """The shapes of the line, of the two before it and of the two behind it, alone and as runs."""
    single = [f"s{step:+}={around[2 + step]}" for step in (-1, 1, -2, 2)]
    runs = ((-1, 0), (0, 1), (-1, 1), (0, 2), (-2, 0))
    return single + [f"s{start},{end}={around[2 + start : 3 + end]}" for start, end in runs]


_GROUPS: dict[str, Callable[..., list[str]]] = {
    "own": _own,
    "shapes": _shapes,
    "prose": lambda since, until, count, shape: [
        f"since={since}",
        f"until={until}",
        f"su={since},{until},{shape}",
        f"prose,shape={count}{shape}",
    ],
    "place": lambda part, density, shape: [
        f"part={part}",
        f"part,shape={part}{shape}",
        f"dens={density}",
        f"dens,shape={density}{shape}",
    ],
    "section": lambda heading, head, run, shape: [
        f"head={heading}{head}",
        f"head,shape={heading}{head}{shape}",
        f"run={run}{shape}",
        f"run,head={run}{shape}{heading}",
    ],
    "page": lambda start, end, size: [f"pos={start}", f"end={end}", f"size={size}"],
    "rare": lambda *names: list(names),
}


def names(evidence: Evidence) -> list[str]:
    """The names of the features in one group, as the block model has them."""
    return _GROUPS[evidence[0]](*evidence[1:])


def _first(text: str) -> str:
    c = text[0]
    if c.isdigit():
        return "0"
    if c.isalpha():
        return "A" if c.isupper() else "a" if c.islower() else "x"
    return c if c in "-–•*#\"'“‘(.,;:|" else "o"


def _distances(prose: Sequence[int]) -> list[int]:
    """For every line, how many lines ago the last prose line stood (bucketed); 99 if there was none."""
    result, last = [], -99
    for i, size in enumerate(prose):
        result.append(bisect_left(_DISTANCES, i - last))
        if size:
            last = i
    return result


def _runs(lines: Sequence[Line]) -> list[int]:
    """For every line, the length (bucketed) of the run of lines without prose that it stands in: a subhead stands alone, headlines come in lists."""
    result: list[int] = []
    i = 0
    while i < len(lines):
        j = i + 1
        prose = lines[i].shape in _PROSE
        while j < len(lines) and (lines[j].shape in _PROSE) == prose:
            j += 1
        result += [bisect_left(_COUNTS, j - i)] * (j - i)
        i = j
    return result
