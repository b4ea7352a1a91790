"""Prints the metadata of the Dataflow Flex Template: its parameters are the options of `khabar ingest`.

python deploy/flex_template.py > deploy/flex_template.json
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from pipelines.options import parser

# Dataflow sets the runner itself; a flag without a value cannot be a parameter of a template.
_NOT_PARAMETERS = {"help", "runner", "verbose"}


def metadata() -> dict[str, Any]:
    """The metadata, in the form that `gcloud dataflow flex-template build --metadata-file` takes."""
    options = [action for action in parser()._actions if action.dest not in _NOT_PARAMETERS]
    return {
        "name": "khabar ingest",
        "description": parser().description,
        "parameters": [_parameter(action) for action in options],
    }


def _parameter(action: argparse.Action) -> dict[str, Any]:
    parameter = {
        "name": action.dest,
        "label": action.dest.replace("_", " "),
        "helpText": (action.help or "") % {"default": action.default},
        "isOptional": not action.required,
    }
    if action.choices:
        parameter |= {"paramType": "ENUM", "enumOptions": [{"value": choice} for choice in action.choices]}
    return parameter


if __name__ == "__main__":
    print(json.dumps(metadata(), ensure_ascii=False, indent=2))
