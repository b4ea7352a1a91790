"""The Beam shell of the reader: listing, spreading over workers, counts, and a tagged output for rejects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.pvalue import TaggedOutput

import transforms.coders  # noqa: F401  registers the coders of the records
from transforms.read.documents import MAX_DOCUMENT_BYTES, SPLIT_BYTES, Part, read_documents, split_file
from transforms.read.kafka import is_topic, parse_range, read_messages, split_range
from transforms.read.listing import list_inputs
from transforms.records import RawDocument, Reject

REJECTS = "rejects"


class ReadDocuments(beam.PTransform):
    """Lists of inputs → their pages: `result.documents` (RawDocument) and `result.rejects` (Reject).

    A list is what `list_inputs` takes: files, directories, glob patterns, topics or `@lists`; a file that two of its inputs name is read once.

    Args:
        max_document_bytes: longer pages are rejected; see `read_documents`.
        split_bytes: a plain JSON lines file above this size is read in parts by several workers.
    """

    def __init__(self, max_document_bytes: int = MAX_DOCUMENT_BYTES, split_bytes: int = SPLIT_BYTES) -> None:
        super().__init__()
        self.max_document_bytes = max_document_bytes
        self.split_bytes = split_bytes

    def expand(self, inputs: beam.PCollection[list[str]]) -> Any:
        return (
            inputs
            | "List" >> beam.FlatMap(_list_parts, self.split_bytes)
            | "Spread" >> beam.Reshuffle()
            | "Read"
            >> beam.ParDo(_Read(self.max_document_bytes))
            .with_output_types(RawDocument, rejects=Reject)
            .with_outputs(REJECTS, main="documents")
        )


def _list_parts(inputs: list[str], split_bytes: int) -> Iterator[Part]:
    for file in list_inputs(inputs):
        if is_topic(file.uri):
            messages = parse_range(file.uri)
            yield from (Part(str(part)) for part in split_range(messages)) if messages else [Part(file.uri)]
        else:
            yield from split_file(file.uri, file.size, split_bytes)


class _Read(beam.DoFn):
    def __init__(self, max_document_bytes: int) -> None:
        self.max_document_bytes = max_document_bytes

    def process(self, part: Part) -> Iterator[RawDocument | TaggedOutput]:
        if is_topic(part.uri):
            records = read_messages(part.uri, self.max_document_bytes)
        else:
            records = read_documents(part.uri, max_document_bytes=self.max_document_bytes, start=part.start, end=part.end)
        for record in records:
            if isinstance(record, Reject):
                Metrics.counter("read", f"rejected_{record.reason}").inc()
                yield TaggedOutput(REJECTS, record)
            else:
                Metrics.counter("read", "documents").inc()
                yield record
