"""Lines of YAML that begin where no line can: the commonest mistake of those who write it by hand."""

from __future__ import annotations

import re

# A key with a value on its own line.
_VALUED = re.compile(r"^[\s-]*[\w-]+: +[^\s|>#&{\[]")


def misplaced_line(lines: list[str], at: int) -> tuple[int, str, str] | None:
    """A line at or before `at`, from 0, that begins where no line can: which, what is wrong, and what to do."""
    while at > 0 and (at >= len(lines) or not lines[at].strip()):
        at -= 1
    for number in (at, at - 1):
        above = next((n for n in range(number - 1, -1, -1) if _written(lines[n])), None)
        if number <= 0 or number >= len(lines) or above is None or not lines[number].strip():
            continue
        here, before = indent(lines[number]), indent(lines[above])
        if re.search(r"[:-] *[|>](?:[+-]\d?|\d[+-]?)?$", lines[above].rstrip()) and here <= _level(lines[above]):
            wanted = _level(lines[above]) + 2
            return number, "the text does not stand to the right of its key", f"indent its lines by {wanted} spaces"
        levels, first = _levels(lines[: above + 1]), lines[number].lstrip()
        wrong = here < _level(lines[above]) and here not in levels
        wrong |= first.startswith("- ") and here == _level(lines[above]) != before
        wrong |= here > _level(lines[above]) and first.count(": ") == 1 and bool(_VALUED.search(lines[above]))
        if wrong and not first.startswith("#"):
            near = sorted(levels - {here}, key=lambda one: abs(one - here))[:2]
            hint = f"indent it by {' or '.join(map(str, near))} spaces, as lines above"
            if here > _level(lines[above]):
                hint += "; or put the text above in quotes, if this line belongs to it"
            return number, f"the line begins {here} spaces in, where nothing can begin", hint
    return None


def _written(line: str) -> bool:
    """Whether a line holds more than a comment."""
    return bool(line.strip()) and not line.lstrip().startswith("#")


def indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _level(line: str) -> int:
    """Where the key of a line stands, after the hyphens of a list."""
    found = re.match(r" *(?:- +)*", line)
    return len(found[0]) if found else 0


def _levels(lines: list[str]) -> set[int]:
    """Where lines that go on may begin: as those above do that are still open, hyphens and keys."""
    open_: set[int] = set()
    most = None
    for line in reversed(lines):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if most is None or indent(line) <= most:
            most = indent(line)
            open_ |= {indent(line), _level(line)}
    return open_
