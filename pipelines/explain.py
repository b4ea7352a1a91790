"""`khabar explain`: shows how each sentence of an article was read, and why each predicate became an event or did not."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from transforms.events.explain import SentenceExplanation, explain_text


def main(argv: list[str] | None = None) -> int:
    """Runs the command; returns the exit status: 2 when the file cannot be read."""
    parser = argparse.ArgumentParser(prog="khabar explain", description=__doc__)
    parser.add_argument("file", help="a text file with an article's clean body; - for standard input")
    parser.add_argument("--sentence", type=int, metavar="N", help="only sentence number N, counted from 1")
    parser.add_argument("--language", default="hi", help="BCP 47 tag of the text (default: %(default)s)")
    parser.add_argument("--published_at", help="ISO 8601 date of the text: dates are resolved against it")
    args = parser.parse_args(argv)
    try:
        text = sys.stdin.read() if args.file == "-" else Path(args.file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        print(f"khabar explain: {error}", file=sys.stderr)
        return 2
    for number, sentence in enumerate(explain_text(text, args.language, args.published_at), 1):
        if args.sentence in (None, number):
            print("\n".join(_lines(number, sentence)))
    return 0


def _lines(number: int, sentence: SentenceExplanation) -> Iterator[str]:
    yield f"[{number}] {sentence.text}"
    yield "  tokens   " + " ".join(sentence.tokens)
    yield from (f"  party    {party}" for party in sentence.parties)
    yield from (f"  clause   {clause}" for clause in sentence.clauses)
    yield from (f"  verb     {verb}" for verb in sentence.verbs)
    yield from (f"  place    {place}" for place in sentence.places)
    for frame in sentence.frames:
        yield f"  frame    {frame.trigger}: {frame.label}"
        yield f"           actors {frame.actors or '-'}; recipients {frame.recipients or '-'}; place {frame.place or '-'}"
        yield f"           {frame.verdict}"
        if frame.weights:
            yield "           " + "  ".join(f"{name} {weight:+.2f}" for name, weight in frame.weights)
    yield ""


if __name__ == "__main__":
    sys.exit(main())
