"""Prints an accountability report from YAML, HTML and CSS, as a printer makes a book.

    content → figures → pages → pdf → preflight
       │         │        │      │        └ rules on the finished PDF, as diagnostics
       │         │        │      └ bind, finish: fragments → one PDF, in the inks and boxes of its edition
       │         │        └ compose, paginate: report + theme → HTML, one section → one fragment, until all are counted
       │         └ draw: figure + theme → SVG
       └ load, check: YAML with line marks → report (typed, frozen), every problem found at once

What is in `__all__` is for other programs (docs/api.md), and is loaded when it is first asked for.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from builder.model.about import __version__

if TYPE_CHECKING:
    from builder.build import Built, build, check
    from builder.content.printers import printer
    from builder.design.edition import ARCHIVE, EMAIL, Edition
    from builder.design.printer import Printer
    from builder.model.diagnostics import (
        CannotWriteError,
        ContentError,
        Diagnostic,
        MissingToolError,
        PreflightError,
        ReportError,
        Severity,
        Span,
        UsageError,
        WorkerError,
    )
    from builder.model.project import Project
    from builder.preflight import Verdict, preflight
    from builder.runtime.cache import Cache

__all__ = [
    "ARCHIVE",
    "EMAIL",
    "Built",
    "Cache",
    "CannotWriteError",
    "ContentError",
    "Diagnostic",
    "Edition",
    "MissingToolError",
    "PreflightError",
    "Printer",
    "Project",
    "ReportError",
    "Severity",
    "Span",
    "UsageError",
    "Verdict",
    "WorkerError",
    "__version__",
    "build",
    "check",
    "preflight",
    "printer",
]
_MODULES = {
    "build": ("Built", "build", "check"),
    "content.printers": ("printer",),
    "design.edition": ("ARCHIVE", "EMAIL", "Edition"),
    "design.printer": ("Printer",),
    "model.diagnostics": (
        "CannotWriteError",
        "ContentError",
        "Diagnostic",
        "MissingToolError",
        "PreflightError",
        "ReportError",
        "Severity",
        "Span",
        "UsageError",
        "WorkerError",
    ),
    "model.project": ("Project",),
    "preflight": ("Verdict", "preflight"),
    "runtime.cache": ("Cache",),
}
_WHERE = {name: f"builder.{module}" for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'builder' has no attribute {name!r}")
    value = getattr(import_module(_WHERE[name]), name)
    setattr(sys.modules[__name__], name, value)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(ModuleType):
    """This package. `builder.build` and `builder.preflight` are functions, and not the folders that hold them.

    Python sets a package's attribute when it loads a folder in it (Language Reference, 5.4.2): that is not done here.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if name in _WHERE and isinstance(value, ModuleType):
            return
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
