"""The shape of the code: the folders that are the pipeline, and who may import whom."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.conftest import ROOT

BUILDER = ROOT / "builder"
# From the bottom up: a package imports only what stands before it. `ls builder/` shows the same.
LAYERS = (
    "model", "runtime", "design", "content", "figures", "pages", "pdf", "preflight",
    "build", "tools", "cli", "__main__",
)  # fmt: skip
# Stages that meet in `build` alone, and what knows no book.
APART = {("pages", "figures"), ("preflight", "pages"), ("preflight", "figures"), ("pdf", "figures")}


def imports(tree: ast.AST, *, at_start: bool = False) -> Iterator[str]:
    """Modules that are imported when the code runs, or already when it is loaded (not for type checkers alone)."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if at_start and isinstance(node, ast.FunctionDef):
            continue
        if isinstance(node, ast.ImportFrom):
            assert node.module, "relative imports would pass by"
            assert node.level == 0, node.module
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        yield from imports(node, at_start=at_start)


@lru_cache
def trees() -> dict[str, ast.AST]:
    """Every module by its name."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(path.read_bytes())
        for path in BUILDER.rglob("*.py")
    }


def package(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def test_the_folders_are_the_pipeline() -> None:
    there = {path.stem for path in BUILDER.iterdir() if path.name not in ("__pycache__", "py.typed", "__init__.py")}
    assert there == set(LAYERS)


def test_a_package_imports_only_what_stands_before_it() -> None:
    for module, tree in trees().items():
        own = package(module)
        for name in imports(tree):
            other = package(name) if name in trees() else ""
            if own and other and own != other:
                assert LAYERS.index(other) < LAYERS.index(own), f"{module} imports {name}"
                assert (own, other) not in APART, f"{module} imports {name}"


def test_runtime_knows_no_book() -> None:
    for module, tree in trees().items():
        if package(module) == "runtime":
            known = {name for name in imports(tree) if name.startswith("builder.") and package(name) != "runtime"}
            assert {".".join(name.split(".")[:3]) for name in known} <= {
                "builder.model",
                "builder.model.diagnostics",
            }, module


def test_no_module_is_loaded_in_a_circle() -> None:
    """A module of a package loads the package first, where that is another."""
    graph: dict[str, set[str]] = {}
    for module, tree in trees().items():
        found = graph.setdefault(module, set())
        for name in imports(tree, at_start=True):
            parents = [name.rsplit(".", n)[0] for n in range(name.count("."))]
            found |= {one for one in parents if one in trees() and not f"{module}.".startswith(f"{one}.")}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_each_heavy_library_has_one_adapter() -> None:
    for library, adapters in (
        ("weasyprint", {"pages.paginate", "tools.doctor"}),
        ("uharfbuzz", {"pdf.bind", "design.fonts"}),
        (
            "matplotlib",
            {f"figures.{one}" for one in ("axis", "canvas", "diagrams", "icons", "maps", "parts", "surface")},
        ),
        ("subprocess", {"preflight.separations", "tools.diff"}),
        ("jinja2", {"pages.compose", "design.templates"}),
        ("yaml", {"content.yamlfile"}),
        ("openpyxl", {"content.cells", "content.opendocument", "content.reckon", "content.sheets", "content.tables"}),
        ("odfdo", {"content.opendocument"}),
        ("pypdfium2", {"content.pdftext", "design.pdf_pages"}),
        ("num2words", {"content.numbers"}),
        ("pebble", {"runtime.pool"}),
        ("multiprocessing", {"runtime.fork_server"}),
        ("cffi", {"pages.engine"}),
        ("tinycss2", {"design.drawings"}),
        ("pillow_heif", {"design.pixels"}),
        ("shapely", {"figures.maps", "figures.map_names"}),
        ("pyproj", {"figures.maps"}),
    ):
        users = {
            ".".join(module.split(".")[1:3])
            for module, tree in trees().items()
            if any(name.split(".")[0] == library for name in imports(tree))
        }
        assert users == adapters, library


def test_only_the_command_line_prints_or_exits() -> None:
    for path in BUILDER.rglob("*.py"):
        if path.relative_to(BUILDER).parts[0] not in ("cli", "__main__.py"):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"(?<![\w.])print\(|\bout\.print\(", text), path
            assert "sys.exit" not in text, path
            assert "SystemExit" not in text, path


def test_modules_can_be_read_in_one_sitting() -> None:
    for path in BUILDER.rglob("*.py"):
        if path.name != "declarations.py":
            assert len(path.read_text(encoding="utf-8").splitlines()) <= 330, path


def test_the_cache_sees_a_change_in_any_file_of_the_program() -> None:
    from builder.runtime.unchanged import code

    assert set(code()) == {p for p in BUILDER.rglob("*") if p.is_file() and p.suffix != ".pyc"}


def test_every_file_of_tests_is_run(request: pytest.FixtureRequest) -> None:
    """pytest passes by folders that are called as what other tools make, such as `build`."""
    passed_by = request.config.getini("norecursedirs")
    folders = {part for path in (ROOT / "tests").rglob("test_*.py") for part in path.relative_to(ROOT).parts[:-1]}
    assert not [name for name in folders for pattern in passed_by if fnmatch(name, pattern)]
