"""A project as it was: one of its revisions, taken out of git into a folder of its own."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

from builder.model.diagnostics import Diagnostic, ExitCode, ReportError
from builder.model.project import Project

_SECONDS = 120


def is_revision(name: str, root: Path) -> bool:
    """Whether git knows a commit by this name in the project's repository."""
    if name.startswith("-"):
        return False
    return _git(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}") is not None


def take_out(name: str, project: Project, folder: Path) -> Project:
    """The project as it stood in revision `name`, written into `folder`. Raises ReportError."""
    archive = _git(project.root, "archive", "--format=tar", name, ".")  # begins at the project's folder
    if archive is None:
        message = f'the revision "{name}" cannot be taken out of git'
        raise ReportError([Diagnostic("no-revision", message, "see `git log` for what there is")], ExitCode.USAGE)
    try:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(folder, filter="data")
    except tarfile.TarError as error:
        message = f'the revision "{name}" cannot be unpacked: {error}'
        hint = "links that lead out of the project are not followed"
        raise ReportError([Diagnostic("no-revision", message, hint)], ExitCode.CONTENT) from error
    return Project.at(folder)


def _git(root: Path, *words: str) -> bytes | None:
    """What git answers, or None where it refuses. Raises ReportError (missing tool) where there is no git."""
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, timeout=_SECONDS, check=False)
    except FileNotFoundError as error:
        hint = "install git, or compare two PDFs"
        raise ReportError([Diagnostic("missing-tool", "git is not installed", hint)], ExitCode.MISSING_TOOL) from error
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None
