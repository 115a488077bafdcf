"""Markup that is not set is said, never printed as it is written or lost."""

from __future__ import annotations

import pytest

from builder.content.check import check
from builder.content.load import load
from builder.content.prose import find
from tests.conftest import Change

LEFT = {
    "$x$": "$x$",
    "as $a\\_b$ says": "$a",
    "$$E = mc^2$$": "$$E = mc^2$$",
    "10^6 people": "^6",
    "as [@key, p. 3] says": "[@key, p. 3]",
    "a[^1]": "[^1]",
    "a[^1] and b\n\n[^1]: a note\n\n[^2]: another": "[^2]:",
    "a[^1]\n\n[^1]: a note\n\n    - of a list": "-",
    "a^[with a note ^[of its own]]": "with a note ^[of its own]",
    "x^2 and y": "^2",
    "a [x] b\n[ ] c": "[ ]",
    "[^1]: a note": "[^1]:",
    "[Note]: lost": "[note]:",
    "a paragraph {.margin}": "{.margin}",
    "{.margin}\na paragraph": ".margin",
    "![a](b.png){width=40mm}": "width=",
    "[a]{.pull}": ".pull",
    "[a]{#id}": "#id",
    "A paragraph {#id}": "{#id}",
    "[a](b “c”)": "[a](b “c”)",
    "::: box": "::: box",
    "==light==": "==light==",
    "**bold ** it is": "**bold **",
    "\\textbf{a}": "\\textbf{a}",
    "{% if a %}": "{% if a %}",
    "^[a note with $y$]": "$y$",
    "$$\nE = m c\n$$": "$$\nE = m c\n$$",
    "Let ($a +\nb$) be": "$a +\nb$",
    "[[wiki]]": "[[wiki]]",
    "a ^[note without end": "^[note without end",
    "[other][missing]": "[other][missing]",
    "> [!NOTE]\n> so": "[!NOTE]",
    "[TOC]": "[TOC]",
}
PLAIN = (
    "from $5 to $6, US$5–$6, \\$x\\$ and `$x$`",
    "CO~2~, m^2^, SO~4~, ~~gone~~",
    "- [ ] to do\n- [x] done",
    "term\n: what it is\n\nother\n: what it is",
    "a[^1] and again[^1]\n\n[^1]: a note\n\n    of two paragraphs",
    "CO₂, m², ~5 or ~6, ~10/~20, ~10%/~20%, da ~10-~20 (^_^)",
    "5$, 6$ oder 7$ · (5$) e (6$) · Kosten: 5$–6$ · 5$/kg, 6$/kg · US$/A$ · CHF/US$, EUR/US$ · ($/t) vs. ($/kg)",
    "https://api.example/odata/$metadata?$filter=x and https://x.example/~rossi/dati~2019",
    "Roma **, Milano ** e Torino; ** vorläufig; (** stima) e (** dato); costs 5 ** and 6 **",
    "{.5 bis 1.5}, {#12 e #13}, [sic], [...], (c), #tag, 9:30: so",
    "`a[^1]` and ``{.margin}``",
    "[a]{lang=fr} [2014]{as=year} {{ a.base }} {{ page:b }}",
    "{lang=el}\na paragraph",
    "3 * 4 ** 5, 12** and 13** (**)",
    "at 12:30: one\n\n3. three\n4. four",
    '[a](https://b.example "c") and [d][e]\n\n[e]: https://f.example',
    "|a|b|\n|-|:-:|\n|1|2|",
    "a_b, snake_case, \\\\a \\* \\[x\\]",
    "```\n$x$ [^1]\n```",
)


@pytest.mark.parametrize("text", LEFT)
def test_markup_that_is_not_set_is_found(text: str) -> None:
    assert [written for written, _ in find(text).leftovers] == [LEFT[text]]
    assert all(hint for _, hint in find(text).leftovers)


@pytest.mark.parametrize("text", PLAIN)
def test_what_only_looks_like_it_is_left_in_peace(text: str) -> None:
    assert find(text).leftovers == ()


def test_it_is_an_error_at_its_place_in_every_text(project: Change) -> None:
    place = project(
        {
            "content/topics/meals.yaml": "page: text\ntitle: A $x$\nlead: B $b$\ntext: |\n  C\n\n  D [^1] e\n"
            "figure: {kind: lines, title: 'E {.f}', note: 'F $y$', alt: 'G $z$', indicators: [volunteers]}\n"
        }
    )
    register = place.content / "indicators.yaml"
    register.write_text(register.read_text("utf-8").replace("  label: ", "  label: H $h$ ", 1), encoding="utf-8")
    found = [one for one in check(load(place), place).diagnostics if one.code == "leftover-markup"]
    assert {(one.span.file.rpartition("/")[2], one.span.line, one.span.column) for one in found if one.span} == {
        ("meals.yaml", 2, 10),
        ("meals.yaml", 3, 9),
        ("meals.yaml", 7, 5),
        ("meals.yaml", 8, 33),
        ("meals.yaml", 8, 49),
        ("meals.yaml", 8, 63),
        (
            "indicators.yaml",
            register.read_text("utf-8")[: register.read_text("utf-8").index("H $h$")].count("\n") + 1,
            12,
        ),
    }
