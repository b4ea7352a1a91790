"""`khabar watch`: a streaming job that makes a run of every window of new files."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from pipelines import logs
from pipelines.ingest import reason
from pipelines.options import WatchOptions, local_path, parse_watch
from transforms.read.kafka import check_topics
from transforms.read.store import public_message
from transforms.watch import Watch, Window, read_control, read_state, release, start, stop
from transforms.write.run_directory import read_manifest, run_path

_FAILURES = 3  # in a row, with no run published between them
_DRAIN_SECONDS = 300.0  # that the run at hand may still take
_NO_TIMEOUT = 10**8  # seconds that Beam's client listens to the job


def main(argv: Sequence[str] | None = None) -> int:
    """Runs until SIGTERM or SIGINT; returns 0 after these, 1 when the job fails again and again. Wrong options exit with 2."""
    options, verbose = parse_watch(sys.argv[1:] if argv is None else argv)
    logs.configure(verbose)
    if not verbose:
        threading.excepthook = lambda _: None  # Beam's threads that listen to an engine that is gone
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    try:
        check_topics(options.runs.inputs)  # once it runs, a watch waits for the brokers
    except Exception as error:
        return _failed(f"cannot reach the input: {public_message(error)}")
    failures, published = 0, None
    while True:
        try:
            watch = _watch(options)
            before = read_state(watch.state).window
        except Exception as error:
            return _failed(f"cannot write to {options.state}: {public_message(error)}")
        failures = 0 if before != published else failures
        published = before
        failure = _job(options, watch, verbose, told)
        if failure is None:
            return 0
        if read_control(watch.state)["owner"] not in ("", watch.owner):
            return _failed(f"another watch has taken over {watch.state}")
        failures += 1
        if told.is_set() and (last := read_state(watch.state).window) and not watch.is_published(last):
            return _failed(
                f"stopped before run {watch.run_id(last)} was complete: it is not visible, and its files come with the next start"
            )
        if told.is_set():
            return 0
        if failures > _FAILURES:
            return _failed(_reason(failure))
        print(f"khabar watch: the job failed and is started again: {_reason(failure)}", file=sys.stderr, flush=True)
        told.wait(2.0**failures)


def _watch(options: WatchOptions) -> Watch:
    runs = options.runs
    inputs = tuple(map(local_path, runs.inputs))
    return Watch(inputs, local_path(runs.output), options.state, start(options.state), options.every, options.remember)


def _job(options: WatchOptions, watch: Watch, verbose: bool, told: threading.Event) -> Exception | None:
    """One job, to its end; the result says why it failed."""
    import apache_beam as beam

    from pipelines.graph import build_watch

    last = read_state(watch.state).window
    already = last if last and watch.is_published(last) else None
    try:
        pipeline = beam.Pipeline(runner=options.runs.runner, options=_beam_options(options, verbose))
        build_watch(pipeline, options.runs, watch)
        with _ignored_by_children(signal.SIGINT):
            result = pipeline.run()
    except Exception as error:
        return error
    failed: list[Exception] = []

    def wait() -> None:
        try:
            result.wait_until_finish()
        except Exception as error:
            failed.append(error)

    job = threading.Thread(target=wait, daemon=True)
    job.start()
    shown, deadline = already, float("inf")
    while job.is_alive() and time.monotonic() < deadline:
        job.join(1.0)
        state = read_state(watch.state)
        shown = _show(watch, state.window, shown)
        if told.is_set() and deadline == float("inf"):
            stop(watch.state, watch.owner)
            deadline = time.monotonic() + _DRAIN_SECONDS
        if state.ended_by == watch.owner:
            break
    _show(watch, read_state(watch.state).window, shown)
    if not job.is_alive():
        return failed[0] if failed else None
    with suppress(Exception):  # Flink's job server does not cancel: `release` ends its job
        result.cancel()
    release(watch.state)
    return None if read_state(watch.state).ended_by == watch.owner else TimeoutError(f"the job did not end within {_DRAIN_SECONDS:g} s")


@contextmanager
def _ignored_by_children(number: signal.Signals) -> Iterator[None]:
    """Processes that are started within ignore a signal: Ctrl-C is to reach this command, and not its engine."""
    handler = signal.signal(number, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(number, handler)


def _reason(error: Exception) -> str:
    import grpc

    return "the engine is gone" if isinstance(error, grpc.RpcError) else reason(error)


def _show(watch: Watch, last: Window | None, shown: Window | None) -> Window | None:
    """Prints the run of the last window when it is published and was not `shown` yet; returns the window that was shown last."""
    if last is None or last == shown or not watch.is_published(last):
        return shown
    run = run_path(watch.output, watch.run_id(last))
    counts = read_manifest(run)
    names = ("documents_read", "articles", "duplicates_folded", "rejects", "events")
    print(f"{run}: {len(last.files)} inputs, " + ", ".join(f"{counts[name]:,} {name.split('_')[0]}" for name in names), flush=True)
    return last


def _beam_options(options: WatchOptions, verbose: bool) -> Any:
    from apache_beam.options.pipeline_options import PipelineOptions

    given = options.runs.beam_args
    args = [f"--runner={options.runs.runner}", "--streaming", *given]
    if not verbose:
        args.insert(1, "--default_sdk_harness_log_level=ERROR")
    if not any(a.partition("=")[0] == "--job_server_timeout" for a in given):
        args.append(f"--job_server_timeout={_NO_TIMEOUT}")
    if options.runs.runner != "PrismRunner" and not any(a.partition("=")[0] == "--shutdown_sources_after_idle_ms" for a in given):
        args.append(f"--shutdown_sources_after_idle_ms={_NO_TIMEOUT * 1000}")  # Flink ends a job whose first step has nothing more to say
    return PipelineOptions(args)


def _failed(message: str) -> int:
    print(f"khabar watch: failed: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
