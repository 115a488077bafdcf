"""Figures that a project draws itself: a file of Python in `figures/`, with one function `draw(canvas, data)`.

It is a program and may do what the user may do, so it runs only in a project that is trusted.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from types import ModuleType

from builder.content.dataset import Dataset
from builder.figures.canvas import Canvas
from builder.model.diagnostics import Diagnostic, ReportError, Span


def run(canvas: Canvas, table: Dataset, file: Path, name: str) -> None:
    """Have the project's own function draw. `name` is what messages call the file.

    Raises ReportError where it fails, with the line at which it did.
    """
    own = f"{__name__}.{file.stem}"
    module = ModuleType(own)
    module.__file__ = str(file)
    sys.modules[own] = module  # where dataclasses look for it
    try:
        exec(compile(file.read_bytes(), str(file), "exec"), module.__dict__)
        draw = module.__dict__.get("draw")
        if callable(draw):
            draw(canvas, table)
            return
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever it does, it ends the figure and not the process
        message = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        hint = "see docs/own-figures.md for what a figure of your own is given"
        raise ReportError([Diagnostic("figure-code", message, hint, Span(name, _line(error, file)))]) from error
    finally:
        del sys.modules[own]
    message, hint = (
        "the file has no function `draw`",
        "write `def draw(canvas, data): …`: docs/own-figures.md has an example",
    )
    raise ReportError([Diagnostic("figure-code", message, hint, Span(name, 1))])


def _line(error: BaseException, file: Path) -> int:
    """The last line of the file on the way to the error."""
    if isinstance(error, SyntaxError) and error.lineno and error.filename == str(file):
        return error.lineno
    steps = traceback.extract_tb(error.__traceback__)
    return next((step.lineno or 1 for step in reversed(steps) if step.filename == str(file)), 1)
