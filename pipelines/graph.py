"""The graph of a batch job and of a stream: read → clean → detect language → select → deduplicate → drop seen → extract events → deduplicate events → write."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import apache_beam as beam

from pipelines.options import IngestOptions, local_path, without_secrets
from pipelines.progress import Beacon
from transforms import __version__
from transforms.clean.beam import CleanArticles
from transforms.deduplicate.beam import DeduplicateArticles
from transforms.events.beam import DeduplicateEvents, ExtractEvents
from transforms.language.beam import DetectLanguage
from transforms.ledger.beam import DropSeen, UpdateEvents, WriteLedger
from transforms.read.beam import ReadDocuments
from transforms.select.beam import SelectArticles
from transforms.watch import Watch
from transforms.watch.beam import WatchFiles
from transforms.write.beam import CountElements, PublishRun, RunOf, WriteJsonl


def build(pipeline: beam.Pipeline, options: IngestOptions, progress: str | None = None) -> beam.PCollection[dict[str, Any]]:
    """Adds a whole batch job to `pipeline`; the result's one element is the manifest of the published run.

    `progress` is a local directory for the counts of the progress line, or None.
    """
    start = pipeline | "One run" >> beam.Create([list(options.inputs)])
    run = RunOf(local_path(options.output), options.run_id)
    return _runs(start, run, options, local_path(options.seen) if options.seen else None, progress)


def build_watch(pipeline: beam.Pipeline, options: IngestOptions, watch: Watch) -> beam.PCollection[dict[str, Any]]:
    """Adds a streaming job to `pipeline`; the result's elements are the manifests of the published runs, one for each window."""
    start = pipeline | "WatchFiles" >> WatchFiles(watch)
    return _runs(start, RunOf(watch.output), options, watch.ledger)


def _runs(
    start: beam.PCollection[list[str]], run: RunOf, options: IngestOptions, ledger: str | None, progress: str | None = None
) -> beam.PCollection[dict[str, Any]]:
    """From the inputs of each run, one element in each window, to the manifests of the published runs."""
    read = start | "ReadDocuments" >> ReadDocuments(options.max_document_bytes)
    clean = read.documents | "CleanArticles" >> CleanArticles()
    language = clean.articles | "DetectLanguage" >> DetectLanguage(options.language_detector)
    selected = language.articles | "SelectArticles" >> SelectArticles(options.min_chars, options.languages)
    unique = selected.articles | "DeduplicateArticles" >> DeduplicateArticles(options.dedup)
    new = unique | "DropSeen" >> DropSeen(ledger, near=options.dedup == "near") if ledger else None
    extracted = (new.articles if new else unique) | "ExtractEvents" >> ExtractEvents()
    events = extracted.events
    if options.dedup != "none":
        events = events | "DeduplicateEvents" >> DeduplicateEvents()
    told = events | "UpdateEvents" >> UpdateEvents(ledger) if ledger else events
    turned_away = [read.rejects, clean.rejects, language.rejects, selected.rejects, *([new.rejects] if new else []), extracted.rejects]
    rejects = turned_away | "AllRejects" >> beam.Flatten()

    if progress:
        _ = read.documents | "Progress of documents" >> Beacon(progress, "documents")
        _ = rejects | "Progress of rejects" >> Beacon(progress, "rejects")

    tables = {"articles": extracted.articles, "events": told, "rejects": rejects}
    files = [rows | f"Write {table}" >> WriteJsonl(run, table, options.compression) for table, rows in tables.items()]  # type: ignore[arg-type]
    counted = {
        "read.documents": read.documents,
        "read.rejects": read.rejects,
        "clean.articles": clean.articles,
        "clean.rejects": clean.rejects,
        "language.articles": language.articles,
        "language.rejects": language.rejects,
        "select.articles": selected.articles,
        "select.rejects": selected.rejects,
        "deduplicate.articles": unique,
        "extract.articles": extracted.articles,
        "extract.events": extracted.events,
        "extract.rejects": extracted.rejects,
        "deduplicate_events.events": events,
    }
    if new:
        counted |= {"drop_seen.articles": new.articles, "drop_seen.rejects": new.rejects, "update_events.events": told}
    counts = [rows | f"Count {name}" >> CountElements(name) for name, rows in counted.items()]
    totals = counts | "AllCounts" >> beam.Flatten() | "Counts" >> beam.CombinePerKey(sum)
    finished = [start, files | "AllFiles" >> beam.Flatten(), totals]
    if ledger:
        part = (start, extracted.articles) | "WriteLedger" >> WriteLedger(ledger, run)
        finished.append(
            part | "LedgerOfManifest" >> beam.Map(lambda p: {"path": without_secrets(ledger), "files": p.files, "entries": p.entries})
        )
    publish = PublishRun(run, run_info(options), options.compression, options.max_error_rate)  # type: ignore[arg-type]
    published: beam.PCollection[dict[str, Any]] = tuple(finished) | "PublishRun" >> publish
    return published


def run_info(options: IngestOptions) -> dict[str, Any]:
    """What the manifest says of a run before it has begun."""
    return {
        "pipeline_version": __version__,
        "versions": {"apache-beam": version("apache-beam"), "python": platform.python_version()},
        "options": options.manifest(),
        "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
