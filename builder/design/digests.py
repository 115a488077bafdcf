"""The digests of what a design is made of: its fonts, and the files of a folder."""

from __future__ import annotations

import stat
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from builder.model.project import Project
from builder.runtime.files import digest, files


def fonts_digest(project: Project) -> bytes:
    """The digest of the project's fonts."""
    return folder_digest(project.fonts, files(project.fonts))


def folder_digest(folder: Path, found: Iterable[Path]) -> bytes:
    """Files of a folder, with their names."""
    whole = sha256()
    for path in found:
        with suppress(OSError):  # gone again, as files of editors are
            state = path.stat()
            if stat.S_ISREG(state.st_mode):
                said = digest(path, state.st_mtime_ns, state.st_size)
                whole.update(path.relative_to(folder).as_posix().encode() + b"\0" + said)
    return whole.digest()
