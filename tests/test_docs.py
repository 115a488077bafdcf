"""What the documents say is so."""

from __future__ import annotations

import json
import re
from importlib.util import module_from_spec, spec_from_file_location
from typing import get_args

import jsonschema
import pytest
import yaml

from builder.content import numbers
from builder.content.markup import MARKS
from builder.content.printers import printers
from builder.content.rules import CHECKS
from builder.design.printer import Profile
from builder.figures.draw import HEIGHTS
from builder.model.body import TableBlock
from builder.model.diagnostics import ExitCode
from builder.model.figure import Figure
from builder.model.front import Column, Frontmatter, PageEntry, PartEntry, Topic, TopicEntry
from builder.model.indicator import Indicator, Source
from builder.model.node import Node
from builder.model.photo import Image
from builder.preflight import RULES
from builder.tools.schema import schema_text
from tests.conftest import ROOT

DOCS = {f.stem: f.read_text(encoding="utf-8") for f in (ROOT / "docs").glob("*.md")}
CONTENT = (ROOT / "docs" / "content.md").read_text(encoding="utf-8")
EXAMPLES = [
    example
    for name in ("content", "checks", "traceability", "own-figures", "figures", "blocks", "tables")
    for example in re.findall(r"^```yaml (\w+)\n(.*?)^```", DOCS[name], re.MULTILINE | re.DOTALL)
]


@pytest.mark.parametrize(
    ("model", "heading"),
    [
        (Frontmatter, "content/report.yaml"),
        (PageEntry, "content/report.yaml"),
        (TopicEntry, "content/report.yaml"),
        (PartEntry, "content/report.yaml"),
        (Topic, "content/topics/NAME.yaml"),
        (Image, "content/topics/NAME.yaml"),
        (Figure, "Figures"),
        (Indicator, "content/indicators.yaml"),
        (Source, "content/sources.yaml"),
    ],
)
def test_every_key_is_in_the_reference(model: type[Node], heading: str) -> None:
    section = CONTENT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    for name, field in model.model_fields.items():
        key = field.alias or name
        assert re.search(rf"`{key}`|\b{key}:", section), f"{key} is not in the section {heading}"


def test_every_key_in_the_reference_is_in_the_model() -> None:
    models = (Frontmatter, Topic, Indicator, Source, Image, Figure)
    keys = {field.alias or name for model in models for name, field in model.model_fields.items()}
    for heading, first in (("content/report.yaml", "title"), ("content/indicators.yaml", "label")):
        section = CONTENT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
        for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE):
            assert set(re.findall(r"`([a-z-]+)`", row.split(" | ")[0])) <= keys, row
        assert first in section


@pytest.mark.parametrize(("kind", "text"), EXAMPLES)
def test_examples_fit_their_schema(kind: str, text: str) -> None:
    data = json.loads(json.dumps(yaml.safe_load(text), default=str))
    if kind == "order":
        schema = json.loads(schema_text("report"))
        schema = {"$defs": schema["$defs"], **schema["properties"]["order"]}
    else:
        schema = json.loads(schema_text(kind))
    jsonschema.validate(data, schema)


def test_there_are_examples_of_every_file() -> None:
    assert {kind for kind, _ in EXAMPLES} == {"order", "topic", "indicators", "sources", "report"}


def test_forms_and_figure_kinds_are_listed() -> None:
    for form in filter(None, (*numbers.FORMS, *numbers.REPORT_FORMS)):
        assert f".{form} " in CONTENT or f".{form}`" in CONTENT, form
    for kind in {*HEIGHTS} - {"waffle", "bar"} | {"share"}:
        assert f"| `{kind}` |" in CONTENT


def test_the_page_of_all_codes_is_that_of_the_code() -> None:
    place = spec_from_file_location("codes", ROOT / "docs" / "codes.py")
    assert place is not None
    assert place.loader is not None
    codes = module_from_spec(place)
    place.loader.exec_module(codes)
    assert DOCS["codes"] == codes.page(), "run: .venv/bin/python docs/codes.py"


def test_exit_codes_are_listed() -> None:
    for code in ExitCode:
        assert f"| {code.value} |" in CONTENT


def test_the_readme_names_commands_and_files_that_are_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^    make (\w+)", readme, re.MULTILINE):
        assert f"\n{target}:" in makefile
    for file in re.findall(r"\]\(([^)#]+)\)", readme):
        assert (ROOT / file).is_file(), file


def test_the_layout_reference_names_what_templates_get() -> None:
    layouts = (ROOT / "docs" / "layouts.md").read_text(encoding="utf-8")
    compose = (ROOT / "builder" / "pages" / "compose.py").read_text(encoding="utf-8")
    for name in re.findall(r"^\| `(\w+)", layouts, re.MULTILINE):
        assert f'"{name}":' in compose, name


def test_the_print_guide_lists_every_rule_and_profile_and_its_profile_fits() -> None:
    guide = (ROOT / "docs" / "print.md").read_text(encoding="utf-8")
    for rule in RULES:
        assert f"| `{rule.code}` | {rule.asks} ({rule.source}) |" in guide
    for name in printers(None):
        assert f"| `{name}` |" in guide
    example = re.search(r"^```yaml printer\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)
    assert example is not None
    data = yaml.safe_load(example[1])
    jsonschema.validate(data, json.loads(schema_text("printer")))
    assert set(data) == set(Profile.model_fields)


def test_the_commands_of_the_print_guide_are_there() -> None:
    guide = (ROOT / "docs" / "print.md").read_text(encoding="utf-8")
    commands = set(re.findall(r"^    builder (\w+)", guide, re.MULTILINE)) | set(re.findall(r"`builder (\w+)", guide))
    assert commands == {"build", "printers", "preflight", "impose", "doctor"}
    cli = "".join((ROOT / "builder" / "cli" / f).read_text("utf-8") for f in ("app.py", "press.py", "terminal.py"))
    for option in set(re.findall(r"(?<!var\()--[a-z][a-z-]+", guide)):
        assert f'"{option}' in cli, option


def test_every_check_has_its_section_with_its_severity() -> None:
    sections = dict(re.findall(r"^### ([a-z-]+)\n(\w+)", DOCS["checks"], re.MULTILINE))
    assert set(sections) == set(CHECKS) | {"untraced-number"}
    for rule in CHECKS.values():
        assert sections[rule.code] == rule.level, rule.code
    typing = DOCS["checks"].split("## Typing")[1]
    for rule in CHECKS.values():
        assert not rule.fixable or f"### {rule.code}\n" in typing
    for mark in MARKS:
        assert f"`{mark}`" in DOCS["checks"], mark


def test_the_commands_of_checks_and_traceability_are_there() -> None:
    cli = "".join(f.read_text("utf-8") for f in (ROOT / "builder" / "cli").glob("*.py"))
    for name in ("checks", "traceability"):
        for command in re.findall(r"^    builder (\w+)", DOCS[name], re.MULTILINE):
            assert re.search(rf"^def {command}\(", cli, re.MULTILINE), command
        for option in set(re.findall(r"(?<![\w(#-])--[a-z][a-z-]+", DOCS[name])):
            assert f'"{option}' in cli, option
    for column in get_args(Column):
        assert f"`{column}`" in DOCS["traceability"], column


def test_every_key_of_a_table_is_in_its_guide() -> None:
    for name, field in TableBlock.model_fields.items():
        assert name == "id" or f"`{field.alias or name}`" in DOCS["tables"], name
