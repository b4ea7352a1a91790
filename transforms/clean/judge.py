"""Title, text or noise: what every block of a page is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from transforms.clean.blocks import SURE, Block
from transforms.clean.furniture import MAX_LINE_CHARS, line_key
from transforms.clean.lines import Line, features
from transforms.clean.model import LABELS, Scores, decode, weights
from transforms.clean.phrases import Hit, Phrases
from transforms.clean.title import find_title
from transforms.normalise import words
from transforms.records import RemovedKind

NOISE, TITLE, BODY = range(len(LABELS))
CERTAIN = 12.0  # score that no other evidence outweighs
MAX_CERTAIN_CHARS = 280  # a longer line that starts with a phrase is a paragraph
MAX_DOUBT = 2.0  # how much more a sentence between sentences may look like noise
ISLAND_GAP = 8  # blocks of noise that part an island from the text
ISLAND_SHARE = 0.15  # of the size of the text that an island must have
MIN_MENU_WORDS = 4
MAX_DATE_WORDS = 12  # of a line that tells when the article was published
MENU_SHARE = 0.8  # of the words of a line that are menu entries: a menu glued into one line
_HEADLINES = "hvmCDp"
MARKUP_WEIGHT = 14.0  # of what the markup says about a block against what its text says
# A line that is or starts with a phrase of these kinds is noise for certain; menus, bylines and dates have names that texts use, too.
_CERTAIN_KINDS = frozenset(("ad", "related", "promo", "share", "tag", "footer"))


@dataclass(slots=True)
class Judged:
    """A page, judged."""

    lines: list[Line]
    title: int | None  # index of the headline
    body: list[int]  # indices of the text's blocks, in page order
    kinds: dict[int, RemovedKind] = field(default_factory=dict)  # of every other block

    def removed(self) -> Iterator[tuple[int, RemovedKind]]:
        """The blocks that are not part of the article, with their kinds."""
        return iter(self.kinds.items())


def judge(
    blocks: Sequence[Block], lines: list[Line], table: Phrases, given_title: str | None, furniture: Collection[int], publisher: str
) -> Judged:
    """Decides what every block of a page is.

    Args:
        blocks: the page.
        lines: its blocks, described.
        table: the phrases of all languages.
        given_title: a title that is known from elsewhere.
        furniture: keys of the lines that are furniture of their site, see `find_furniture`.
        publisher: whose page it is.
    """
    title_key = " ".join(words(given_title)) if given_title else None
    recurring = _mark_furniture(lines, furniture, publisher) if furniture else []
    bias = [_bias(block, line, table) for block, line in zip(blocks, lines, strict=True)]
    for i in recurring:
        bias[i] = (CERTAIN, 0.0, 0.0)
    _add_dates(bias, lines)
    _add_lists(bias, lines, blocks)
    labels, scores = decode(features(lines, table), weights(), bias)
    labels = _smooth(blocks, lines, labels, scores) if BODY in labels else _rescue(lines, labels, bias)
    bonus = [8.0 if title_key and line.key and (line.key in title_key and len(line.key) > 0.4 * len(title_key)) else 0.0 for line in lines]
    title = find_title(lines, labels, scores, table, bonus)
    body = _body(lines, labels, title)
    judged = Judged(lines, title, body)
    _name_kinds(judged)
    for i, block in enumerate(blocks):
        if block.kind and i in judged.kinds and not lines[i].hit and judged.kinds[i] != "repeat":
            judged.kinds[i] = block.kind
    return judged


def _bias(block: Block, line: Line, table: Phrases) -> Scores:
    hit = line.hit
    if hit and hit.kind in _CERTAIN_KINDS and hit.mode != "inside" and len(line.text) <= MAX_CERTAIN_CHARS:
        return (CERTAIN, 0.0, 0.0)
    if not hit and len(line.words) >= MIN_MENU_WORDS and line.words[0] in table.whole and table.coverage(line.words) >= MENU_SHARE:
        return (CERTAIN, 0.0, 0.0)
    if hit and hit.kind == "highlights" and hit.length == len(line.words):
        return (CERTAIN, 0.0, 0.0)
    if line.agency:
        return (CERTAIN, 0.0, 0.0)
    if block.main is None:
        return (0.0, 0.0, 0.0)
    return (MARKUP_WEIGHT * (0.5 - block.main), 0.0, MARKUP_WEIGHT * (block.main - 0.5))


def _add_dates(bias: list[Scores], lines: Sequence[Line]) -> None:
    """Lines with a date before the first sentence of the page."""
    for i, line in enumerate(lines):
        if line.shape in "Ss":
            return
        dated = line.shape == "D" or (line.hit is not None and line.hit.kind == "date" and line.hit.mode == "start")
        if dated and len(line.words) <= MAX_DATE_WORDS:
            bias[i] = (CERTAIN, 0.0, 0.0)


def _add_lists(bias: list[Scores], lines: Sequence[Line], blocks: Sequence[Block]) -> None:
    """Headlines below the heading of a list of other stories. Left to the model are the last, which may be a subhead of the text, and what the markup is
    sure of: the items of a list in the article."""
    for i, line in enumerate(lines):
        hit = line.hit
        if not hit or hit.kind != "related" or len(line.words) > hit.length:
            continue
        end = i + 1
        while end < len(lines) and lines[end].shape in _HEADLINES:
            end += 1
        if hit.mode == "start":  # "Also read:" announces one story
            end = min(end, i + 3)
        for j in range(i + 1, end - 1):
            if (blocks[j].main or 0.0) < SURE:
                bias[j] = (CERTAIN, 0.0, 0.0)
        if hit.mode == "start" and end == i + 2:
            bias[i + 1] = (CERTAIN, 0.0, 0.0)


def _mark_furniture(lines: Sequence[Line], furniture: Collection[int], publisher: str) -> list[int]:
    """The lines that recur on the site. They are shown to the model like the phrases that all sites print, so that it expects the text to go on behind."""
    recurring = []
    for i, line in enumerate(lines):
        if len(line.text) <= MAX_LINE_CHARS and line_key(publisher, line.text) in furniture:
            recurring.append(i)
            if not line.hit:
                line.hit = Hit("promo" if line.shape in "Ss" else "nav", "line", len(line.words))
                line.shape = "P"
    return recurring


def _smooth(blocks: Sequence[Block], lines: Sequence[Line], labels: list[int], scores: Sequence[Scores]) -> list[int]:
    """Takes in running text that the model only just left out between blocks of the text, and drops small islands of text far from the rest.

    Markup tells islands better than distance.
    """
    labels = list(labels)
    body = [i for i, label in enumerate(labels) if label == BODY]
    for i in range(body[0], body[-1]):
        if (
            labels[i] == NOISE
            and lines[i].shape == "S"
            and lines[i].stop == "."
            and not lines[i].hit
            and scores[i][NOISE] - scores[i][BODY] < MAX_DOUBT
        ):
            labels[i] = BODY
    islands = [[body[0]]]
    for i in body[1:]:
        if i - islands[-1][-1] > ISLAND_GAP:
            islands.append([])
        islands[-1].append(i)
    sizes = [sum(len(lines[i].text) for i in island) for island in islands]
    for island, size in zip(islands, sizes, strict=True):
        standfirst = island[0] > 0 and labels[island[0] - 1] == TITLE
        if size < ISLAND_SHARE * max(sizes) and not standfirst and blocks[island[0]].main is None:
            for i in island:
                labels[i] = NOISE
    return labels


def _rescue(lines: Sequence[Line], labels: list[int], bias: Sequence[Scores]) -> list[int]:
    """When the model finds no text: the sentences of the page, or its only line, are the text."""
    free = [i for i in range(len(lines)) if not bias[i][NOISE]]
    prose = {i for i in free if lines[i].shape in "Ss"} or (set(free) if len(lines) == 1 else set())
    return [BODY if i in prose else label for i, label in enumerate(labels)]


def _body(lines: Sequence[Line], labels: Sequence[int], title: int | None) -> list[int]:
    """The blocks of the text; what the model took for a second title is a subhead when it stands inside the text."""
    body = [i for i, label in enumerate(labels) if label == BODY and i != title]
    if not body:
        return []
    key = lines[title].key if title is not None else None
    return [i for i in range(body[0], body[-1] + 1) if i != title and labels[i] != NOISE and lines[i].key != key]


def _name_kinds(judged: Judged) -> None:
    """Gives every removed block its kind: by its phrase, by its shape, else by where it stands."""
    lines, body = judged.lines, set(judged.body)
    title_key = lines[judged.title].key if judged.title is not None else None
    first = judged.title if judged.title is not None else min(body, default=0)
    last = max(body, default=0)
    section: RemovedKind | None = None
    for i, line in enumerate(lines):
        if i in body or i == judged.title:
            section = None
            continue
        hit = line.hit
        if hit and hit.mode == "heading":
            section = "footer" if hit.kind == "footer" else "related"
        judged.kinds[i] = _kind(line, title_key, section, i < first, i > last)


def _kind(line: Line, title_key: str | None, section: RemovedKind | None, before: bool, after: bool) -> RemovedKind:
    if line.key and line.key == title_key:
        return "repeat"
    if line.hit and line.hit.kind != "highlights":
        return line.hit.kind  # type: ignore[return-value]
    if line.text[:1] in "{<[" or not line.words:
        return "markup" if line.text[:1] in "{<[" else "nav"
    if line.shape == "D":
        return "date"
    if line.agency:
        return "byline"
    if section or line.shape == "C":
        return "teaser"
    if before:
        return "nav" if line.shape in "mhf" else "promo"
    if line.shape == "m":
        return "footer" if after else "caption"
    return "teaser"
