"""Short ways to make records in tests."""

from __future__ import annotations

from typing import Any

from transforms.normalise import text_hash
from transforms.records import Article, Event, Mention, Party


def article(text: str = "रमन ने सीता को पत्र लिखा।", **fields: Any) -> Article:
    values: dict[str, Any] = {
        "article_id": text_hash(text),
        "source_id": "a",
        "uri": "memory://a",
        "url": None,
        "publisher": None,
        "title": None,
        "byline": (),
        "published_at": None,
        "modified_at": None,
        "agency": None,
        "dateline": None,
        "language": "hi",
        "language_confidence": 1.0,
        "script": "Deva",
        "text": text,
        "tags": (),
        "removed": (),
        "duplicates": (),
    }
    return Article(**values | fields)


def event(**fields: Any) -> Event:
    mention = Mention("a1", None, "पत्र", "2024-06-18", "रूस ने चीन को पत्र लिखा।", 0, 25, "पत्र लिखा", 14, 23)
    values: dict[str, Any] = {
        "event_id": "e1",
        "event_type": "CONSULT",
        "mode": "phone",
        "quad": "VERBAL_COOPERATION",
        "score": 1.5,
        "contexts": (),
        "status": "occurred",
        "actors": (Party("रूस", "Russia", "RUS", None, "GOV"),),
        "recipients": (Party("चीन", "China", "CHN", None, "GOV"),),
        "event_date": "2024-06-18",
        "date_start": None,
        "date_end": None,
        "date_type": "publication",
        "date_text": None,
        "place": None,
        "casualties": None,
        "amounts": (),
        "attribution": (),
        "mentions": (mention,),
        "mention_count": 1,
        "source_count": 1,
        "first_seen": "2024-06-18",
        "last_seen": "2024-06-18",
        "confidence": 0.9,
    }
    return Event(**values | fields)
