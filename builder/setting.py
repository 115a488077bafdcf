"""What all sections of an edition are laid out with."""

from __future__ import annotations

from dataclasses import dataclass

from builder.project import Project


@dataclass(frozen=True, slots=True)
class Setting:
    """`tokens` is the theme as CSS, `beside` the digest of stylesheets and fonts."""

    project: Project
    tokens: str
    tagged: bool
    beside: bytes = b""
