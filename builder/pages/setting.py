"""What all sections of an edition are laid out with."""

from __future__ import annotations

import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from builder.runtime.files import digest, files
from builder.model.project import Project

# What of the layouts becomes part of the HTML, or of the tokens, and has no part in the layout otherwise.
_IN_HTML = frozenset(("pages", "labels", "mail", "theme.yaml"))
_TEXTS = frozenset((".html", ".txt", ".yaml", ".yml"))


@dataclass(frozen=True, slots=True)
class Setting:
    """`tokens` is the theme as CSS, `beside` the digest of stylesheets and fonts."""

    project: Project
    tokens: str
    tagged: bool
    beside: bytes = b""


def beside(project: Project) -> bytes:
    """The digest of stylesheets, of all that they may name, and of fonts, as they are now."""
    layouts = (path for path in files(project.layouts) if part_of_layout(path, project))
    return _digest(project.layouts, layouts) + fonts(project)


def part_of_layout(path: Path, project: Project) -> bool:
    """Whether it is a file of the layouts or a font, and counts for `beside`."""
    if path.is_relative_to(project.fonts):
        return True
    if not path.is_relative_to(project.layouts):
        return False
    return path.relative_to(project.layouts).parts[0] not in _IN_HTML or path.suffix not in _TEXTS


def fonts(project: Project) -> bytes:
    """The digest of the project's fonts."""
    return _digest(project.fonts, files(project.fonts))


def _digest(folder: Path, found: Iterable[Path]) -> bytes:
    """Files of a folder, with their names."""
    whole = sha256()
    for path in found:
        with suppress(OSError):  # gone again, as files of editors are
            state = path.stat()
            if stat.S_ISREG(state.st_mode):
                said = digest(path, state.st_mtime_ns, state.st_size)
                whole.update(path.relative_to(folder).as_posix().encode() + b"\0" + said)
    return whole.digest()
