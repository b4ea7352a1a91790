"""The batch graph: read → clean → detect language → select → deduplicate → extract events → deduplicate events → write."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import apache_beam as beam

from pipelines.options import IngestOptions, local_path
from pipelines.progress import Beacon
from transforms import __version__
from transforms.clean.beam import CleanArticles
from transforms.deduplicate.beam import DeduplicateArticles
from transforms.events.beam import DeduplicateEvents, ExtractEvents
from transforms.language.beam import DetectLanguage
from transforms.read.beam import ReadDocuments
from transforms.select.beam import SelectArticles
from transforms.write.beam import PublishRun, WriteJsonl
from transforms.write.run_directory import run_path


def build(pipeline: beam.Pipeline, options: IngestOptions, progress: str | None = None) -> beam.PCollection[dict[str, Any]]:
    """Adds the whole job to `pipeline`; the result's one element is the manifest of the published run.

    `progress` is a local directory for the counts of the progress line, or None.
    """
    read = pipeline | "ReadDocuments" >> ReadDocuments(options.inputs, options.max_document_bytes)
    clean = read.documents | "CleanArticles" >> CleanArticles()
    language = clean.articles | "DetectLanguage" >> DetectLanguage(options.language_detector)
    selected = language.articles | "SelectArticles" >> SelectArticles(options.min_chars, options.languages)
    unique = selected.articles | "DeduplicateArticles" >> DeduplicateArticles(options.dedup)
    extracted = unique | "ExtractEvents" >> ExtractEvents()
    events = extracted.events
    if options.dedup != "none":
        events = events | "DeduplicateEvents" >> DeduplicateEvents()
    rejects = (read.rejects, clean.rejects, language.rejects, selected.rejects, extracted.rejects) | "AllRejects" >> beam.Flatten()

    if progress:
        _ = read.documents | "Progress of documents" >> Beacon(progress, "documents")
        _ = rejects | "Progress of rejects" >> Beacon(progress, "rejects")

    run = run_path(local_path(options.output), options.run_id)
    tables = {"articles": extracted.articles, "events": events, "rejects": rejects}
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
    counts = [
        rows | f"Count {name}" >> beam.Map(lambda _, name=name: (name, 1)).with_output_types(tuple[str, int])
        for name, rows in counted.items()
    ]
    totals = counts | "AllCounts" >> beam.Flatten() | "Counts" >> beam.CombinePerKey(sum)
    publish = PublishRun(run, run_info(options), options.compression, options.max_error_rate)  # type: ignore[arg-type]
    published: beam.PCollection[dict[str, Any]] = (files | "AllFiles" >> beam.Flatten(), totals) | "PublishRun" >> publish
    return published


def run_info(options: IngestOptions) -> dict[str, Any]:
    """What the manifest says of a run before it has begun."""
    return {
        "run_id": options.run_id,
        "pipeline_version": __version__,
        "versions": {"apache-beam": version("apache-beam"), "python": platform.python_version()},
        "options": options.manifest(),
        "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
