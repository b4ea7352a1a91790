"""From a page to an article: the whole cleaner, in plain functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from transforms.clean.blocks import SURE, Block, HtmlPage, PageMeta, text_blocks
from transforms.clean.dateline import dateline
from transforms.clean.dates import url_date
from transforms.clean.fragments import rejoin
from transforms.clean.furniture import find_furniture, publisher_of
from transforms.clean.inline import cut_noise
from transforms.clean.judge import Judged, judge
from transforms.clean.lines import Line, describe
from transforms.clean.metadata import after_words, line_meta, sign_off, split_tags
from transforms.clean.phrases import Phrases, phrases
from transforms.clean.title import without_site
from transforms.normalise import words, words_hash
from transforms.records import Article, RawDocument, Reject, Removed, reject

MIN_REPEAT_CHARS = 60  # a shorter line may be a refrain
META_REACH = 6  # blocks before the title and after the text in which byline and dates are looked for
DATELINE_REACH = 3  # paragraphs: a standfirst and highlights may stand first


def clean_article(document: RawDocument, furniture: Collection[int] = frozenset()) -> Article | Reject:
    """Cuts the article out of one page.

    Args:
        document: the page, as text or HTML.
        furniture: keys of lines that stand on many pages of their site, see `find_furniture`.

    Returns:
        The article, its language not yet told; or a reject with the reason `empty`, `no_content` or `not_an_article`.
    """
    return clean_page(document, furniture)[0]


def clean_page(document: RawDocument, furniture: Collection[int] = frozenset()) -> tuple[Article | Reject, list[tuple[str, str]]]:
    """As `clean_article`, with the pieces of the page in their order: (`title`, `text` or the kind of what was removed, the piece)."""
    table = phrases()
    page = _read(document, table)
    if not page.blocks:
        return reject(document, "clean", "empty", "nothing but white space" if document.format == "text" else "no text in the markup"), []
    if page.not_an_article:
        pieces: list[tuple[str, str]] = [(block.kind or "teaser", block.text) for block in page.blocks]
        return reject(document, "clean", "not_an_article", page.not_an_article), pieces
    removed = list(page.removed)
    blocks: list[Block] = []
    lines: list[Line] = []
    for block in page.blocks:
        line = describe(block.text, table)
        block.text, cut = cut_noise(block.text, line.all_words)
        if cut:
            removed += ((len(blocks), kind, text) for kind, text in cut)
            if not block.text:
                continue
            line = describe(block.text, table)
        blocks.append(block)
        lines.append(line)
    judged = judge(blocks, lines, table, document.title or page.meta.title, furniture, publisher_of(document))
    paragraphs, repeats = _paragraphs(judged, blocks)
    if not paragraphs:
        pieces = [(kind, lines[i].text) for i, kind in judged.removed()]
        return reject(document, "clean", "no_content", f"no running text among {len(blocks)} lines"), pieces
    meta = _metadata(document, page.meta, judged, table)
    text, agency, signed = sign_off("\n".join(paragraph for paragraph, _ in paragraphs), table)
    text_words = [word for _, found in paragraphs for word in found]
    if signed:
        removed.append((judged.body[-1], "byline", signed))
        del text_words[-len(words(signed)) :]
    place, agency_there = next((found for p, _ in paragraphs[:DATELINE_REACH] if any(found := dateline(p, table))), (None, None))
    removed += ((i, kind, judged.lines[i].text) for i, kind in judged.removed())
    removed += ((i, "repeat", judged.lines[i].text) for i in repeats)
    removed = [piece for piece in sorted(removed, key=lambda piece: piece[0]) if piece[2]]
    article = Article(
        article_id=words_hash(text_words),
        source_id=document.source_id,
        uri=document.uri,
        url=document.url or meta.url,
        publisher=document.publisher or meta.publisher,
        title=_title(document, page.meta, judged),
        byline=meta.byline,
        published_at=document.published_at or meta.published_at or url_date(document.url or meta.url),
        modified_at=meta.modified_at,
        agency=meta.agency or agency or agency_there,
        dateline=place,
        language="und",
        language_confidence=0.0,
        script=None,
        text=text,
        tags=meta.tags or _tags(judged, text),
        removed=tuple(Removed(kind, text) for _, kind, text in removed),
        duplicates=(),
    )
    left = sorted(set(judged.body).difference(repeats))
    # a sign-off may have been the whole last paragraph
    kept = [(i, "text", paragraph) for i, paragraph in zip(left, text.split("\n"), strict=False)]
    if judged.title is not None and judged.title not in judged.body:
        kept.append((judged.title, "title", judged.lines[judged.title].text))
    return article, [(kind, text) for _, kind, text in sorted([*kept, *removed], key=lambda piece: piece[0])]


def clean_articles(documents: Iterable[RawDocument]) -> Iterator[Article | Reject]:
    """Cleans many pages, with the evidence that they give about each other; holds them all in memory."""
    pages = list(documents)
    furniture = find_furniture(pages)
    for document in pages:
        yield clean_article(document, furniture)


def _read(document: RawDocument, table: Phrases) -> HtmlPage:
    if document.format == "html":
        from transforms.clean.html import html_blocks

        return html_blocks(document.content, document.url)
    return HtmlPage(rejoin(text_blocks(document.content), table))


def _paragraphs(judged: Judged, blocks: Sequence[Block]) -> tuple[list[tuple[str, list[str]]], list[int]]:
    """The paragraphs of the text with their folded words, and the indices of blocks that only repeat others.

    A repeat of which the markup is sure stays, as a step of a recipe does; a page that shows its whole text twice is known to the model of HTML blocks.
    """
    seen: set[str] = set()
    paragraphs: list[tuple[str, list[str]]] = []
    repeats: list[int] = []
    found = [_without_label(judged.lines[i]) for i in judged.body]
    for n, (i, (text, text_words)) in enumerate(zip(judged.body, found, strict=True)):
        key = judged.lines[i].key + text[-MIN_REPEAT_CHARS:]
        again = len(text) >= MIN_REPEAT_CHARS and (
            (key in seen and (blocks[i].main or 0.0) < SURE)
            or any(later.startswith(text) for later, _ in found[n + 1 : n + 3] if later != text)
        )
        if again:
            repeats.append(i)
        else:
            seen.add(key)
            paragraphs.append((text, text_words))
    return paragraphs, repeats


def _without_label(line: Line) -> tuple[str, list[str]]:
    """The text and the words of a block without the label of a highlights box that is glued to its front."""
    if line.hit and line.hit.kind == "highlights":
        return after_words(line.text, line.hit.length).lstrip(" :-–—|"), line.all_words[line.hit.length :]
    return line.text, line.all_words


def _title(document: RawDocument, meta: PageMeta, judged: Judged) -> str | None:
    if document.title:
        return without_site(document.title.strip(), [line.text for line in judged.lines[:60]])
    if judged.title is not None:
        text = judged.lines[judged.title].text
        return without_site(text, [line.text for line in judged.lines[: judged.title + 3] if line.text != text])
    return meta.title


def _metadata(document: RawDocument, meta: PageMeta, judged: Judged, table: Phrases) -> PageMeta:
    """What the page declares, completed by what its lines say."""
    start = (judged.title if judged.title is not None else judged.body[0]) - META_REACH
    inside = set(judged.body) | {judged.title}
    around = [judged.lines[i] for i in range(max(0, start), min(len(judged.lines), judged.body[-1] + 1 + META_REACH)) if i not in inside]
    found = line_meta(around, table, document.published_at or document.crawled_at)
    for name in ("byline", "published_at", "modified_at", "agency"):
        if not getattr(meta, name):
            setattr(meta, name, getattr(found, name))
    return meta


def _tags(judged: Judged, text: str) -> tuple[str, ...]:
    lines = judged.lines
    for i, line in enumerate(lines):
        if not line.hit or line.hit.kind != "tag" or i in judged.body:
            continue
        if line.hit.mode == "start" and len(line.words) > line.hit.length:
            _, separator, rest = line.text.partition(":")
            listed = rest if separator else " ".join(line.text.split()[line.hit.length :])
        else:
            following: list[str] = []
            while len(following) < 10 and i + 1 + len(following) < len(lines) and lines[i + 1 + len(following)].shape in "mh":
                following.append(lines[i + 1 + len(following)].text)
            listed = "|".join(following)
        if tags := split_tags(listed, text):
            return tags
    return ()
