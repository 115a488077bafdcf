"""Writes docs/codes.md, the page of all codes of messages, from the code itself: .venv/bin/python docs/codes.py."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from builder.content.rules import CHECKS
from builder.preflight import RULES

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "codes.md"
# What makes a diagnostic: its first argument is the code, then come message and remedy.
_MAKERS = frozenset(("Diagnostic", "warning", "found", "problem", "unknown"))
_MOST = 3  # messages of one code
_HEAD = """# All codes of messages

Every message has a code that stays the same while its words get better: `topics/meals.yaml:4:7: error[dead-link]: …`.
`--format json` and `--format sarif` give it to other programs. `…` stands for what differs.

This page is made from the code (`.venv/bin/python docs/codes.py`), and a test holds it to it.
"""


def template(node: ast.expr | None, names: dict[str, ast.expr]) -> str:
    """A message with … for what is put in; empty where it is made elsewhere."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return template(left, names) + (template(right, names) or "…")
        case ast.IfExp(body=body, orelse=other):
            return template(body, names) or template(other, names)
        case ast.Name(id=name) if name in names:
            return template(names[name], {})
    return ""


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call, dict[str, ast.expr]]]:
    """Each call that makes a diagnostic: its code, and what names stand for where it is."""
    nodes = [node for node in ast.walk(tree) if hasattr(node, "lineno")]
    names: dict[str, ast.expr] = {}
    for node in sorted(nodes, key=lambda one: (one.lineno, one.col_offset)):
        if isinstance(node, ast.FunctionDef):
            names = {}
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            names = names | {node.targets[0].id: node.value}
        elif isinstance(node, ast.Call) and node.args:
            maker = getattr(node.func, "id", getattr(node.func, "attr", "")).lstrip("_")
            match node.args[0]:
                case ast.Constant(value=str(code)) if maker in _MAKERS:
                    yield code, node, names


def messages() -> dict[str, tuple[list[str], list[str]]]:
    """The messages and remedies of each code."""
    found: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for path in sorted((ROOT / "builder").rglob("*.py")):
        for code, call, names in calls(ast.parse(path.read_bytes())):
            said, remedies = found[code]
            if getattr(call.func, "id", "") == "unknown":
                said.append(f'no {template(call.args[1], names)} "…"')
                remedies.append("…the nearest name that there is")
                continue
            given = dict(zip(("message", "hint"), call.args[1:3], strict=False))
            given |= {one.arg: one.value for one in call.keywords if one.arg in ("message", "hint")}
            said.append(template(given.get("message"), names))
            remedies.append(template(given.get("hint"), names))
    return found


def cell(texts: list[str], most: int) -> str:
    kept = [
        one
        for one in dict.fromkeys(text.strip().replace("|", "\\|").replace("<", "&lt;") for text in texts)
        if one.strip("…. ")
    ]
    return "<br>".join(kept[:most] or ["…"]) + ("<br>and others" if len(kept) > most else "")


def page() -> str:
    """docs/codes.md as it should be."""
    known = messages()
    preflight = {rule.code: rule for rule in RULES}
    rows = [
        f"| `{code}` | {cell(said, _MOST)} | {cell(hints, _MOST)} |"
        for code, (said, hints) in sorted(known.items())
        if code not in CHECKS and code not in preflight
    ]
    lines = [_HEAD, "## Files, layouts, tools\n", "| code | what is said | what to do |", "|---|---|---|", *rows]
    lines += [
        "\n## Checks of what the report says\n",
        "Each has its section in [checks.md](checks.md).\n",
        "| code | usually | what is asked |",
        "|---|---|---|",
    ]
    lines += [f"| [`{code}`](checks.md#{code}) | {rule.level} | {rule.asks} |" for code, rule in sorted(CHECKS.items())]
    lines += [
        "\n## Rules of the preflight\n",
        "More in [print.md](print.md).\n",
        "| code | what is asked | source |",
        "|---|---|---|",
    ]
    lines += [f"| `{code}` | {rule.asks} | {rule.source} |" for code, rule in sorted(preflight.items())]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
