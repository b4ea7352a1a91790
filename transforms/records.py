"""The records that pass between the stages, and the three output tables.

This module is the one source of truth for the output contract: the JSON Schemas and BigQuery schemas in
`docs/schemas/` are generated from it (`transforms.schemas`), and rows are written in the order of the fields here.
A field's meaning stands beside it, in the `doc` of its metadata.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Literal, get_args

from transforms import __version__

# What a removed block was. See docs/cleaning.md.
RemovedKind = Literal[
    "ad",
    "related",
    "teaser",
    "promo",
    "nav",
    "share",
    "tag",
    "footer",
    "caption",
    "byline",
    "date",
    "repeat",
    "markup",
]
DuplicateKind = Literal["exact", "near", "contained"]
EventType = Literal[
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
    "HAZARD",
]
Status = Literal["occurred", "ongoing", "planned", "hypothetical", "negated"]
DateType = Literal["exact", "approximate", "unresolved", "publication"]
Stage = Literal["read", "clean", "language", "deduplicate", "extract"]

# Reasons that say "this input is broken": they count towards --max_error_rate.
ErrorReason = Literal[
    "not_found",  # the path does not exist (any more)
    "unreadable",  # the store or the operating system refused to give the bytes
    "truncated",  # the compressed stream or archive ends too early; rows before the break were read
    "corrupt",  # not what its name or header says: bad gzip, bad WARC
    "encoding",  # bytes that are no text in the declared or any detected encoding
    "bad_row",  # a JSONL row that is no JSON object, or holds neither text nor html as a string
    "too_large",  # above --max_document_bytes
    "clean_error",  # the cleaner failed on this document
    "language_error",
    "deduplicate_error",
    "extract_error",  # the event coder failed on this article
]
# Reasons that say "read and understood, but not wanted".
PolicyReason = Literal[
    "empty",  # no bytes, or nothing but white space
    "not_text",  # an image, a PDF, a redirect, a WARC response of another media type
    "no_content",  # a page with no article in it
    "not_an_article",  # a list, category, search or video page
    "too_short",  # a clean body below --min_chars
    "language",  # not among --languages
    "seen",  # a copy of an article that an earlier run has kept (--seen)
]
ERROR_REASONS: frozenset[str] = frozenset(get_args(ErrorReason))
REASONS: tuple[str, ...] = get_args(ErrorReason) + get_args(PolicyReason)


def doc(meaning: str, *, iso8601: bool = False, **kwargs: Any) -> Any:
    """A dataclass field with its meaning; `iso8601` marks a text that is a year, month, day or time."""
    return field(metadata={"doc": meaning, "iso8601": iso8601}, **kwargs)


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One page as it was read: decoded text or HTML, with what the input row said about it."""

    uri: str = doc("where it was read from; unique in a run: the file, and #offset for a record inside a file")
    source_id: str = doc("the input row's own id, else the uri")
    content: str = doc("the decoded page")
    format: Literal["text", "html"] = doc("how `content` is to be read")
    url: str | None = doc("the page's web address", default=None)
    title: str | None = doc("a title given by the input row", default=None)
    publisher: str | None = doc("publisher given by the input row, else None", default=None)
    published_at: str | None = doc("ISO 8601, given by the input row", default=None)
    crawled_at: str | None = doc("ISO 8601, from a WARC-Date; helps to complete dates without a year", default=None)


@dataclass(frozen=True, slots=True)
class Removed:
    """A block of the page that is not part of the article."""

    kind: RemovedKind = doc("what the block was")
    text: str = doc("its text, as it stood on the page")


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A document that was folded into this article."""

    source_id: str = doc("the folded document's own id")
    uri: str = doc("where it was read from")
    url: str | None = doc("its web address")
    publisher: str | None = doc("its publisher")
    published_at: str | None = doc("ISO 8601, its publication time")
    similarity: float = doc("1.0 for an exact copy, else the verified share of common text")
    kind: DuplicateKind = doc("exact: same normalised body; near: edited copy; contained: cut from, or part of, the kept one")


@dataclass(frozen=True, slots=True)
class LanguageShare:
    """A language that a part of an article is written in."""

    language: str = doc("BCP 47 tag")
    share: float = doc("of the body's characters, 0 to 1")


@dataclass(frozen=True, slots=True)
class Article:
    """A row of `articles-*.jsonl`: one clean article."""

    article_id: str = doc("hash of the normalised body")
    source_id: str = doc("the input row's own id, else the uri")
    uri: str = doc("where it was read from")
    url: str | None = doc("the page's web address")
    publisher: str | None = doc("who published it")
    title: str | None = doc("the headline, without the site's name")
    byline: tuple[str, ...] = doc("people who wrote it")
    published_at: str | None = doc("ISO 8601, with the precision that the page gives", iso8601=True)
    modified_at: str | None = doc("ISO 8601, with the precision that the page gives", iso8601=True)
    agency: str | None = doc("news agency that supplied it")
    dateline: str | None = doc("place named at the head of the text")
    language: str = doc("BCP 47 tag of the body; und when it cannot be told")
    language_confidence: float = doc("0 to 1")
    script: str | None = doc("ISO 15924 code of the body's main script")
    other_languages: tuple[LanguageShare, ...] = field(  # not by doc: mypy must see kw_only
        default=(), kw_only=True, metadata={"doc": "languages of paragraphs that make up more than a fifth of the body", "iso8601": False}
    )
    text: str = doc("clean body, paragraphs parted by a newline")
    tags: tuple[str, ...] = doc("topics that the page lists")
    removed: tuple[Removed, ...] = doc("blocks of the page that are not part of the article")
    duplicates: tuple[Duplicate, ...] = doc("documents folded into this one")
    pipeline_version: str = doc("version of khabar that wrote the row", default=__version__)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who does an act or receives it. `name: null` marks a party that could not be resolved."""

    text: str = doc("as the sentence names it")
    name: str | None = doc("canonical name, null if unresolved")
    country: str | None = doc("ISO 3166-1 alpha-3 code of the state it belongs to")
    code: str | None = doc("PLOVER code of a body without a state: UNO, NATO, EUR, IGO, IMG …")
    sector: str | None = doc("PLOVER sector: GOV, MIL, COP, JUD, LEG, PTY, REB, CVL, BUS, JRN …")
    country_assumed: bool = doc(
        "whether `country` is only the state that the article is about: nothing tells it of this party", default=False
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where an act happened. Only `text` is set when it could not be resolved."""

    text: str = doc("as the sentence names it")
    name: str | None = doc("canonical name", default=None)
    country: str | None = doc("ISO 3166-1 alpha-3", default=None)
    admin1: str | None = doc("first-level division", default=None)
    lat: float | None = doc("degrees north, WGS 84", default=None)
    lon: float | None = doc("degrees east, WGS 84", default=None)
    geonameid: int | None = doc("GeoNames id", default=None)


@dataclass(frozen=True, slots=True)
class Casualties:
    """People hurt or held, in the latest telling; `text` keeps the words of every telling, oldest first."""

    dead: int | None = doc("number of dead", default=None)
    injured: int | None = doc("number of injured", default=None)
    missing: int | None = doc("number of missing", default=None)
    affected: int | None = doc("number of displaced or otherwise affected", default=None)
    arrested: int | None = doc("number of arrested", default=None)
    text: tuple[str, ...] = doc("the figures as the articles give them", default=())


@dataclass(frozen=True, slots=True)
class Mention:
    """One telling of an event: the evidence."""

    article_id: str = doc("the article that tells it")
    url: str | None = doc("the article's web address")
    publisher: str | None = doc("the article's publisher")
    published_at: str | None = doc("ISO 8601, the article's publication time", iso8601=True)
    sentence: str = doc("verbatim sentence")
    sentence_start: int | None = doc("code point offset into the article's text; null when the sentence is the title")
    sentence_end: int | None = doc("end offset, exclusive")
    trigger: str = doc("the words that name the act, with words before them where the sentence holds the same words earlier")
    trigger_start: int | None = doc("code point offset into the article's text; null when the sentence is the title")
    trigger_end: int | None = doc("end offset, exclusive")


@dataclass(frozen=True, slots=True)
class Event:
    """A row of `events-*.jsonl`: one real-world act, as docs/events.md defines it."""

    event_id: str = doc("stable id of the act")
    event_type: EventType = doc("PLOVER type, or HAZARD")
    mode: str | None = doc("the type's mode")
    quad: str | None = doc("PLOVER quad class; null for HAZARD")
    score: float | None = doc("PLOVER conflict-cooperation score, -10 to 10; null for HAZARD")
    contexts: tuple[str, ...] = doc("PLOVER contexts")
    status: Status = doc("whether the act happened")
    actors: tuple[Party, ...] = doc("who did it")
    recipients: tuple[Party, ...] = doc("to whom")
    event_date: str | None = doc("day of the act, or year or month when no more is known", iso8601=True)
    date_start: str | None = doc("first possible day", iso8601=True)
    date_end: str | None = doc("last possible day", iso8601=True)
    date_type: DateType = doc("how event_date was found")
    date_text: str | None = doc("the words of the text that date it")
    place: Place | None = doc("where it happened, only if the text says so")
    casualties: Casualties | None = doc("people hurt or held")
    amounts: tuple[str, ...] = doc("other figures, as the text gives them")
    attribution: tuple[str, ...] = doc("who reports it")
    mentions: tuple[Mention, ...] = doc("every telling")
    mention_count: int = doc("number of mentions")
    source_count: int = doc("number of different publishers, or articles where no publisher is known")
    first_seen: str | None = doc("earliest publication time of a mention", iso8601=True)
    last_seen: str | None = doc("latest publication time of a mention", iso8601=True)
    confidence: float = doc("0 to 1, calibrated: see docs/events.md")
    pipeline_version: str = doc("version of khabar that wrote the row", default=__version__)


@dataclass(frozen=True, slots=True)
class Reject:
    """A row of `rejects-*.jsonl`: a document that did not become an article, and why."""

    uri: str = doc("where it was read from")
    source_id: str | None = doc("the input row's own id, else the uri")
    stage: Stage = doc("the stage that turned it away")
    reason: str = doc("one of REASONS")
    message: str = doc("what exactly was wrong")
    sample: str = doc("at most 500 characters of the input")


SAMPLE_CHARS = 500


def reject(document: RawDocument | Article, stage: Stage, reason: str, message: str) -> Reject:
    """The reject row of a document that got as far as `stage`."""
    text = document.content if isinstance(document, RawDocument) else document.text
    return Reject(document.uri, document.source_id, stage, reason, message, text[:SAMPLE_CHARS])


TABLES: dict[str, type] = {"articles": Article, "events": Event, "rejects": Reject}


def from_dict(kind: type, row: dict[str, Any]) -> Any:
    """Builds the record `kind` from a row as it was written: the inverse of JSON encoding."""
    values = {}
    for name, nested in _fields(kind):
        value = row[name]
        if isinstance(value, list):
            value = tuple([from_dict(nested, v) for v in value]) if nested else tuple(value)
        elif nested and value is not None:
            value = from_dict(nested, value)
        values[name] = value
    return kind(**values)


@cache
def _fields(kind: type) -> list[tuple[str, type | None]]:
    return [(f.name, _NESTED.get((kind, f.name))) for f in fields(kind)]


_NESTED: dict[tuple[type, str], type] = {
    (Article, "other_languages"): LanguageShare,
    (Article, "removed"): Removed,
    (Article, "duplicates"): Duplicate,
    (Event, "actors"): Party,
    (Event, "recipients"): Party,
    (Event, "place"): Place,
    (Event, "casualties"): Casualties,
    (Event, "mentions"): Mention,
}
