"""Formulas of a workbook that no program has worked out: those of which tables of an office are made.

Arithmetic, comparisons, SUM and its like, ROUND, IF and IFERROR, over cells of any sheet of the workbook; by
openpyxl's tokenizer. Anything else is left alone, and said. Numbers are decimal: what is added here is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext
from typing import Any, TypeAlias

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError
from openpyxl.utils.cell import range_boundaries

# What a formula comes to: a number, words, true or false, an error such as #DIV/0!, or nothing (an empty cell).
Worth: TypeAlias = "Decimal | str | bool | None"
# A sheet's name (None: that of the formula), row and column, from 1.
Place: TypeAlias = "tuple[str | None, int, int]"
_ERROR = "#"
# A range larger than this is a whole column or row: its cells past the sheet's end are empty.
_MOST = 200_000
_DEEPEST = 400
# Digits of what is divided; sums of a sheet's numbers, which have fifteen, are exact.
_DIGITS = 40


class UnknownFormulaError(Exception):
    """The formula uses what is not reckoned here."""


class Reckoner:
    """Works formulas out. `cell` gives what a cell holds, formulas as text; `size` the rows and columns of a sheet."""

    def __init__(
        self, cell: Callable[[str | None, int, int], object], size: Callable[[str | None], tuple[int, int]]
    ) -> None:
        self._cell, self._size = cell, size
        self._known: dict[Place, Worth] = {}
        self._open: set[Place] = set()

    def worth(self, sheet: str | None, row: int, column: int) -> Worth:
        """What a cell comes to. Raises UnknownFormulaError."""
        place = (sheet, row, column)
        if place in self._known:
            return self._known[place]
        held = self._cell(sheet, row, column)
        if not (isinstance(held, str) and held.startswith("=") and len(held) > 1):
            return _plain(held)
        if place in self._open or len(self._open) > _DEEPEST:
            raise UnknownFormulaError("it needs itself")
        self._open.add(place)
        try:
            self._known[place] = self._formula(held, sheet)
        finally:
            self._open.discard(place)
        return self._known[place]

    def _formula(self, written: str, sheet: str | None) -> Worth:
        try:
            tokens = [one for one in Tokenizer(written).items if one.type != Token.WSPACE]
        except (TokenizerError, IndexError) as error:
            raise UnknownFormulaError(str(error)) from error
        reading = _Reading(tokens, sheet, self)
        with localcontext(prec=_DIGITS):
            try:
                found = reading.comparison()
            except (DivisionByZero, InvalidOperation):
                return "#DIV/0!"
            except Overflow:
                return "#NUM!"
        if reading.left:
            raise UnknownFormulaError(reading.left[0].value)
        if isinstance(found, list):
            raise UnknownFormulaError("it gives several values")
        worth: Worth = found
        return worth

    def area(self, reference: str, sheet: str | None) -> list[Worth]:
        """The cells of a reference such as `'3.1 Entrate'!$B$6:B11`, one row after the other."""
        named, bang, area = reference.rpartition("!")
        if bang:
            sheet = named.strip("'").replace("''", "'")
        try:
            west, north, east, south = range_boundaries(area.replace("$", ""))
            rows, columns = self._size(sheet)
        except (ValueError, TypeError, KeyError) as error:
            raise UnknownFormulaError(reference) from error
        first_row, first_column = north or 1, west or 1
        last_row, last_column = south or rows, east or columns
        if ":" in area:  # past the end of a sheet its cells are empty
            last_row, last_column = min(last_row, rows), min(last_column, columns)
        if (last_row - first_row) * (last_column - first_column) > _MOST:
            raise UnknownFormulaError(reference)
        cells = ((row, col) for row in range(first_row, last_row + 1) for col in range(first_column, last_column + 1))
        return [self.worth(sheet, row, column) for row, column in cells]


class _Reading:
    """One formula, read from left to right by precedence (ECMA-376, part 1, 18.17.2.2)."""

    def __init__(self, tokens: list[Token], sheet: str | None, reckoner: Reckoner) -> None:
        self.left, self._sheet, self._reckoner = tokens, sheet, reckoner

    def _next(self, kind: str, *values: str) -> Token | None:
        if self.left and self.left[0].type == kind and (not values or self.left[0].value in values):
            return self.left.pop(0)
        return None

    def comparison(self) -> Any:
        one = self._sum()
        while sign := self._next(Token.OP_IN, "=", "<>", "<", ">", "<=", ">="):
            other = self._sum()
            a, b = _compared(one), _compared(other)
            one = {"=": a == b, "<>": a != b, "<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b}[sign.value]
        return one

    def _sum(self) -> Any:
        one = self._product()
        while sign := self._next(Token.OP_IN, "+", "-"):
            one = _both(one, self._product(), _minus if sign.value == "-" else _plus)
        return one

    def _product(self) -> Any:
        one = self._power()
        while sign := self._next(Token.OP_IN, "*", "/"):
            one = _both(one, self._power(), _part if sign.value == "/" else _times)
        return one

    def _power(self) -> Any:
        one = self._signed()
        while self._next(Token.OP_IN, "^"):
            one = _both(one, self._signed(), _raised)
        return one

    def _signed(self) -> Any:
        if sign := self._next(Token.OP_PRE):
            return _both(Decimal(-1 if sign.value == "-" else 1), self._signed(), _times)
        one = self._single()
        while self._next(Token.OP_POST):
            one = _both(one, Decimal(100), _part)
        return one

    def _single(self) -> Any:
        if self._next(Token.PAREN, "("):
            inside = self.comparison()
            if not self._next(Token.PAREN, ")"):
                raise UnknownFormulaError("(")
            return inside
        if function := self._next(Token.FUNC):
            return self._function(function.value.rstrip("(").upper())
        operand = self._next(Token.OPERAND)
        if operand is None:
            raise UnknownFormulaError(self.left[0].value if self.left else "it breaks off")
        match operand.subtype:
            case Token.NUMBER:
                return Decimal(operand.value)
            case Token.TEXT:
                return operand.value[1:-1].replace('""', '"')
            case Token.LOGICAL:
                return operand.value.upper() == "TRUE"
            case Token.ERROR:
                return operand.value
            case Token.RANGE:
                found = self._reckoner.area(operand.value, self._sheet)
                return found if ":" in operand.value else (found[0] if found else None)
        raise UnknownFormulaError(operand.value)

    def _function(self, name: str) -> Any:
        if name not in _FUNCTIONS:
            raise UnknownFormulaError(name)
        given: list[Any] = []
        while not self._next(Token.FUNC, ")"):
            if self.left and self.left[0].type == Token.SEP:
                self.left.pop(0)
                continue
            if not self.left:
                raise UnknownFormulaError(f"{name}(")
            given.append(self.comparison())
        try:
            return _FUNCTIONS[name](given)
        except (IndexError, ValueError, TypeError) as error:
            raise UnknownFormulaError(f"{name}()") from error


def _plain(held: object) -> Worth:
    if held is None or isinstance(held, bool | str | Decimal):
        return held
    if isinstance(held, int | float):
        return Decimal(repr(held))
    raise UnknownFormulaError(str(held))


def _is_error(value: object) -> bool:
    return isinstance(value, str) and value.startswith(_ERROR) and value[-1:] in ("!", "?", "A")


def _number(value: object) -> Decimal | str:
    """A number, or the error that it is."""
    if isinstance(value, list):
        raise UnknownFormulaError("a range where one cell is wanted")
    if _is_error(value):
        return str(value)
    if value is None or isinstance(value, bool):
        return Decimal(int(bool(value)))
    return value if isinstance(value, Decimal) else "#VALUE!"


def _both(one: object, other: object, of: Callable[[Decimal, Decimal], Decimal]) -> Decimal | str:
    a, b = _number(one), _number(other)
    if isinstance(a, str):
        return a
    if isinstance(b, str):
        return b
    try:
        return of(a, b)
    except (DivisionByZero, InvalidOperation):
        return "#DIV/0!"


def _plus(one: Decimal, other: Decimal) -> Decimal:
    return one + other


def _minus(one: Decimal, other: Decimal) -> Decimal:
    return one - other


def _times(one: Decimal, other: Decimal) -> Decimal:
    return one * other


def _part(one: Decimal, other: Decimal) -> Decimal:
    return one / other


def _raised(one: Decimal, other: Decimal) -> Decimal:
    return Decimal(one**other)


def _compared(value: object) -> tuple[int, Any]:
    """Numbers come before words (ECMA-376, part 1, 18.17.2.2)."""
    return (1, value.casefold()) if isinstance(value, str) else (0, _number(value))


def _numbers(given: Sequence[Any]) -> Iterator[Decimal]:
    for one in given:
        for value in one if isinstance(one, list) else [one]:
            if _is_error(value):
                raise InvalidOperation
            if isinstance(value, Decimal):  # words and empty cells in a range count for nothing
                yield value


def _rounded(given: Sequence[Any]) -> Decimal | str:
    value, places = _number(given[0]), _number(given[1] if len(given) > 1 else Decimal(0))
    if isinstance(value, str) or isinstance(places, str):
        return value if isinstance(value, str) else places
    return value.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP)


def _average(given: Sequence[Any]) -> Decimal:
    values = list(_numbers(given))
    return sum(values, Decimal(0)) / Decimal(len(values))


def _subtotal(given: Sequence[Any]) -> Any:
    names = {1: "AVERAGE", 4: "MAX", 5: "MIN", 9: "SUM"}
    return _FUNCTIONS[names[int(given[0]) % 100]](given[1:])


_FUNCTIONS: dict[str, Callable[[Sequence[Any]], Any]] = {
    "SUM": lambda given: sum(_numbers(given), Decimal(0)),
    "AVERAGE": _average,
    "MIN": lambda given: min(_numbers(given), default=Decimal(0)),
    "MAX": lambda given: max(_numbers(given), default=Decimal(0)),
    "ABS": lambda given: _both(given[0], Decimal(0), lambda a, _: abs(a)),
    "ROUND": _rounded,
    "IF": lambda given: given[1] if _number(given[0]) else (given[2] if len(given) > 2 else False),
    "IFERROR": lambda given: given[1] if _is_error(given[0]) else given[0],
    "SUBTOTAL": _subtotal,
}
