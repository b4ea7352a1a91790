"""The options of `khabar ingest` and `khabar watch`: parsed and checked before Beam is imported, so that a wrong value costs no time."""

from __future__ import annotations

import argparse
import os
import re
import secrets
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec

from transforms.read.kafka import is_topic, parse_range
from transforms.write.jsonl import SUFFIXES
from transforms.write.run_directory import run_id_of

DEDUP = ("none", "exact", "near")
_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# Runners that work inside this process, where Beam options can be checked and progress can be shown.
LOCAL_RUNNERS = ("FnApiRunner", "DirectRunner", "BundleBasedDirectRunner")
# Runners on which Beam streams files, as far as was tried.
STREAMING_RUNNERS = ("PrismRunner", "FlinkRunner", "PortableRunner")


@dataclass(frozen=True)
class IngestOptions:
    """What the user asked for."""

    inputs: tuple[str, ...]
    output: str
    run_id: str
    dedup: str = "near"
    seen: str | None = None
    compression: str = "none"
    min_chars: int = 50
    languages: tuple[str, ...] = ()
    max_error_rate: float = 1.0
    max_document_bytes: int = 10 << 20
    language_detector: str = "khabar"
    runner: str = "FnApiRunner"
    beam_args: tuple[str, ...] = field(default=())

    def manifest(self) -> dict[str, object]:
        """The options that shape the rows, for the manifest. Beam's own options may hold credentials and stay out."""
        return {
            "input": [without_secrets(i) for i in self.inputs],
            "output": without_secrets(self.output),
            "dedup": self.dedup,
            "seen": without_secrets(self.seen) if self.seen else None,
            "compression": self.compression,
            "min_chars": self.min_chars,
            "languages": list(self.languages),
            "language_detector": self.language_detector,
            "max_error_rate": self.max_error_rate,
            "max_document_bytes": self.max_document_bytes,
            "runner": self.runner,
        }


@dataclass(frozen=True)
class WatchOptions:
    """What the user of `khabar watch` asked for.

    Args:
        runs: the options of each run; they have no run id, and `seen` is the watch's own.
        state: the directory of what is remembered.
        every: seconds from look to look.
        remember: hours after which an article may be taken as new again.
    """

    runs: IngestOptions
    state: str
    every: float
    remember: float


def without_secrets(url: str) -> str:
    """`url` without user information and query, where signed URLs carry their keys."""
    if "://" not in url:
        return url
    scheme, _, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{slash}{path.partition('?')[0]}"


def new_run_id() -> str:
    """A run id from the time (UTC), with four digits that keep two runs of one second apart."""
    return f"{run_id_of(int(time.time()))}-{secrets.token_hex(2)}"


def parser() -> argparse.ArgumentParser:
    """The command line of `khabar ingest`."""
    p = _parser(
        "ingest",
        "Reads crawled news pages and writes clean articles, event records and rejects as JSON Lines.",
        "Exit codes: 0 the run is complete; 1 it failed, and nothing of it is visible; 2 an option is wrong, and nothing was done.",
    )
    _add_reading(p)
    keep = _add_keeping(p, DEDUP)
    keep.add_argument(
        "--seen",
        metavar="DIR",
        help="index of earlier runs, local or any fsspec URL: only what is new is written, and the index learns this run (docs/deduplication.md)",
    )
    write = _add_writing(p)
    write.add_argument("--run_id", type=_run_id, metavar="ID", help="default: made from the time")
    _add_running(p, "FnApiRunner", "Beam runner (default %(default)s: local)")
    return p


def watch_parser() -> argparse.ArgumentParser:
    """The command line of `khabar watch`."""
    p = _parser(
        "watch",
        "Reads the files that come below a prefix, or the messages of a Kafka topic, now and from now on; what has come since the last look becomes a run.",
        "Ends with code 0 when it was told to by SIGTERM or Ctrl-C, after the run at hand; 1 it failed, and is to be started again; 2 an option is wrong.",
    )
    _add_reading(p)
    _add_keeping(p, DEDUP[1:])
    write = _add_writing(p)
    write.add_argument(
        "--state",
        metavar="DIR",
        help="what is remembered: files and messages taken, and the index of earlier articles (default: .watch below --output)",
    )
    watch = p.add_argument_group("how to watch")
    watch.add_argument(
        "--every", type=_seconds, default=10.0, metavar="SECONDS", help="look for new files and messages so often (default 10)"
    )
    watch.add_argument(
        "--remember",
        type=_hours,
        default=24.0,
        metavar="HOURS",
        help="a copy of an article that was kept longer ago is new again (default 24)",
    )
    _add_running(p, "PrismRunner", f"{', '.join(STREAMING_RUNNERS)} (default %(default)s)")
    return p


def _parser(command: str, description: str, epilog: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog=f"khabar {command}",
        usage=f"khabar {command} --input PATH [PATH …] --output DIR [options] [Beam options]",
        description=description,
        epilog=epilog,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _add_reading(p: argparse.ArgumentParser) -> None:
    read = p.add_argument_group("what to read")
    read.add_argument(
        "--input",
        nargs="+",
        action="extend",
        required=True,
        metavar="PATH",
        help="files, directories or globs, local or any fsspec URL (gs://, s3://, https:// …): .txt .html .jsonl .warc .wet, plain or gzip, zstd, bz2, xz; topics: kafka://HOST:PORT/TOPIC (docs/input.md)",
    )
    read.add_argument(
        "--max_document_bytes", type=_positive, default=10 << 20, metavar="N", help="reject larger documents (default 10 MiB)"
    )


def _add_keeping(p: argparse.ArgumentParser, dedup: Sequence[str]) -> argparse._ArgumentGroup:
    keep = p.add_argument_group("what to keep")
    keep.add_argument(
        "--min_chars", type=_natural, default=50, metavar="N", help="reject articles with a shorter clean body (default %(default)s)"
    )
    keep.add_argument("--languages", type=_languages, default=(), metavar="hi,en", help="keep only these languages, BCP 47 (default: all)")
    keep.add_argument(
        "--language_detector",
        choices=("khabar", "langdetect"),
        default="khabar",
        help="langdetect gives plain langdetect's own answers, slower",
    )
    keep.add_argument(
        "--dedup",
        choices=dedup,
        default="near",
        help="copies to fold: exact ones, or edited and cut ones too (default %(default)s)",
    )
    return keep


def _add_writing(p: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    write = p.add_argument_group("where and how to write")
    write.add_argument("--output", required=True, metavar="DIR", help="gets a new directory run=<id>, local or any fsspec URL")
    write.add_argument("--compression", choices=tuple(SUFFIXES), default="none", help="of the tables (default %(default)s)")
    write.add_argument(
        "--max_error_rate",
        type=_share,
        default=1.0,
        metavar="SHARE",
        help="fail the run when more than this share of the documents is broken (default 1.0: never)",
    )
    return write


def _add_running(p: argparse.ArgumentParser, runner: str, runners: str) -> None:
    run = p.add_argument_group(
        "how to run",
        "Any other Beam option is passed on (docs/runners.md), e.g. --flink_master, --direct_num_workers 2 --direct_running_mode multi_processing.",
    )
    run.add_argument("--runner", default=runner, metavar="NAME", help=runners)
    run.add_argument("--verbose", action="store_true", help="show Beam's own log")


def _parse_known(p: argparse.ArgumentParser, argv: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    args, beam_args = p.parse_known_args(argv)
    if stray := [a for a in beam_args[:1] if not a.startswith("-")]:
        p.error(f"unexpected argument {stray[0]!r}")
    for topic in filter(is_topic, args.input):
        try:
            parse_range(topic)
        except ValueError as error:
            p.error(str(error))
        if not find_spec("confluent_kafka"):
            p.error("kafka:// needs the extra kafka: pip install 'khabar[kafka]'")
    return args, beam_args


def parse(argv: Sequence[str]) -> tuple[IngestOptions, bool]:
    """Options from the command line, and whether --verbose was given. Exits with code 2 and one clear line for a wrong value."""
    p = parser()
    args, beam_args = _parse_known(p, argv)
    if any(a.partition("=")[0] == "--streaming" for a in beam_args):
        p.error(
            "this is one batch: for files that keep coming use `khabar watch`, or `khabar ingest --seen DIR` from cron (docs/runners.md)"
        )
    if args.seen and args.dedup == "none":
        p.error("--seen needs --dedup exact or near: it tells copies of earlier articles")
    if args.seen and local_path(args.seen).rstrip("/") == local_path(args.output).rstrip("/"):
        p.error("--seen must be another directory than --output")
    if args.seen and without_secrets(args.output) != args.output:
        p.error("--seen remembers --output, so that URL must hold no user, password or query")
    return _ingest_options(args, beam_args, args.run_id or new_run_id(), args.seen), args.verbose


def parse_watch(argv: Sequence[str]) -> tuple[WatchOptions, bool]:
    """`parse` for `khabar watch`."""
    p = watch_parser()
    args, beam_args = _parse_known(p, argv)
    if args.runner not in STREAMING_RUNNERS:
        p.error(
            f"{args.runner} cannot stream files: use --runner {' or '.join(STREAMING_RUNNERS)}, "
            "or let cron run `khabar ingest --seen DIR` on the newest files (docs/runners.md)"
        )
    if alien := [a for a in beam_args if a.partition("=")[0] in ("--run_id", "--seen")]:
        p.error(
            f"{alien[0].partition('=')[0]} is an option of `khabar ingest`: a watch names its runs from the time, and has an index of its own"
        )
    if without_secrets(args.output) != args.output:
        p.error("the state remembers --output, so that URL must hold no user, password or query")
    output, state = local_path(args.output).rstrip("/"), local_path(args.state or f"{args.output.rstrip('/')}/.watch").rstrip("/")
    for entry in map(local_path, args.input):
        if f"{output}/".startswith(f"{entry.rstrip('/')}/"):
            p.error(f"--output is below the input {entry}: what is written would be read again")
    if state == output:
        p.error("--state must be another directory than --output")
    return WatchOptions(_ingest_options(args, beam_args, "", f"{state}/seen"), state, args.every, args.remember), args.verbose


def _ingest_options(args: argparse.Namespace, beam_args: Sequence[str], run_id: str, seen: str | None) -> IngestOptions:
    return IngestOptions(
        inputs=tuple(args.input),
        output=args.output,
        run_id=run_id,
        dedup=args.dedup,
        seen=seen,
        compression=args.compression,
        min_chars=args.min_chars,
        languages=args.languages,
        max_error_rate=args.max_error_rate,
        max_document_bytes=args.max_document_bytes,
        language_detector=args.language_detector,
        runner=args.runner,
        beam_args=tuple(beam_args),
    )


def usage_error(message: str) -> SystemExit:
    """Prints `message` as `khabar ingest` prints argparse's own, and gives the exit to raise."""
    print(f"khabar ingest: error: {message}", file=sys.stderr)
    return SystemExit(2)


def _natural(value: str) -> int:
    if not value.isdigit():
        raise argparse.ArgumentTypeError(f"{value!r} is not a whole number from 0")
    return int(value)


def _positive(value: str) -> int:
    number = _natural(value)
    if number == 0:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _seconds(value: str) -> float:
    return _above_zero(value, "seconds")


def _hours(value: str) -> float:
    return _above_zero(value, "hours")


def _above_zero(value: str, unit: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0 < number < 1e6:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number of {unit} above 0")
    return number


def _share(value: str) -> float:
    try:
        share = float(value)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{value!r} is not a share from 0 to 1")
    return share


def _run_id(value: str) -> str:
    if not _RUN_ID.fullmatch(value):
        raise argparse.ArgumentTypeError(f"{value!r} is no run id: letters, digits, '.', '_' and '-', at most 128")
    return value


def _languages(value: str) -> tuple[str, ...]:
    tags = tuple(t.strip() for t in value.split(",") if t.strip())
    if bad := [t for t in tags if not _LANGUAGE.fullmatch(t)]:
        raise argparse.ArgumentTypeError(f"{bad[0]!r} is no BCP 47 language tag")
    if not tags:
        raise argparse.ArgumentTypeError("no language given")
    return tags


def local_path(path: str) -> str:
    """`path` made absolute when it is a local one: workers may stand in another directory."""
    return path if "://" in path else os.path.abspath(path)
