"""Writing: rows to JSON Lines, a run directory that appears whole or not at all, and its manifest."""

from transforms.write.jsonl import FileRecord, write_jsonl
from transforms.write.manifest import RunFailed, build_manifest, check_conservation, check_error_rate
from transforms.write.run_directory import is_finished, read_manifest, run_path

__all__ = [
    "FileRecord",
    "RunFailed",
    "build_manifest",
    "check_conservation",
    "check_error_rate",
    "is_finished",
    "read_manifest",
    "run_path",
    "write_jsonl",
]
