"""Printer profiles as they are read: those of the project, and those that are shipped."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from builder.content.schema_errors import nearest, validated
from builder.content.yamlfile import read_yaml
from builder.design.printer import Printer, Profile, is_cmyk_output
from builder.model.diagnostics import Diagnostic, ExitCode, ReportError, Span
from builder.model.project import SHIPPED, Project


def printers(project: Project | None) -> Mapping[str, Path]:
    """Every printer profile by name: those of the project's `printers/` before the shipped ones."""
    folders = [SHIPPED, *([project.root / "printers"] if project is not None else [])]
    return {p.stem: p for folder in folders for p in sorted(folder.glob("*.yaml"))}


def printer(name: str, project: Project | None) -> Printer:
    """The printer profile `name`. Raises ReportError: usage where there is none, content where it is wrong."""
    known = printers(project)
    if name not in known:
        raise ReportError(
            [Diagnostic("unknown-printer", f'there is no printer profile "{name}"', nearest(name, known))],
            ExitCode.USAGE,
        )
    path = known[name]
    label = f"printers/{path.name}"
    problems: list[Diagnostic] = []
    document = read_yaml(path, label, problems)
    profile = validated(Profile, document, problems) if not problems else None
    if profile is None:
        raise ReportError(problems)
    icc = None
    if profile.condition is not None:
        span = profile.condition.profile.span or Span(label)
        places = [folder / profile.condition.profile for folder in (path.parent, SHIPPED)]
        inside = [
            place for place in places if place.is_file() and place.resolve().parent in (path.parent.resolve(), SHIPPED)
        ]
        icc = inside[0] if inside else None
        if icc is None:
            raise ReportError(
                [
                    Diagnostic(
                        "missing-profile",
                        f'there is no ICC profile "{profile.condition.profile}" beside {label}',
                        "put the file that the print shop gave you into the folder printers/, or name a shipped one: "
                        + ", ".join(sorted(p.name for p in SHIPPED.glob("*.icc"))),
                        span,
                    )
                ],
                ExitCode.MISSING_TOOL,
            )
        if not is_cmyk_output(icc.read_bytes()):
            raise ReportError(
                [
                    Diagnostic(
                        "wrong-profile",
                        f'"{icc.name}" is not the profile of a four-colour press',
                        "ask the print shop for its CMYK output profile",
                        span,
                    )
                ]
            )
    return Printer.model_construct(**dict(profile), name=name, icc=icc)
