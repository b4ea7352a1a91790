"""Selecting: the user's own conditions on articles, each with a reject reason."""

from __future__ import annotations

from collections.abc import Collection

from transforms.records import Article, Reject, reject


def select_article(article: Article, min_chars: int = 0, languages: Collection[str] = ()) -> Article | Reject:
    """The article, or its reject when its body has fewer than `min_chars` characters or is in none of `languages`.

    Args:
        article: cleaned, with its language detected.
        min_chars: characters of the clean body; 0 takes all.
        languages: BCP 47 tags; empty takes all. A tag without script also takes its script variants (`hi` takes `hi-Latn`).
    """
    if len(article.text) < min_chars:
        return reject(article, "clean", "too_short", f"{len(article.text)} characters, fewer than {min_chars}")
    if languages and article.language not in languages and article.language.split("-")[0] not in languages:
        return reject(article, "language", "language", f"language {article.language}, not among {', '.join(sorted(languages))}")
    return article
