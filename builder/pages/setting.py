"""What all sections of an edition are laid out with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from builder.design.digests import folder_digest, fonts_digest
from builder.design.edition import Edition
from builder.design.theme import Theme
from builder.model.front import Frontmatter
from builder.model.project import Project
from builder.runtime.files import files

# What of the layouts becomes part of the HTML, or of the tokens, and has no part in the layout otherwise.
_IN_HTML = frozenset(("pages", "labels", "mail", "theme.yaml"))
_TEXTS = frozenset((".html", ".txt", ".yaml", ".yml"))


@dataclass(frozen=True, slots=True)
class Setting:
    """`tokens` is the theme as CSS, `beside` the digest of stylesheets and fonts.

    Drawings are set in one of the `families`, the first where they name another; their colours are mixed for the press
    whose profile is in the file `icc`, and stay as they are for screens. Words are parted at the hyphens that they have
    in `hyphenation`, and there alone.
    """

    project: Project
    tokens: str
    tagged: bool
    families: tuple[str, ...]
    icc: Path | None
    hyphenation: tuple[str, ...] = ()
    beside: bytes = b""


def beside(project: Project) -> bytes:
    """The digest of stylesheets, of all that they may name, and of fonts, as they are now."""
    layouts = (path for path in files(project.layouts) if part_of_layout(path, project))
    return folder_digest(project.layouts, layouts) + fonts_digest(project)


def part_of_layout(path: Path, project: Project) -> bool:
    """Whether it is a file of the layouts or a font, and counts for `beside`."""
    if path.is_relative_to(project.fonts):
        return True
    if not path.is_relative_to(project.layouts):
        return False
    return path.relative_to(project.layouts).parts[0] not in _IN_HTML or path.suffix not in _TEXTS


def setting(project: Project, theme: Theme, edition: Edition, front: Frontmatter | None) -> Setting:
    """What the sections of an edition are laid out with."""
    tokens = theme.css(edition.space, project.fonts, bleed=edition.bleed, screen=edition.tagged)
    icc = edition.printer.icc if edition.printer is not None and edition.space == "cmyk" else None
    words = () if front is None else (*_words_of(front), *map(str, front.hyphenation))
    return Setting(project, tokens, edition.tagged, theme.families, icc, words)


def _words_of(front: Frontmatter) -> Iterator[str]:
    """The words of names, which are not parted."""
    for name in front.names:
        yield from re.findall(r"[^\W\d_]+", name.write)
