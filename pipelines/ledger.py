"""`khabar ledger`: shows, verifies and rebuilds the ledger of what earlier runs have kept."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from transforms.ledger import all_parts, rebuild, verify


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command. Returns 0, or 1 when the ledger does not verify."""
    parser = argparse.ArgumentParser(
        prog="khabar ledger", description="The ledger that `khabar ingest --seen DIR` reads and appends to.", allow_abbrev=False
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="show|verify|rebuild")
    for name, what in (
        ("show", "list its runs"),
        ("verify", "compare it with the runs' own articles"),
        ("rebuild", "write it anew from output directories"),
    ):
        command = commands.add_parser(name, help=what, allow_abbrev=False)
        command.add_argument("ledger", metavar="DIR", help="the ledger, local or any fsspec URL")
        if name == "rebuild":
            command.add_argument("outputs", nargs="+", metavar="OUTPUT", help="directories that hold run=<id> directories")
    args = parser.parse_args(argv)
    if args.command == "rebuild":
        for part in rebuild(args.ledger, args.outputs):
            print(f"{part.run_id}  {part.entries:,} articles")
        return 0
    wrong = 0
    for part, counts in all_parts(args.ledger):
        problem = verify(args.ledger, part) if counts and args.command == "verify" else None
        wrong += problem is not None
        print(
            f"{part.run_id}  {part.entries:,} articles  {'of ' + part.output if counts else 'never published: does not count'}{': ' + problem if problem else ''}"
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
