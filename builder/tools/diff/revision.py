"""A project as it was: one of its revisions, taken out of git into a folder of its own.

The project may be a stranger's, and so may its `.git`: what that sets up to be run must not run. So nothing is checked
out or archived, which would call filters, but trees and files are listed and read as they are kept; nothing is fetched.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path, PurePosixPath

from builder.model.diagnostics import Diagnostic, ExitCode, ReportError
from builder.model.project import Project

_SECONDS = 120
# Regular files, executable or not; links and submodules are left out (gitformat-index, "mode").
_FILES = frozenset((b"100644", b"100755"))
# No transport is allowed (git, GIT_ALLOW_PROTOCOL): what a partial clone lacks would be fetched by its commands.
_ALONE = {"GIT_ALLOW_PROTOCOL": "none", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}


def is_revision(name: str, root: Path) -> bool:
    """Whether git knows a commit by this name in the project's repository."""
    if name.startswith("-"):
        return False
    return _git(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}") is not None


def take_out(name: str, project: Project, folder: Path) -> Project:
    """The project as it stood in revision `name`, written into `folder`. Raises ReportError."""
    files = _files(name, project.root)
    kept = _git(project.root, "cat-file", "--batch", said=b"".join(name + b"\n" for name in files.values()))
    if not files or kept is None:
        message = f'the revision "{name}" cannot be taken out of git'
        raise ReportError([Diagnostic("no-revision", message, "see `git log` for what there is")], ExitCode.USAGE)
    at = 0
    for path, digest in files.items():
        line = kept.index(b"\n", at)
        found, kind, size = kept[at:line].split()
        assert (found, kind) == (digest, b"blob"), kept[at:line]
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(kept[line + 1 : line + 1 + int(size)])
        at = line + 2 + int(size)
    return Project.at(folder, trusted=project.trusted)


def _files(name: str, root: Path) -> dict[PurePosixPath, bytes]:
    """The files of a revision below the project's folder, and the names of what is in them."""
    listed = _git(root, "ls-tree", "-r", "-z", name, "--", ".") or b""
    files: dict[PurePosixPath, bytes] = {}
    for entry in filter(None, listed.split(b"\0")):
        about, _, path = entry.partition(b"\t")
        mode, _kind, digest = about.split()
        place = PurePosixPath(os.fsdecode(path))
        if mode in _FILES and not place.is_absolute() and ".." not in place.parts:
            files[place] = digest
    return files


def _git(root: Path, *words: str, said: bytes = b"") -> bytes | None:
    """What git answers, or None where it refuses. Raises ReportError (missing tool) where there is no git."""
    command = ["git", "-C", str(root), *words]
    try:
        done = subprocess.run(
            command, input=said, capture_output=True, timeout=_SECONDS, check=False, env=os.environ | _ALONE
        )
    except FileNotFoundError as error:
        hint = "install git, or compare two PDFs"
        raise ReportError([Diagnostic("missing-tool", "git is not installed", hint)], ExitCode.MISSING_TOOL) from error
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None
