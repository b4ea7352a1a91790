"""`khabar`: the command line; each command is a module of this package."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

COMMANDS = {
    "ingest": "read pages, write articles, events and rejects: one batch run",
    "watch": "the same for files that keep coming: what is new becomes a run, every few seconds",
    "clean": "show what of a page is kept, and what is removed as what",
    "explain": "show for each sentence why an event was or was not written",
    "ledger": "show, verify and rebuild the index of earlier runs that ingest --seen keeps",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    args = list(sys.argv[1:] if argv is None else argv)
    if not args or args[0] in ("-h", "--help"):
        print(
            "usage: khabar COMMAND [options]\n\n"
            + "\n".join(f"  {name:9} {what}" for name, what in COMMANDS.items())
            + "\n\nkhabar COMMAND --help tells more."
        )
        return 0 if args else 2
    if args[0] not in COMMANDS:
        print(f"khabar: error: no command {args[0]!r}; there are {', '.join(COMMANDS)}", file=sys.stderr)
        return 2
    code: int = importlib.import_module(f"pipelines.{args[0]}").main(args[1:])
    return code


if __name__ == "__main__":
    sys.exit(main())
