"""JSON Schemas and BigQuery schemas of the output tables, generated from `transforms.records`.

`python -m transforms.schemas docs/schemas` writes them anew.
"""

from __future__ import annotations

import json
import sys
import types
from collections.abc import Iterator
from dataclasses import Field, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from transforms.records import TABLES

# A year, month, day, minute, second or finer, with or without a zone: whatever the page gives.
ISO8601 = r"^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$"
_JSON_TYPES = {str: "string", int: "integer", float: "number"}
_BIGQUERY_TYPES = {str: "STRING", int: "INT64", float: "FLOAT64"}


def json_schema(kind: type) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one row of the record type `kind`."""
    title = next((name for name, record in TABLES.items() if record is kind), kind.__name__)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **_object(kind)}


def _object(kind: type) -> dict[str, Any]:
    return {
        "type": "object",
        "description": (kind.__doc__ or "").split("\n")[0],
        "properties": {f.name: {**_property(hint, f), "description": f.metadata["doc"]} for f, hint in _typed_fields(kind)},
        "required": [f.name for f in fields(kind)],
        "additionalProperties": False,
    }


def _property(hint: Any, f: Field[Any]) -> dict[str, Any]:
    inner, optional = _optional(hint)
    if get_origin(inner) is tuple:
        schema: dict[str, Any] = {"type": "array", "items": _property(get_args(inner)[0], f)}
    elif get_origin(inner) is Literal:
        schema = {"type": "string", "enum": list(get_args(inner))}
    elif is_dataclass(inner):
        schema = _object(inner)  # type: ignore[arg-type]
    else:
        schema = {"type": _JSON_TYPES[inner]}
    if f.metadata["iso8601"]:
        schema["pattern"] = ISO8601
    if not optional:
        return schema
    return {"anyOf": [schema, {"type": "null"}]} if is_dataclass(inner) else {**schema, "type": [schema["type"], "null"]}


def bigquery_schema(kind: type) -> list[dict[str, Any]]:
    """The BigQuery table schema of the record type `kind`, as `bq mk --schema FILE` takes it."""
    return [_column(f.name, hint, f.metadata["doc"]) for f, hint in _typed_fields(kind)]


def _column(name: str, hint: Any, description: str) -> dict[str, Any]:
    inner, optional = _optional(hint)
    mode = "NULLABLE" if optional else "REQUIRED"
    if get_origin(inner) is tuple:
        inner, mode = get_args(inner)[0], "REPEATED"
    column: dict[str, Any] = {"name": name, "type": "STRING", "mode": mode, "description": description}
    if is_dataclass(inner):
        column |= {"type": "RECORD", "fields": bigquery_schema(inner)}  # type: ignore[arg-type]
    elif get_origin(inner) is not Literal:
        column["type"] = _BIGQUERY_TYPES[inner]
    return column


def duckdb_columns(kind: type) -> dict[str, str]:
    """Column names and DuckDB types of the record type `kind`, as `read_json(..., columns=…)` takes them."""
    return {column["name"]: _duckdb_type(column) for column in bigquery_schema(kind)}


def _duckdb_type(column: dict[str, Any]) -> str:
    if column["type"] == "RECORD":
        name = "STRUCT(" + ", ".join(f'"{c["name"]}" {_duckdb_type(c)}' for c in column["fields"]) + ")"
    else:
        name = {"STRING": "VARCHAR", "INT64": "BIGINT", "FLOAT64": "DOUBLE"}[column["type"]]
    return name + ("[]" if column["mode"] == "REPEATED" else "")


def _typed_fields(kind: type) -> Iterator[tuple[Field[Any], Any]]:
    hints = get_type_hints(kind)
    return ((f, hints[f.name]) for f in fields(kind))


def _optional(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) in (Union, types.UnionType):
        (inner,) = (a for a in get_args(hint) if a is not type(None))
        return inner, True
    return hint, False


def write_schemas(directory: Path) -> None:
    """Writes `<table>.schema.json` (JSON Schema) and `<table>.bigquery.json` for every table into `directory`."""
    directory.mkdir(parents=True, exist_ok=True)
    for table, kind in TABLES.items():
        for name, schema in ((f"{table}.schema.json", json_schema(kind)), (f"{table}.bigquery.json", bigquery_schema(kind))):
            (directory / name).write_text(json.dumps(schema, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
