"""From a page to an article: the whole cleaner, in plain functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from transforms.clean.blocks import text_blocks
from transforms.normalise import text_hash
from transforms.records import Article, RawDocument, Reject, Removed, reject


def clean_article(document: RawDocument, furniture: Mapping[int, int] | None = None) -> Article | Reject:
    """Cuts the article out of one page.

    Args:
        document: the page, as text or HTML.
        furniture: on how many pages a line stands, by `line_key`; evidence across documents, see `clean_articles`.

    Returns:
        The article, its language not yet told; or a reject with the reason `empty`, `no_content` or `not_an_article`.
    """
    blocks = text_blocks(document.content)
    if not blocks:
        return reject(document, "clean", "empty", "nothing but white space")
    lines = [b.text for b in blocks]
    title, body, removed = document.title, [], []
    for line in lines:
        if len(lines) > 1 and title is None and len(line) >= 25 and line[-1] not in ".।?!":
            title = line
        elif len(lines) == 1 or len(line) >= 60 or line[-1] in ".।?!":
            body.append(line)
        else:
            removed.append(Removed("nav", line))
    if not body:
        return reject(document, "clean", "no_content", "no line of the page is running text")
    text = "\n".join(body)
    return Article(
        article_id=text_hash(text),
        source_id=document.source_id,
        uri=document.uri,
        url=document.url,
        publisher=document.publisher,
        title=title,
        byline=(),
        published_at=document.published_at,
        modified_at=None,
        agency=None,
        dateline=None,
        language="und",
        language_confidence=0.0,
        script=None,
        text=text,
        tags=(),
        removed=tuple(removed),
        duplicates=(),
    )


def clean_articles(documents: Iterable[RawDocument]) -> Iterator[Article | Reject]:
    """Cleans many pages."""
    return map(clean_article, documents)
