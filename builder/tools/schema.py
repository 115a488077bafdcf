"""JSON Schema of the YAML files, made from the model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from builder.design.printer import Profile
from builder.design.theme import Theme
from builder.model.front import Frontmatter, Topic
from builder.model.indicator import Indicator, Source
from builder.model.labels import Labels

SCHEMAS: dict[str, Any] = {
    "report": Frontmatter,
    "indicators": dict[str, Indicator],
    "sources": dict[str, Source],
    "topic": Topic,
    "labels": Labels,
    "theme": Theme,
    "printer": Profile,
}


def schema_text(name: str) -> str:
    """One schema as JSON (draft 2020-12)."""
    schema = TypeAdapter(SCHEMAS[name]).json_schema(by_alias=True)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(schema, ensure_ascii=False, indent=2)


def write_schemas(folder: Path) -> None:
    """All of them, as `NAME.schema.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SCHEMAS:
        (folder / f"{name}.schema.json").write_text(schema_text(name) + "\n", encoding="utf-8")
