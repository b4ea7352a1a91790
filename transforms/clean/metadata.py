"""What the lines around a text say about it: who wrote it and when, which agency supplied it, and its topics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import regex

from transforms.clean.blocks import PageMeta
from transforms.clean.dates import Found, complete_date, find_dates
from transforms.clean.lines import Line
from transforms.clean.phrases import Phrases
from transforms.normalise import fold, words

MAX_NAME_WORDS = 5
MAX_META_CHARS = 160  # a longer line is text, whatever it starts with
NO_NAME = regex.compile(r"^\p{Lu}.*(?:\b\p{Ll}{4,}\b.*){2}|^\p{Lu}+$")  # "Initial public offerings"; the degrees in "A. Name, MS, RDN"
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
        dates = list(find_dates(line.folded))
        _take_dates(meta, line.folded, dates, lines[i - 1].folded if i and len(lines[i - 1].words) <= 4 else "", table)
        if not dates and line.shape == "D":
            undated.append(line.folded)
        if line.agency:
            meta.agency = meta.agency or line.agency
        elif not meta.byline:
            meta.byline = _byline(lines, i, bool(dates), table)
    for folded in undated:
        meta.published_at = meta.published_at or complete_date(folded, reference)
    return meta


def _take_dates(meta: PageMeta, folded: str, dates: Iterable[Found], before: str, table: Phrases) -> None:
    last = 0
    for found in dates:
        label = folded[last : found.start] or before
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
        return () if line.folded.rstrip(":") in table.editors else people(lines[i + 1].text, table)
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
        if NO_NAME.search(name) or any(t in table.organisations or t in table.function_words or t in table.months for t in tokens):
            break
        names.append(name)
    return tuple(names)


_SIGN_OFF = regex.compile(r"\s*[(\[]([^()\[\]]{2,60})[)\]]\s*$")


def sign_off(text: str, table: Phrases) -> tuple[str, str | None, str]:
    """Splits "… (agency)" at the end of a paragraph: the text, the agency, what was cut."""
    match = _SIGN_OFF.search(text[-70:])
    agency = table.agency_of(words(match[1])) if match else None
    if not match or not agency:
        return text, None, ""
    cut = len(text) - len(text[-70:]) + match.start()
    return text[:cut], agency, text[cut:].strip()


_GLUE = regex.compile(r"(?<=[\p{Ll}\p{M}])(?=\p{Lu})")
_TAG_BREAK = regex.compile(r"\s*[,|;#•·]\s*|\s{2,}")
_MAX_TAGS = 20
_MAX_TAG_CHARS = 60
_MIN_GLUED_CHARS = 6


def split_tags(text: str, article: str) -> tuple[str, ...]:
    """The topics of a tag line. Topics that are glued together, with no mark between any, are parted where both sides are words of the article's text."""
    result: list[str] = []
    vocabulary: frozenset[str] | None = None
    parts = _TAG_BREAK.split(text)
    for part in parts:
        tag: list[str] = []
        for token in part.split():
            if len(parts) > 1 or len(token) < _MIN_GLUED_CHARS or token in article:
                tag.append(token)
                continue
            if vocabulary is None:
                vocabulary = frozenset({word.strip(".,।:;!?'\"“”‘’()[]") for word in set(article.split())})
            pieces = _unglue(token, vocabulary)
            for piece in pieces[:-1]:
                result.append(" ".join([*tag, piece]))
                tag = []
            tag.append(pieces[-1])
        result.append(" ".join(tag))
    cleaned = dict.fromkeys(t for tag in result if 1 < len(t := _TAIL.sub("", _LEAD.sub("", tag))) <= _MAX_TAG_CHARS)
    return tuple(cleaned)[:_MAX_TAGS]


def _unglue(token: str, vocabulary: frozenset[str]) -> list[str]:
    """Cuts one token into the fewest words of the vocabulary; a token that cannot be cut so stays whole."""
    if len(token) > _MAX_TAG_CHARS:
        return [token]
    if len(parts := _GLUE.split(token)) > 1:
        return [str(part) for part in parts]
    best: list[list[str] | None] = [[]] + [None] * len(token)
    for start in range(len(token)):
        before = best[start]
        if before is None:
            continue
        for end in range(start + 1, len(token) + 1):
            known = best[end]
            if token[start:end] in vocabulary and (known is None or len(before) + 1 < len(known)):
                best[end] = [*before, token[start:end]]
    return best[-1] or [token]
