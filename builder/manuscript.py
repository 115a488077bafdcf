"""What the YAML files say before anyone has judged it: plain data that remembers where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from pydantic_core import core_schema

from builder.diagnostics import Span

Path_: TypeAlias = tuple[str | int, ...]
Value: TypeAlias = "Text | int | Decimal | bool | list[Value] | dict[Text | int, Value] | None"


class Text(str):
    """A text from a YAML file that knows its place, so that a message about one word can name its column."""

    span: Span | None
    source: str
    __slots__ = ("source", "span")

    def __new__(cls, value: str, span: Span | None = None, source: str = "") -> Text:
        text = super().__new__(cls, value)
        text.span = span
        text.source = source
        return text

    def __getnewargs__(self) -> tuple[str, Span | None, str]:  # type: ignore[override]
        return (str(self), self.span, self.source)

    def locate(self, words: str, after: str = "") -> Span | None:
        """The place of `words`, where they follow `after`, inside this text as it is written in the file."""
        if self.span is None:
            return None
        at = self.source.find(after + words)
        if at < 0:
            return self.span
        at += len(after)
        before = self.source[:at]
        line = before.count("\n")
        column = at - before.rfind("\n") if line else self.span.column + at
        return Span(self.span.file, self.span.line + line, column)

    @property
    def flat(self) -> str:
        """On one line, with single spaces."""
        return " ".join(self.split())

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> core_schema.CoreSchema:
        return core_schema.is_instance_schema(cls, cls_repr="text")

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: Any, _handler: Any) -> dict[str, Any]:
        return {"type": "string"}


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML file: its data and the place of every value (by path) and key."""

    file: str
    data: Value
    places: Mapping[Path_, Span]
    key_places: Mapping[Path_, Span]

    def span(self, path: Path_, *, key: bool = False) -> Span:
        """Where `path` stands, or the nearest enclosing value that is really in the file."""
        places = self.key_places if key else self.places
        while path and path not in places:
            path, places = path[:-1], self.places
        return places.get(path, Span(self.file))


@dataclass(frozen=True, slots=True)
class Manuscript:
    """Every YAML file of a project, read and marked; nothing in it has been checked."""

    report: Document
    indicators: Document
    sources: Document
    theme: Document
    labels: Document
    topics: Mapping[str, Document]
    read: tuple[str, ...]
