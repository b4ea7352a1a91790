"""Pages for the engine tests: many, all different, with copies and with inputs that go wrong."""

from __future__ import annotations

import json
import random
from pathlib import Path

CITIES = ("लखनऊ", "पटना", "जयपुर", "भोपाल", "रांची", "देहरादून", "रायपुर", "शिमला")
ACTS = (
    "भारत ने {day} तारीख को नेपाल के साथ {thing} पर समझौता किया।",
    "रूस ने यूक्रेन के {city} जैसे शहर पर {number} मिसाइलें दागीं।",
    "जापान के विदेश मंत्री ने चीन की {thing} नीति की आलोचना की।",
    "{city} में {number} कर्मचारियों ने वेतन की मांग को लेकर प्रदर्शन किया।",
    "सरकार ने {city} के लिए {number} करोड़ रुपये की {thing} योजना को मंजूरी दी।",
)
THINGS = ("व्यापार", "बिजली", "पानी", "रेल", "रक्षा", "शिक्षा", "पर्यटन", "कृषि")


def text(rng: random.Random) -> str:
    """One article: a headline and eight sentences that no other article has together."""
    body = " ".join(
        rng.choice(ACTS).format(day=rng.randint(1, 28), city=rng.choice(CITIES), thing=rng.choice(THINGS), number=rng.randint(2, 9999))
        for _ in range(8)
    )
    return f"{rng.choice(CITIES)} में {rng.choice(THINGS)} पर बैठक संख्या {rng.randint(1, 10**6)}\n\n{body}"


def write(directory: Path, pages: int, files: int) -> Path:
    """Writes `pages` JSON rows to `files` files: one page in ten is a copy of an earlier one, one in a hundred is broken, and one is poison."""
    rng = random.Random(7)
    texts: list[str] = []
    for number in range(files):
        rows = []
        for row in range(number, pages, files):
            if row % 10 == 9 and texts:
                texts.append(rng.choice(texts))
            else:
                texts.append(text(rng))
            page: dict[str, object] = {"id": f"p{row}", "text": texts[-1], "published_at": f"2024-06-{row % 28 + 1:02d}"}
            if row % 100 == 50:
                page = {"id": f"p{row}"}
            elif row == 77:
                page["text"] = "\ud800\x00" * 5000 + "(" * 50000
            rows.append(json.dumps(page))
        (directory / f"part-{number:02d}.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return directory
