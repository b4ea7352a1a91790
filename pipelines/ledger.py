"""`khabar ledger`: shows, verifies and rebuilds the ledger of what earlier runs have kept."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from pipelines.options import local_path
from transforms.ledger import all_parts, rebuild, verify


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command. Returns 0; 1 when the ledger does not verify; 2 when there is none, or it cannot be rebuilt."""
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
    ledger = local_path(args.ledger)
    if args.command == "rebuild":
        try:
            rebuilt = rebuild(ledger, map(local_path, args.outputs))
        except ValueError as error:
            print(f"khabar ledger: error: {error}", file=sys.stderr)
            return 2
        for part in rebuilt:
            print(f"{part.run_id}  {part.entries:,} articles")
        return 0
    wrong = False
    found = all_parts(ledger)
    if not found:
        print(f"khabar ledger: error: there is no ledger at {ledger}", file=sys.stderr)
        return 2
    for part, counts in found:
        state = f"of {part.output}" if counts else "never published: does not count"
        if args.command == "verify" and counts:
            problem = verify(ledger, part)
            wrong = wrong or problem is not None
            state = problem or "whole"
        print(f"{part.run_id}  {part.entries:,} articles  {state}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
