"""Schema errors → diagnostics: what pydantic found, said in plain words at its line of YAML."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from builder.model.body import BLOCKS, IN_ROWS
from builder.model.diagnostics import Diagnostic, Span
from builder.model.manuscript import Document, Path_, Text

M = TypeVar("M", bound=BaseModel)


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint with the most similar known word, or the list of them where it is short."""
    names = sorted({str(k) for k in known})
    begun = [n for n in names if len(word) > 3 and n.casefold().startswith(word.casefold())]
    if len(begun) == 1:
        return f'did you mean "{begun[0]}"?'
    close = difflib.get_close_matches(word.casefold(), {n.casefold(): n for n in names}, n=1, cutoff=0.6)
    if close:
        return f'did you mean "{next(n for n in names if n.casefold() == close[0])}"?'
    return f"there are: {', '.join(names)}" if 0 < len(names) <= 30 else ""


def validated(model: type[M], document: Document, problems: list[Diagnostic], at: Path_ = ()) -> M | None:
    """The document, or what stands at a path in it, as a `model`; or None with its problems added."""
    value: Any = document.data
    for step in at:
        value = value[step]
    if value is None or (at == () and value == {}):
        problems.append(
            Diagnostic(
                "empty",
                "the file is empty" if not at else "nothing is given here",
                "see docs/content.md for what belongs here",
                document.span(at),
            )
        )
        return None
    try:
        return model.model_validate(value)
    except ValidationError as error:
        found = error.errors()
        found, flat = _flat(found)
        for path, key in flat:
            message, hint = f'nothing stands below "{key}"', "move the lines that belong to it to the right of it"
            problems.append(Diagnostic("missing-key", message, hint, _place(document, at, (*path, key))))
        for one in found:
            inside = [other for other in found if other["loc"][: len(one["loc"])] == one["loc"] and other is not one]
            if one["type"] == "too_short" and inside:  # it has as many as it should, and some are wrong
                continue
            problems.append(_diagnostic(model, document, at, one))
        return None


# What pydantic says of a map of keys that is not there.
_NOTHING_BELOW = frozenset(("model_type", "model_attributes_type", "union_tag_not_found", "dict_type", "mapping_type"))


def _flat(found: list[Any]) -> tuple[list[Any], list[tuple[Path_, str]]]:
    """Known keys with nothing below them, beside keys that are not known there: these belong below, to the right.

    What is left of `found`, and those keys with the paths to them.
    """
    strays = {one["loc"][:-1] for one in found if one["type"] == "extra_forbidden" and one["input"] is not None}
    flat = [
        (one["loc"][:-1], str(one["loc"][-1]))
        for one in found
        if one["loc"][:-1] in strays and one["input"] is None and one["type"] in _NOTHING_BELOW
    ]
    parents = {path for path, _ in flat}
    kept = [
        one
        for one in found
        if one["loc"][:-1] not in parents or (one["type"] != "extra_forbidden" and one["input"] is not None)
    ]
    return kept, flat


def _place(document: Document, at: Path_, steps: Iterable[Any]) -> Span | None:
    """The place of a path as pydantic has it: the names of union members in it are no keys of the YAML."""
    path = at
    for step in steps:
        if (longer := (*path, step)) in document.places or longer in document.key_places:
            path = longer
    return document.span(path, key=True)


def _diagnostic(model: type[BaseModel], document: Document, at: Path_, error: Any) -> Diagnostic:
    path: Path_ = at
    for number, step in enumerate(error["loc"]):
        # pydantic puts the names of union members and discriminators into the path; YAML knows nothing of them.
        longer = (*path, step)
        if _is_tag(error["loc"][:number]):
            continue
        if longer in document.places or longer in document.key_places or step == error["loc"][-1]:
            path = longer
    name = str(path[-1]) if path else document.file
    span = document.span(path)
    kind, given = error["type"], error.get("input")
    match kind:
        case "extra_forbidden" if "body" in path[:-1] and name in BLOCKS:
            hint = "each block is one thing: begin another with a hyphen"
            return Diagnostic("unknown-key", f'"{name}" is a block of its own', hint, document.span(path, key=True))
        case "extra_forbidden":
            known = _known_keys(model, error["loc"][:-1])
            return Diagnostic(
                "unknown-key",
                f'"{name}" is not known here',
                nearest(name, known),
                document.span(path, key=True),
            )
        case "missing":
            return Diagnostic(
                "missing-key",
                f'"{name}" is missing',
                f"add a line `{name}: …` here",
                document.span(path[:-1]),
            )
        case "literal_error":
            known = error["ctx"]["expected"].replace("' or '", "', '").strip("'").split("', '")
            if known == ["True"]:
                return Diagnostic("wrong-value", f'"{name}" is true, or is left out', "write `true`", span)
            return Diagnostic(
                "wrong-value",
                f'"{given}" is not one of the values of "{name}"',
                nearest(str(given), known),
                span,
            )
        case "union_tag_not_found" | "union_tag_invalid" if "body" in path and isinstance(path[-1], int):
            keys = [str(key) for key in given] if isinstance(given, dict) else []
            what, kinds = ("no block", BLOCKS) if "row" not in path else ("none that stands in a row", IN_ROWS)
            said = f'"{keys[0]}" is {what}' if keys else f"this is {what}"
            return Diagnostic("wrong-value", said, nearest(keys[0] if keys else "", kinds), span)
        case "union_tag_invalid":
            tags = error["ctx"]["expected_tags"].strip("'").split("', '")
            tag = error["ctx"]["tag"]
            return Diagnostic(
                "wrong-value",
                f'"{tag}" is not a kind of "{name}"',
                nearest(tag, tags),
                document.span((*path, "kind")),
            )
        case "union_tag_not_found":
            return Diagnostic(
                "missing-key",
                f"{'this entry' if name.isdigit() else repr(name)} does not say of what kind it is",
                "an entry of the order is a `page`, a `topic` or a `part`; a figure has a `kind`",
                span,
            )
        case "said":
            return Diagnostic("wrong-value", error["ctx"]["message"], error["ctx"]["hint"], span)
        case "period":
            return Diagnostic("wrong-value", error["msg"], "the first year comes first", span)
        case "formula":
            hint = "give one of sum, difference, share, ratio, change-in-percent, change-in-points"
            return Diagnostic("wrong-value", error["msg"], hint, span)
        case "resolution" | "condition":
            return Diagnostic("wrong-value", error["msg"], "see docs/print.md for what a printer profile holds", span)
        case "digits":
            return Diagnostic("wrong-value", error["msg"], "give it in a larger unit, such as million-euro", span)
        case "int_parsing" if name == "[key]":
            return Diagnostic("wrong-value", f'"{given}" is not a year', "write the year as a number: 2021", span)
        case "greater_than_equal" | "less_than_equal":
            message = f'"{name}" is {given}, which cannot be'
            return Diagnostic("wrong-value", message, f"it {error['msg'].removeprefix('Input ')}", span)
        case "too_short" | "too_long":
            message = f'"{name}" has {error["ctx"]["actual_length"]} entries'
            least, most = error["ctx"].get("min_length"), error["ctx"].get("max_length")
            return Diagnostic("wrong-value", message, f"at least {least}" if least else f"at most {most}", span)
        case "number":
            message = f'"{name}" is {_describe(given)}, and a number is wanted'
            return Diagnostic("wrong-type", message, _number_hint(given), span)
    return Diagnostic(
        "wrong-type",
        f'"{name}" is {_describe(given)}, and {_wanted(kind, error)} is wanted',
        _type_hint(kind, given, name),
        span,
    )


def _known_keys(model: type[BaseModel], path: tuple[Any, ...]) -> list[str]:
    """The keys that a model takes at `path`, walking through lists, maps and unions."""
    models = [model]
    for number, step in enumerate(path):
        if _is_tag(path[:number]):
            models = [BLOCKS[step]]
            continue
        following: list[type[BaseModel]] = []
        for one in models:
            named = [f for n, f in one.model_fields.items() if step in (n, f.alias)]
            following += _models(named[0].annotation) if named else [one]
        models = following or models
    return [f.alias or n for one in models for n, f in one.model_fields.items()]


def _is_tag(before: tuple[Any, ...]) -> bool:
    """Whether pydantic puts the kind of a block after these steps: it is called as one of the block's keys is."""
    return len(before) >= 2 and before[-2] in ("body", "row") and isinstance(before[-1], int)


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for inner in get_args(annotation) for m in _models(inner)]


def _describe(value: Any) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return "true or false"
        case Text():
            return f'the text "{value[:40]}"'
        case dict():
            return "a map of keys"
        case list():
            return "a list"
    return f"the number {value}"


def _wanted(kind: str, error: Any) -> str:
    names = {
        "is_instance_of": "a text",
        "int_type": "a whole number",
        "bool_type": "true or false",
        "bool_parsing": "true or false",
        "tuple_type": "a list",
        "dict_type": "a map of keys",
        "mapping_type": "a map of keys",
        "model_type": "a map of keys",
        "model_attributes_type": "a map of keys",
    }
    return names.get(kind, str(error["msg"][0].lower() + error["msg"][1:]))


def _number_hint(given: Any) -> str:
    if isinstance(given, Text) and "," in given:
        return f"write the decimals after a dot: {given.replace('.', '').replace(',', '.')}"
    return "write a number without quotes, unit or thousands dots"


def _type_hint(kind: str, given: Any, name: str) -> str:
    if kind == "is_instance_of" and isinstance(given, dict | list):
        return f"write the text after `{name}:`, in quotes if it has a colon or begins with a bracket"
    if kind == "is_instance_of":
        return f'put it in quotes: {name}: "{given}"' if given is not None else f"write the text after `{name}:`"
    if kind == "int_type":
        return _number_hint(given)
    if kind == "tuple_type":
        return f"begin each entry below `{name}:` with a hyphen and a space, or write `{name}: []` for none"
    if kind.startswith(("model", "dict", "mapping")):
        return "write it as `key: value`, one on each line; docs/content.md lists the keys"
    return ""


def unknown(code: str, what: str, name: str, known: Iterable[str], span: Span | None) -> Diagnostic:
    """`no indicator "fondi-eu"`, with the name that was probably meant."""
    return Diagnostic(code, f'no {what} "{name}"', nearest(name, known), span)
