"""What the lines around a text say about it: who wrote it, when and where, which agency supplied it, and its topics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import regex

from transforms.clean.blocks import PageMeta
from transforms.clean.dates import complete_date, find_dates
from transforms.clean.lines import Line
from transforms.clean.phrases import Phrases
from transforms.normalise import fold, words

MAX_NAME_WORDS = 5
MAX_META_CHARS = 160  # a longer line is text, whatever it starts with
_NAME_BREAK = regex.compile(r"\s*[,&;/]\s*")
_NAME_END = regex.compile(r"[|•·@(\[]|\s[-–—]\s|\d|:")
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}\u200c\u200d]*")
_LEAD = regex.compile(r"^[\s\-–—:|•·*.,]+")
_TAIL = regex.compile(r"[\s\-–—:|•·*.,]+$")


def line_meta(lines: Sequence[Line], table: Phrases, reference: str | None) -> PageMeta:
    """Reads byline, times and agency from the lines that stand around an article.

    Args:
        lines: the lines near the title and near the end of the text, in page order, none of them title or text.
        table: the phrases of all languages.
        reference: ISO 8601 time near the publication, to complete a date without a year.
    """
    meta = PageMeta()
    undated: list[str] = []
    for i, line in enumerate(lines):
        if len(line.text) > MAX_META_CHARS:
            continue
        dates = list(find_dates(line.text))
        _take_dates(meta, line.text, dates, lines[i - 1].text if i and len(lines[i - 1].words) <= 4 else "", table)
        if not dates and line.shape == "D":
            undated.append(line.text)
        if agency := agency_of(line.words, table):
            meta.agency = meta.agency or agency
        elif not meta.byline:
            meta.byline = _byline(lines, i, bool(dates), table)
    for text in undated:
        meta.published_at = meta.published_at or complete_date(text, reference)
    return meta


def _take_dates(meta: PageMeta, text: str, dates: Iterable, before: str, table: Phrases) -> None:
    folded, last = fold(text), 0
    for found in dates:
        label = folded[last : found.start] or fold(before)
        last = found.end
        if any(word in label for word in table.modified):
            meta.modified_at = meta.modified_at or found.iso
        else:
            meta.published_at = meta.published_at or found.iso


def _byline(lines: Sequence[Line], i: int, dated: bool, table: Phrases) -> tuple[str, ...]:
    line = lines[i]
    hit = line.hit
    if hit and hit.kind == "byline" and hit.mode == "start":
        label = " ".join(line.words[: hit.length])
        return () if label in table.editors else people(after_words(line.text, hit.length), table)
    if hit and hit.kind == "byline" and i + 1 < len(lines) and not lines[i + 1].hit:
        return () if fold(line.text).rstrip(":") in table.editors else people(lines[i + 1].text, table)
    if not hit and not dated and len(line.words) >= 2 and i + 1 < len(lines) and (lines[i + 1].shape == "D" or _is_byline(lines[i + 1])):
        return people(line.text, table)
    return ()


def _is_byline(line: Line) -> bool:
    return line.hit is not None and line.hit.kind == "byline" and line.hit.mode == "line" and len(line.words) > 1


def after_words(text: str, count: int) -> str:
    """What follows the first `count` words of `text`."""
    for number, match in enumerate(_WORD.finditer(text), 1):
        if number == count:
            return text[match.end() :]
    return text


def people(text: str, table: Phrases) -> tuple[str, ...]:
    """The names of people in the text of a byline; desks, agencies and anything that is not a name are left out."""
    text = _LEAD.sub("", text)
    if end := _NAME_END.search(text):
        text = text[: end.start()]
    names = []
    for part in _NAME_BREAK.split(" ".join("," if fold(word) in table.author_joins else word for word in text.split())):
        name = _TAIL.sub("", part)
        tokens = words(name)
        if not 1 <= len(tokens) <= MAX_NAME_WORDS or " ".join(tokens) in table.agencies:
            break
        if any(t in table.organisations or t in table.function_words or t in table.months for t in tokens):
            break
        names.append(name)
    return tuple(names)


def agency_of(tokens: Sequence[str], table: Phrases) -> str | None:
    """The news agency that the words of a sign-off name; None when they say anything else."""
    if not tokens or len(tokens) > 12:
        return None
    name, i = None, 0
    while i < len(tokens):
        for size in (4, 3, 2, 1):
            known = table.agencies.get(" ".join(tokens[i : i + size]))
            if known:
                name = name if name and known in table.unnamed_agencies else known
                i += size
                break
        else:
            if tokens[i] not in table.agency_filler:
                return None
            i += 1
    return name


_SIGN_OFF = regex.compile(r"\s*[(\[]([^()\[\]]{2,60})[)\]]\s*$")
_DATELINE = regex.compile(r"^([^:।.–—\-\n\d\"“‘']{2,48}?)(?:\s*\(([^()]{2,40})\))?\s*(?:[:।–—]|\.\s|-\s|\s-)")
_MAX_PLACE_WORDS = 4


def sign_off(text: str, table: Phrases) -> tuple[str, str | None, str]:
    """Splits "… (agency)" at the end of a paragraph: the text, the agency, what was cut."""
    match = _SIGN_OFF.search(text[-70:])
    agency = agency_of(words(match[1]), table) if match else None
    if not match or not agency:
        return text, None, ""
    cut = len(text) - len(text[-70:]) + match.start()
    return text[:cut], agency, text[cut:].strip()


def dateline(text: str, table: Phrases) -> tuple[str | None, str | None]:
    """The place, and the agency, that the first paragraph starts with: "Seoul: …", "मुंबई, एएनआई। …", "अहमदाबाद (भाषा): …"."""
    match = _DATELINE.match(text[:120])
    if not match:
        return None, None
    place, _, rest = match[1].partition(",")
    agency = agency_of(words(rest), table) or agency_of(words(match[2] or ""), table)
    tokens = words(place)
    if not 1 <= len(tokens) <= _MAX_PLACE_WORDS or any(t in table.function_words or t in table.sentence_ends for t in tokens):
        return None, agency
    if not place[0].isupper() and place[0].isascii():
        return None, agency
    return place.strip(), agency


_GLUE = regex.compile(r"(?<=[\p{Ll}\p{M}])(?=\p{Lu})")
_TAG_BREAK = regex.compile(r"\s*[,|;#•·]\s*|\s{2,}")
_MAX_TAGS = 20
_MAX_TAG_CHARS = 60


def split_tags(text: str, vocabulary: frozenset[str]) -> tuple[str, ...]:
    """The topics of a tag line. Topics that are glued together are parted where both sides are words of the article."""
    result: list[str] = []
    for part in _TAG_BREAK.split(text):
        tag: list[str] = []
        for token in part.split():
            pieces = _unglue(token, vocabulary)
            for piece in pieces[:-1]:
                result.append(" ".join([*tag, piece]))
                tag = []
            tag.append(pieces[-1])
        result.append(" ".join(tag))
    cleaned = dict.fromkeys(t for tag in result if 1 < len(t := _TAIL.sub("", _LEAD.sub("", tag))) <= _MAX_TAG_CHARS)
    return tuple(cleaned)[:_MAX_TAGS]


def _unglue(token: str, vocabulary: frozenset[str]) -> list[str]:
    """Cuts one token into words of the vocabulary; a token that cannot be cut so stays whole."""
    if token in vocabulary or len(token) > _MAX_TAG_CHARS:
        return [token]
    if len(parts := _GLUE.split(token)) > 1:
        return [str(part) for part in parts]
    best: list[list[str] | None] = [[]] + [None] * len(token)
    for end in range(1, len(token) + 1):
        for start in range(end):
            before = best[start]
            if before is not None and token[start:end] in vocabulary and (best[end] is None or len(before) + 1 < len(best[end] or ())):
                best[end] = [*before, token[start:end]]
    return best[-1] or [token]
