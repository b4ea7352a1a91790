"""JSON Schemas, and the schemas of warehouses, of the output tables, generated from `transforms.records`.

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
_JSON_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}
_BIGQUERY_TYPES = {str: "STRING", int: "INT64", float: "FLOAT64", bool: "BOOL"}
_DUCKDB_TYPES = {"STRING": "VARCHAR", "INT64": "BIGINT", "FLOAT64": "DOUBLE", "BOOL": "BOOLEAN"}
_CLICKHOUSE_TYPES = {"STRING": "String", "INT64": "Int64", "FLOAT64": "Float64", "BOOL": "Bool"}
# Of rows with the same key ClickHouse keeps the last one, of events the one with most mentions.
_CLICKHOUSE_ENGINES = {
    "articles": "ReplacingMergeTree ORDER BY (article_id, uri)",
    "events": "ReplacingMergeTree(mention_count) ORDER BY event_id",
    "rejects": "ReplacingMergeTree ORDER BY uri",
}


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
    inner, optional = unwrap_optional(hint)
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
    inner, optional = unwrap_optional(hint)
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
        name = _DUCKDB_TYPES[column["type"]]
    return name + ("[]" if column["mode"] == "REPEATED" else "")


def duckdb_table(table: str) -> str:
    """The DuckDB statement that creates `table`."""
    return _create(table, duckdb_columns(TABLES[table])) + ";\n"


def clickhouse_table(table: str) -> str:
    """The ClickHouse statement that creates `table`. A record that is null is a tuple of nulls there."""
    columns = {column["name"]: _clickhouse_type(column) for column in bigquery_schema(TABLES[table])}
    return f"{_create(table, columns)} ENGINE = {_CLICKHOUSE_ENGINES[table]};\n"


def _clickhouse_type(column: dict[str, Any], nullable: bool = False) -> str:
    nullable = nullable or column["mode"] == "NULLABLE"
    repeated = column["mode"] == "REPEATED"
    if column["type"] == "RECORD":
        inner = nullable and not repeated
        name = "Tuple(" + ", ".join(f'"{c["name"]}" {_clickhouse_type(c, inner)}' for c in column["fields"]) + ")"
    else:
        name = _CLICKHOUSE_TYPES[column["type"]]
        if nullable and not repeated:
            name = f"Nullable({name})"
    return f"Array({name})" if repeated else name


def _create(table: str, columns: dict[str, str]) -> str:
    return f"CREATE TABLE IF NOT EXISTS {table} (\n" + ",\n".join(f'  "{name}" {kind}' for name, kind in columns.items()) + "\n)"


def _typed_fields(kind: type) -> Iterator[tuple[Field[Any], Any]]:
    hints = get_type_hints(kind)
    return ((f, hints[f.name]) for f in fields(kind))


def unwrap_optional(hint: Any) -> tuple[Any, bool]:
    """The type within `X | None` and True; any other type and False."""
    if get_origin(hint) in (Union, types.UnionType):
        (inner,) = (a for a in get_args(hint) if a is not type(None))
        return inner, True
    return hint, False


def write_schemas(directory: Path) -> None:
    """Writes for every table into `directory`: its JSON Schema, its BigQuery schema, and the statements that create it in DuckDB and ClickHouse."""
    directory.mkdir(parents=True, exist_ok=True)
    for table, kind in TABLES.items():
        for name, text in (
            (f"{table}.schema.json", json.dumps(json_schema(kind), indent=2) + "\n"),
            (f"{table}.bigquery.json", json.dumps(bigquery_schema(kind), indent=2) + "\n"),
            (f"{table}.duckdb.sql", duckdb_table(table)),
            (f"{table}.clickhouse.sql", clickhouse_table(table)),
        ):
            (directory / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
