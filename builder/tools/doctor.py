"""doctor: what is installed, found and missing, each with its remedy."""

from __future__ import annotations

import ctypes.util
import platform
import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

WEASYPRINT = "70.0"
OLDEST_PYTHON = (3, 11)
OLDEST_PANGO = (1, 44)  # WeasyPrint 70, docs/first_steps.rst

_LIBRARIES = (
    *("weasyprint", "matplotlib", "pikepdf", "pydantic", "jinja2", "babel", "pyyaml", "pillow", "numpy", "typer"),
    *("rich", "markdown-it-py", "mdit-py-plugins", "fonttools", "uharfbuzz", "email-validator"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked for."""

    name: str
    good: bool
    found: str
    remedy: str = ""


def examine(folder: Path) -> tuple[Finding, ...]:
    """Everything that a build needs, in the order in which a person would mend it."""
    mac = platform.system() == "Darwin"
    findings = [
        Finding(
            "Python",
            sys.version_info[:2] >= OLDEST_PYTHON,
            platform.python_version(),
            "install Python 3.11 or newer",
        ),
        _library(
            "Pango",
            "pango-1.0",
            "brew install pango" if mac else "apt install libpango-1.0-0 libpangoft2-1.0-0",
        ),
        _library("HarfBuzz", "harfbuzz", "brew install harfbuzz" if mac else "apt install libharfbuzz0b"),
        _library(
            "HarfBuzz-subset",
            "harfbuzz-subset",
            "brew install harfbuzz" if mac else "apt install libharfbuzz-subset0",
        ),
    ]
    findings.append(_ghostscript(mac))
    for name in _LIBRARIES:
        try:
            found = version(name)
            findings.append(
                Finding(
                    name,
                    name != "weasyprint" or found == WEASYPRINT,
                    found,
                    f"pip install weasyprint=={WEASYPRINT}: rendering changes with every release",
                )
            )
        except PackageNotFoundError:
            findings.append(Finding(name, False, "not installed", f"pip install {name}"))
    findings.append(_engine())
    findings += _fonts(folder)
    return tuple(findings)


def _library(name: str, stem: str, remedy: str) -> Finding:
    file = ctypes.util.find_library(stem)
    return Finding(name, file is not None, file or "not found", remedy)


def _ghostscript(mac: bool) -> Finding:
    """It measures the ink of print editions."""
    found = shutil.which("gs")
    return Finding(
        "Ghostscript", found is not None, found or "not found", f"{'brew' if mac else 'apt'} install ghostscript"
    )


def _engine() -> Finding:
    """WeasyPrint loads its libraries when it is imported: the only sure test is to do so."""
    try:
        from weasyprint.text.ffi import pango
    except (ImportError, OSError) as error:
        return Finding("Pango in use", False, str(error).splitlines()[0], "install the libraries above")
    number = int(pango.pango_version())
    found = (number // 10000, number // 100 % 100)
    return Finding(
        "Pango in use",
        found >= OLDEST_PANGO,
        ".".join(map(str, (*found, number % 100))),
        f"install Pango {'.'.join(map(str, OLDEST_PANGO))} or newer",
    )


def _fonts(folder: Path) -> list[Finding]:
    """The fonts of the project in `folder`, if there is one."""
    from builder.content.schema_errors import validated
    from builder.content.yamlfile import read_yaml
    from builder.design.theme import Theme
    from builder.model.diagnostics import ReportError
    from builder.model.project import Project

    try:
        project = Project.at(folder)
    except ReportError:
        return [Finding("report project", True, "none here: fonts were not looked for")]
    theme = validated(Theme, read_yaml(project.layouts / "theme.yaml", "layouts/theme.yaml", []), [])
    if theme is None:
        return [Finding("theme", False, "layouts/theme.yaml cannot be read", "run builder check")]
    return [
        Finding(
            f"font {one.file}",
            (project.fonts / one.file).is_file(),
            "found" if (project.fonts / one.file).is_file() else "not found",
            "put the file into fonts/",
        )
        for family in (theme.fonts.heading, theme.fonts.body)
        for one in family.faces
    ]
