"""The operators of content streams, and what each does (ISO 32000-1, annex A)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from pikepdf import Name

from builder.pdf.scan.graphics import matrix_of, space_of
from builder.pdf.scan.painted import Paint, times
from builder.pdf.scan.run import StreamRun

Step: TypeAlias = Callable[[StreamRun, Any], None]


def perform(run: StreamRun, instruction: Any) -> None:
    """One instruction as pikepdf parses it; operators that paint and change nothing are passed over."""
    operator = str(instruction.operator)
    if operator == "INLINE IMAGE":
        run.inline(instruction.iimage)
    elif operator in STEPS:
        STEPS[operator](run, instruction.operands)


def _floats(args: Any) -> tuple[float, ...]:
    return tuple(float(a) for a in args)


def _restore(run: StreamRun, _args: Any) -> None:
    if run.stack:
        run.state = run.stack.pop()


def _transform(run: StreamRun, args: Any) -> None:
    run.change(ctm=times(matrix_of(args), run.state.ctm))


def _clip(run: StreamRun, _args: Any) -> None:
    run.clipping = True


def _painting(fill: bool, stroke: bool) -> Step:
    return lambda run, _args: run.paint(fill, stroke)


def _device(target: str, space: str) -> Step:
    name = Name(f"/{space}")
    return lambda run, args: run.change(**{target: Paint(space_of(name, run.resources)[0], _floats(args))})


def _set(name: str, scale: float = 1.0) -> Step:
    return lambda run, args: run.change(**{name: float(args[0]) * scale})


def _set_font(run: StreamRun, args: Any) -> None:
    run.change(font=run.walker.font(run.resource(Name.Font, args[0])), size=float(args[1]))


def _move_and_lead(run: StreamRun, args: Any) -> None:
    run.change(leading=-float(args[1]))
    run.next_line(float(args[0]), float(args[1]))


def _quote(run: StreamRun, args: Any) -> None:
    run.next_line(0, -run.state.leading)
    run.show([args[-1]])


def _double_quote(run: StreamRun, args: Any) -> None:
    run.change(word_spacing=float(args[0]), spacing=float(args[1]))
    _quote(run, args)


STEPS: dict[str, Step] = {
    "q": lambda run, _args: run.stack.append(run.state),
    "Q": _restore,
    "cm": _transform,
    "w": _set("line"),
    "gs": lambda run, args: run.graphics(args[0]),
    "m": lambda run, args: run.subpath(*_floats(args)),
    "l": lambda run, args: run.move(*_floats(args)),
    "c": lambda run, args: run.move(*_floats(args)),
    "v": lambda run, args: run.move(*_floats(args)),
    "y": lambda run, args: run.move(*_floats(args)),
    "re": lambda run, args: run.rectangle(*_floats(args)),
    "S": _painting(False, True),
    "s": _painting(False, True),
    "f": _painting(True, False),
    "F": _painting(True, False),
    "f*": _painting(True, False),
    "B": _painting(True, True),
    "B*": _painting(True, True),
    "b": _painting(True, True),
    "b*": _painting(True, True),
    "n": lambda run, _args: run.end_path(),
    "W": _clip,
    "W*": _clip,
    "g": _device("fill", "DeviceGray"),
    "G": _device("stroke", "DeviceGray"),
    "rg": _device("fill", "DeviceRGB"),
    "RG": _device("stroke", "DeviceRGB"),
    "k": _device("fill", "DeviceCMYK"),
    "K": _device("stroke", "DeviceCMYK"),
    "cs": lambda run, args: run.colour_space("fill", args[0]),
    "CS": lambda run, args: run.colour_space("stroke", args[0]),
    "sc": lambda run, args: run.colour("fill", args),
    "scn": lambda run, args: run.colour("fill", args),
    "SC": lambda run, args: run.colour("stroke", args),
    "SCN": lambda run, args: run.colour("stroke", args),
    "sh": lambda run, args: run.walker.shading(run.resource(Name.Shading, args[0]), run.state, run.resources),
    "BT": lambda run, _args: run.begin_text(),
    "Tf": _set_font,
    "Tc": _set("spacing"),
    "Tw": _set("word_spacing"),
    "Tz": _set("stretch", 0.01),
    "TL": _set("leading"),
    "Ts": _set("rise"),
    "Tr": lambda run, args: run.change(mode=int(args[0])),
    "Td": lambda run, args: run.next_line(*_floats(args)),
    "TD": _move_and_lead,
    "Tm": lambda run, args: run.begin_text(matrix_of(args)),
    "T*": lambda run, _args: run.next_line(0, -run.state.leading),
    "Tj": lambda run, args: run.show([args[0]]),
    "TJ": lambda run, args: run.show(args[0]),
    "'": _quote,
    '"': _double_quote,
    "Do": lambda run, args: run.paint_object(args[0]),
}
