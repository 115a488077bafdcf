"""Jinja2 as this project uses it: templates see data and nothing else, and none that lies outside."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel

from builder.model.diagnostics import Diagnostic, ReportError, Span
from builder.model.spelling import composed
from builder.runtime.cache import Cache, key


class _Templates(FileSystemLoader):
    """Templates of the project; a link that leads out of it is not followed."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, file, current = super().get_source(environment, template)
        root = Path(self.searchpath[0]).resolve().parents[1]
        if not Path(file).resolve().is_relative_to(root):
            raise TemplateNotFound(template)
        return composed(source), file, current


class _Sandbox(ImmutableSandboxedEnvironment):
    """Of the report's data, templates get fields and properties, and none of the methods that models inherit."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, BaseModel):
            own = attr in type(obj).model_fields or isinstance(getattr(type(obj), attr, None), property)
            return own and not attr.startswith(("_", "model_"))
        return super().is_safe_attribute(obj, attr, value)


class _Compiled(BytecodeCache):
    """Compiled templates, in builder's cache: Jinja's own on disk has no limit, and trusts what it finds."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def load_bytecode(self, bucket: Bucket) -> None:
        if (code := self._cache.get(self._name(bucket))) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._cache.put(self._name(bucket), bucket.bytecode_to_string())

    def _name(self, bucket: Bucket) -> str:
        return key("template", bucket.key, bucket.checksum)


def environment(folder: Path, cache: Cache | None = None) -> Environment:
    return _Sandbox(
        bytecode_cache=_Compiled(cache) if cache is not None else None,
        loader=_Templates(folder),
        autoescape=lambda name: not (name or "").endswith(".txt"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def letter(folder: Path, name: str, context: Mapping[str, Any]) -> str:
    """A template outside the book, such as a message's. Raises ReportError for what is wrong in it."""
    where = f"layouts/{folder.as_posix().rpartition('/layouts/')[2]}/{name}"
    try:
        return environment(folder).get_template(name).render(context)
    except (TemplateError, TypeError, AttributeError, ValueError, ArithmeticError, OSError) as error:
        line = getattr(error, "lineno", None) or getattr(template_span(error, folder), "line", None)
        said = f"there is no template {name}" if isinstance(error, TemplateNotFound) else str(error)
        raise ReportError([Diagnostic("template", said, "see docs/mail.md", Span(where, line or 1))]) from error


def web_page(template: Path, context: Mapping[str, Any]) -> str:
    """A page for the browser, from one of builder's own templates."""
    return environment(template.parent).get_template(template.name).render(context)


def wrong_template(
    error: BaseException, folder: Path, name: str, section: str, where: Span | None
) -> Diagnostic | None:
    """What is wrong with a template of the book, which composes a section; None where the fault is not in one."""
    match error:
        case TemplateNotFound():
            return Diagnostic(
                "missing-template", f'there is no template "{error.name}"', "put it into layouts/pages", where
            )
        case TemplateSyntaxError():
            span = Span(f"layouts/pages/{error.name or name}", error.lineno)
            return Diagnostic("template-syntax", str(error.message), "see docs/layouts.md", span)
        case UnicodeDecodeError():
            said, hint = f"a template is not in UTF-8: {error.reason}", 'save it again as "UTF-8" in the editor'
            return Diagnostic("not-utf8", said, hint, Span(f"layouts/pages/{name}"))
        case RecursionError():
            said = f"the template {name} includes itself"
            return Diagnostic("template", said, "take the include out", Span(f"layouts/pages/{name}"))
    place = template_span(error, folder)
    hint = "the template uses something that the report does not have: see docs/layouts.md for what there is"
    return Diagnostic("template", f"while composing {section}: {error}", hint, place) if place is not None else None


def template_span(error: BaseException, folder: Path) -> Span | None:
    """The line of the template that was being rendered when `error` happened."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(folder)]
    return Span(f"layouts/pages/{Path(frames[-1].filename).name}", frames[-1].lineno or 1) if frames else None
