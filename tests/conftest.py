"""What tests share: the report built once, and small projects to change and to break."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest
from hypothesis import settings

from builder.build import build
from builder.build.run import Built
from builder.content.printers import printer
from builder.design.edition import EMAIL, Edition
from builder.model.project import Project
from builder.tools.starter import plant

# Programs that tests start hear Ctrl-C, even where this one was started in the background and does not (POSIX, 2.11).
signal.signal(signal.SIGINT, signal.default_int_handler)
# No test takes from the user's cache, or leaves anything there.
_CACHE = tempfile.TemporaryDirectory(prefix="builder-tests-")
os.environ["BUILDER_CACHE"] = _CACHE.name
ROOT = Path(__file__).parent.parent
# Random tests take the same examples each time, so that a change is judged by what it changes. To look for more:
# TIMES=20 pytest tests/figures --hypothesis-seed=7
_TIMES = int(os.environ.get("TIMES", "0"))
settings.register_profile("same", derandomize=_TIMES == 0, deadline=None)
settings.load_profile("same")
Change = Callable[..., Project]


PRINT = Edition("print", printer("coated-fogra39", None))


def examples(count: int) -> int:
    """How many examples a random test takes."""
    return count * max(1, _TIMES)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew-golden", action="store_true", help="Make the golden pages anew, after looking at them.")


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The mandate report for screens, built from this repository's content."""
    return build(Project.at(ROOT), EMAIL, tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The mandate report for the press."""
    return build(Project.at(ROOT), PRINT, tmp_path_factory.mktemp("printed"))


@pytest.fixture
def book(report: Built) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(report.path) as pdf:
        yield pdf


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of `builder new`, made once; tests copy it."""
    folder = tmp_path_factory.mktemp("starter") / "project"
    plant(folder)
    return folder


@pytest.fixture
def project(planted: Path, tmp_path: Path) -> Change:
    """A copy of the new project with some files written over: project({"content/topics/meals.yaml": "…"})."""

    def change(files: dict[str, str | bytes | None] | None = None) -> Project:
        root = tmp_path / "project"
        if not root.exists():
            shutil.copytree(planted, root)
        for name, text in (files or {}).items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.unlink()
            elif isinstance(text, bytes):
                path.write_bytes(text)
            else:
                path.write_text(text, encoding="utf-8")
        return Project.at(root)

    return change
