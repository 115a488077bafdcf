"""The words of a report's language: those that come with builder, and over them those of the project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from builder.content.yamlfile import read_yaml
from builder.model.diagnostics import Diagnostic
from builder.model.manuscript import Document, Text, Value
from builder.model.project import Project, shipped


def words_of(
    language: str, report: Document, project: Project, read: Callable[[Path], Document], problems: list[Diagnostic]
) -> Document:
    """The labels of a language. A project's own file may hold what it says otherwise, and no more.

    German of Austria (`de-AT`) takes its words from `de` where it has no file of its own.
    """
    names = tuple(dict.fromkeys((language, language.split("-")[0])))
    given = [path for name in names if (path := project.layouts / "labels" / f"{name}.yaml").is_file()]
    base = [path for name in names if (path := shipped("layouts") / "labels" / f"{name}.yaml").is_file()]
    if not given and not base:
        known = sorted(
            {p.stem for root in (project.layouts, shipped("layouts")) for p in (root / "labels").glob("*.yaml")}
        )
        message = f'there are no words for the language "{language}"'
        hint = f"copy layouts/labels/en.yaml to {language}.yaml and translate it (there are: {', '.join(known)})"
        problems.append(Diagnostic("no-labels", message, hint, report.span(("language",))))
        return Document("layouts/labels", {}, {}, {})
    own = read(given[0]) if given else None
    if not base or (given and given[0].read_bytes() == base[0].read_bytes()):
        return own or Document("layouts/labels", {}, {}, {})
    below = read_yaml(base[0], f"layouts/labels/{base[0].name}", problems)
    return below if own is None else _over(own, below)


def _over(own: Document, below: Document) -> Document:
    """One document: what `own` says, and where it says nothing, what `below` says; by word, unit or pattern."""
    if not isinstance(own.data, dict) or not isinstance(below.data, dict):
        return own
    data: dict[Text | int, Value] = dict(below.data)
    for name, group in own.data.items():
        under = below.data.get(name)
        data[name] = {**under, **group} if isinstance(group, dict) and isinstance(under, dict) else group
    return Document(own.file, data, {**below.places, **own.places}, {**below.key_places, **own.key_places})
