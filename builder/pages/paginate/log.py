"""What WeasyPrint only logs, as diagnostics."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from builder.model.diagnostics import Diagnostic, Span, warning

_CSS_PLACE = re.compile(r"^(.*) at (\d+):(\d+)(.*)$", re.DOTALL)

# What `fetcher` says of a drawing: its file, what is wrong with it, and what to do.
_DRAWING = re.compile(r"(\S+ cannot be printed: .*) \((.*)\)$", re.DOTALL)


class _Log(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def listening() -> Iterator[list[str]]:
    """Collects what WeasyPrint says."""
    log = _Log()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(log)
    propagate, logger.propagate = logger.propagate, False
    try:
        yield log.messages
    finally:
        logger.removeHandler(log)
        logger.propagate = propagate


def css_diagnostic(message: str, file: str) -> Diagnostic:
    place = _CSS_PLACE.match(message)
    if place is None:
        return Diagnostic("css", message, "see docs/layouts.md for what the layout engine knows", Span(file))
    text = (place[1] + place[4]).strip()
    return Diagnostic(
        "css",
        text,
        "see docs/layouts.md for what the layout engine knows",
        Span(file, int(place[2]), int(place[3])),
    )


def log_diagnostic(message: str, name: str, span: Span | None) -> Diagnostic | None:
    if (drawing := _DRAWING.search(message)) is not None:
        return Diagnostic("bad-image", f"{name}: the drawing {drawing[1]}", drawing[2], span)
    if message.startswith("Failed to load image") or "image at" in message:
        return Diagnostic("bad-image", f"{name}: {message}", "save it again as JPEG or PNG, inside the project", span)
    if "alt description" in message:
        return Diagnostic("missing-alt", f"{name}: {message}", "give the picture an `alt` text", span)
    if message.startswith(("Font-face", "Failed to load font", "Unable to subset")):
        return Diagnostic("missing-font", f"{name}: {message}", "check the fonts in layouts/theme.yaml", span)
    if "No anchor" in message:
        return Diagnostic("unknown-anchor", f"{name}: {message}", "check the link", span)
    if message.startswith("Failed to load"):
        return Diagnostic(
            "outside-project", f"{name}: {message}", "use a file of the project, and check its name", span
        )
    return warning("layout", f"{name}: {message}", "", span)
