"""`khabar ingest`: one run of the batch job."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import Any

from pipelines import logs
from pipelines.memory import return_freed_memory
from pipelines.options import LOCAL_RUNNERS, IngestOptions, local_path, parse, usage_error
from transforms.ledger import discard_part, prepare_part, seal
from transforms.read import any_input
from transforms.read.kafka import check_topics
from transforms.read.store import public_message
from transforms.write.run_directory import discard, is_finished, prepare, read_manifest, run_path

# Beam options by which Dataflow's runner writes a template or checks a job, and runs nothing.
_TRANSLATE_ONLY = ("--template_location", "--dry_run")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the job; returns 0 when the run is published, 1 when it failed. Wrong options exit with 2 before any work."""
    options, verbose = parse(sys.argv[1:] if argv is None else argv)
    logs.configure(verbose)
    if options.runner in LOCAL_RUNNERS:
        return_freed_memory()
    run = run_path(local_path(options.output), options.run_id)
    try:
        check_topics(options.inputs)
        if not any_input(options.inputs):
            raise usage_error(f"no documents found at {', '.join(options.inputs)}")
        if is_finished(run):
            raise usage_error(f"run {options.run_id} is already complete at {options.output}: give another --run_id")
        beam_options = _beam_options(options, verbose)
        prepare(run)
    except OSError as error:
        return _failed(f"cannot write to {options.output}: {error.strerror or error}")
    except Exception as error:  # of the store's own kind: it is out of retries, or refuses us
        return _failed(f"cannot reach the input or the output: {public_message(error)}")
    if options.seen:
        try:
            if not prepare_part(local_path(options.seen), options.run_id):
                discard(run)
                raise usage_error(f"the index at {options.seen} has run {options.run_id} already: give another --run_id")
        except OSError as error:
            discard(run)
            return _failed(f"cannot write to {options.seen}: {error.strerror or error}")
    return _run(options, run, beam_options)


def _run(options: IngestOptions, run: str, beam_options: Any) -> int:
    import apache_beam as beam

    from pipelines.graph import build
    from pipelines.progress import ProgressLine
    from pipelines.summary import summary
    from pipelines.workers import lost_workers_end_the_run

    def fail(error: Exception) -> int:
        discard(run)
        if options.seen:
            discard_part(local_path(options.seen), options.run_id)
        return _failed(reason(error))

    with ProgressLine(options.runner in LOCAL_RUNNERS) as progress, lost_workers_end_the_run(fail):
        try:
            pipeline = beam.Pipeline(runner=options.runner, options=beam_options)
            build(pipeline, options, progress.directory)
            result = pipeline.run()
            state = result.wait_until_finish()
        except KeyboardInterrupt:
            own = options.runner in LOCAL_RUNNERS
            return _failed(
                "interrupted; " + ("nothing of this run is visible" if own else "the engine may go on with the job: end it there")
            )
        except Exception as error:
            return fail(error)
    if any(argument.partition("=")[0] in _TRANSLATE_ONLY for argument in options.beam_args):
        print(f"the job of run {options.run_id} is translated and can be started; nothing was run here")
        return 0
    if not is_finished(run):
        return _failed(f"the runner ended with state {state} and wrote no manifest")
    if options.seen:
        seal(local_path(options.seen))
    print(summary(run, read_manifest(run)))
    return 0


def _beam_options(options: IngestOptions, verbose: bool) -> Any:
    """Beam's options, strict about unknown names where no job server could know them."""
    from apache_beam.options.pipeline_options import PipelineOptions

    quiet = [] if verbose else ["--default_sdk_harness_log_level=ERROR"]
    args = [f"--runner={options.runner}", *quiet, *options.beam_args]
    beam_options = PipelineOptions(args)
    if options.runner in LOCAL_RUNNERS and (
        unknown := beam_options.get_all_options(retain_unknown_options=True).keys() - PipelineOptions().get_all_options().keys()
    ):
        raise usage_error(f"unknown option --{min(unknown)}")
    return beam_options


def reason(error: Exception) -> str:
    """The cause in one line: runners wrap a worker's exception and its traceback in a RuntimeError."""
    found = re.findall(r"RunFailed: (.*?)(?: \[while running .*)?$", str(error), re.MULTILINE)
    if found:
        return str(found[-1])
    lines = [line for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[-1] if lines else ''}"


def _failed(message: str) -> int:
    print(f"khabar ingest: failed: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
