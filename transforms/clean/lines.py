"""What can be seen of a block without knowing what it means: the evidence that the block model weighs.

All features but three (function words, sentence-ending words, phrases) are independent of the language.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.clean.phrases import Hit, Phrases
from transforms.normalise import folded_words

# A paragraph is judged by its beginning and its end; the middle adds cost and no evidence.
HEAD_CHARS = 240
TAIL_CHARS = 40
_CLOSERS = "\"'”’»)]}*›"
_STOPS = ".।?!॥"


@dataclass(slots=True)
class Line:
    """A block, described."""

    text: str
    words: list[str]  # folded; of a long block only those of its beginning
    last_word: str
    hit: Hit | None  # the strongest phrase in it
    shape: str  # one letter: see `_shape`
    function_share: float  # share of the words that only running text is full of
    stop: str  # how it ends: "." sentence, "…" cut off, "," ":" ")" or a letter
    key: str  # equal for repeats of the block


def describe(text: str, folded: str, table: Phrases) -> Line:
    """Looks at the text of one block by itself; `folded` is the same by `normalise.fold`."""
    long = len(text) > HEAD_CHARS + TAIL_CHARS
    tokens = folded_words(folded[:HEAD_CHARS] if long else folded)
    last = (folded_words(folded[-TAIL_CHARS:]) if long else tokens)[-1:]
    last_word = last[0] if last else ""
    stop = _stop(text)
    share = len(list(filter(table.function_words.__contains__, tokens))) / len(tokens) if tokens else 0.0
    hit = None
    if not long:
        hit = table.find_whole(tokens) or table.find_start(tokens, text) or table.find_inside(tokens)
    elif start := table.find_start(tokens, text):
        hit = start
    line = Line(text, tokens, last_word, hit, "", share, stop, " ".join(tokens))
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
    digits = any(w[0].isdigit() for w in tokens)
    return digits and any(w in table.months or w in ("am", "pm", "ist", "gmt", "utc", "est", "edt", "et") for w in tokens)


def _bucket(value: float, edges: Sequence[float]) -> int:
    for i, edge in enumerate(edges):
        if value <= edge:
            return i
    return len(edges)


_LENGTHS = (1, 3, 8, 15, 25, 40, 60, 90, 140, 220, 400)
_COUNTS = (0, 1, 2, 3, 5, 8, 12, 20, 35)
_SHARES = (0.0, 0.08, 0.16, 0.25, 0.35, 0.5)
_DISTANCES = (1, 2, 3, 5, 9, 17, 40)
_PARTS = (0.0, 0.02, 0.1, 0.3, 0.7, 0.9, 0.98, 0.9999)
_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
_WINDOW = 5
_PROSE = "Ssf"


def features(lines: Sequence[Line], table: Phrases) -> list[list[str]]:
    """The features of every line of a page, in the light of its neighbours. Time is linear in the number of lines."""
    n = len(lines)
    counts = Counter(line.key for line in lines)
    prose = [len(line.text) if line.shape == "S" else 0 for line in lines]
    sizes = [len(line.text) for line in lines]
    total, everything = sum(prose), sum(sizes)
    latin_page = sum(len(line.text) for line in lines if line.text.isascii()) > 0.6 * everything
    since, until = _distances(prose), _distances(prose[::-1])[::-1]
    prose_sums, size_sums = _running(prose), _running(sizes)
    size_bucket = _bucket(n, _SIZES)
    shapes = "^^" + "".join(line.shape for line in lines) + "$$"
    runs = _runs(lines)
    prose_count = _bucket(sum(map(bool, prose)), _COUNTS)
    heading, after_heading = "-", 0
    result = []
    for i, line in enumerate(lines):
        text, size, hit = line.text, len(line.words), line.hit
        j = i + 2
        before = prose_sums[i] / total if total else 0.0
        low, high = max(0, i - _WINDOW), min(n, i + _WINDOW + 1)
        density = (prose_sums[high] - prose_sums[low]) / max(1, size_sums[high] - size_sums[low])
        shape = line.shape
        length, share = _bucket(len(text), _LENGTHS), _bucket(line.function_share, _SHARES)
        head = "a" if after_heading > 12 else str(_bucket(after_heading, (1, 2, 4, 8)))
        found = [
            "bias",
            f"len={length}",
            f"n={_bucket(size, _COUNTS)}",
            f"fw={share}",
            f"stop={line.stop}",
            f"stop,len={line.stop}{length}",
            f"fw,len={share},{length}",
            f"shape={shape}",
            f"s-1={shapes[j - 1]}",
            f"s+1={shapes[j + 1]}",
            f"s-2={shapes[j - 2]}",
            f"s+2={shapes[j + 2]}",
            f"s-1,0={shapes[j - 1 : j + 1]}",
            f"s0,1={shapes[j : j + 2]}",
            f"s-1,1={shapes[j - 1 : j + 2]}",
            f"s0,2={shapes[j : j + 3]}",
            f"s-2,0={shapes[j - 2 : j + 1]}",
            f"since={_bucket(since[i], _DISTANCES)}",
            f"until={_bucket(until[i], _DISTANCES)}",
            f"su={_bucket(since[i], _DISTANCES)},{_bucket(until[i], _DISTANCES)},{shape}",
            f"part={_bucket(before, _PARTS)}",
            f"part,shape={_bucket(before, _PARTS)}{shape}",
            f"dens={int(density * 5)}",
            f"dens,shape={int(density * 5)}{shape}",
            f"head={heading}{head}",
            f"head,shape={heading}{head}{shape}",
            f"pos={_bucket(i, _SIZES)}",
            f"end={_bucket(n - 1 - i, _SIZES)}",
            f"size={size_bucket}",
            f"first={_first(text)}",
            f"len,shape={length}{shape}",
            f"run={runs[i]}{shape}",
            f"run,head={runs[i]}{shape}{heading}",
            f"prose,shape={prose_count}{shape}",
        ]
        if hit:
            found += [f"hit={hit.mode}", f"hit={hit.mode}:{hit.kind}", f"hit,len={hit.mode}:{_bucket(size - hit.length, _COUNTS)}"]
        if counts[line.key] > 1:
            found.append(f"repeat={min(counts[line.key], 4)}")
            found.append(f"repeat,shape={shape}")
        if text.isascii() != latin_page and size:
            found.append("script" if latin_page else "latin")
        if line.last_word in table.sentence_ends:
            found.append("verb")
        if size and not any(c.isalpha() for c in text):
            found.append("nonalpha")
        found += [f"has={c}" for c in "@|©#{»›•_=" if c in text]
        if "http" in text or "www." in text:
            found.append("has=url")
        if size > 3 and text.isupper():
            found.append("upper")
        if ". " in text[:-2] or "। " in text[:-2]:
            found.append("two")
        if size >= 4 and not line.function_share and line.stop != ".":
            found.append(f"cover={int(table.coverage(line.words) * 4)}")
        result.append(found)
        if hit and hit.mode in ("heading", "line") and shape == "P" and hit.kind != "date":
            heading, after_heading = (hit.kind if hit.mode == "heading" else "l"), 0
        elif shape == "S":
            heading, after_heading = "S", 0
        else:
            after_heading += 1
    return result


def _first(text: str) -> str:
    c = text[0]
    if c.isdigit():
        return "0"
    if c.isalpha():
        return "A" if c.isupper() else "a" if c.islower() else "x"
    return c if c in "-–•*#\"'“‘(.,;:|" else "o"


def _distances(prose: Sequence[int]) -> list[int]:
    """For every line, how many lines ago the last prose line stood; 99 if there was none."""
    result, last = [], None
    for i, size in enumerate(prose):
        result.append(99 if last is None else i - last)
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
        result += [_bucket(j - i, _COUNTS)] * (j - i)
        i = j
    return result


def _running(values: Sequence[int]) -> list[int]:
    sums = [0]
    for value in values:
        sums.append(sums[-1] + value)
    return sums
