"""What a chart draws: a table of numbers, from indicators or from the figure's own data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from babel.dates import format_skeleton

from builder.content import numbers
from builder.model.figure import (
    Area,
    Bullet,
    Chart,
    Donut,
    Dumbbell,
    Event,
    Figure,
    FigureData,
    Flow,
    Heat,
    Histogram,
    Lines,
    Map,
    Multiples,
    Pictogram,
    Scatter,
    Slopes,
    Waterfall,
    over_years,
)
from builder.model.indicator import Indicator
from builder.model.labels import Unit
from builder.model.manuscript import Text
from builder.model.node import FiscalYear
from builder.model.report import Report

# More digits after the decimal point than this help nobody who reads a chart.
_MOST_DIGITS = 9
# Each row is a point, whatever the columns are called.
_BY_ROW = (Bullet, Donut, Dumbbell, Heat, Histogram, Map, Pictogram, Scatter, Slopes, Waterfall)


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers in the order of the points of their dataset; None where there is none."""

    name: str
    values: tuple[Decimal | None, ...]

    @property
    def known(self) -> tuple[int, ...]:
        """At which points it has a number."""
        return tuple(at for at, value in enumerate(self.values) if value is not None)

    @property
    def trend(self) -> str:
        """How it goes from its first to its last number: the name of the word for it."""
        values = [value for value in self.values if value is not None]
        if values[0] == values[-1]:
            return "steady"
        rising = values[-1] > values[0]
        throughout = all((b >= a) if rising else (b <= a) for a, b in pairwise(values))
        return ("rising" if rising else "falling") if throughout else ("higher" if rising else "lower")


@dataclass(frozen=True, slots=True)
class Dataset:
    """Several series over the same points, which are years or rows. All numbers have one unit and as many digits."""

    points: tuple[str, ...]
    series: tuple[Series, ...]
    language: str
    unit: Unit | None = None
    unit_name: str | None = None
    digits: int = 0
    years: tuple[int, ...] = ()

    @property
    def values(self) -> tuple[Decimal, ...]:
        """All that are known."""
        return tuple(value for one in self.series for value in one.values if value is not None)

    @property
    def positions(self) -> tuple[float, ...]:
        """Where each point stands on an axis from 0 to 1: years by their distance, others evenly."""
        if len(self.points) == 1:
            return (0.5,)
        places: Sequence[float] = self.years or range(len(self.points))
        return tuple((place - places[0]) / (places[-1] - places[0]) for place in places)

    @property
    def slots(self) -> tuple[tuple[float, ...], float]:
        """Where bars stand side by side, in widths of one from the first, and how many would fill the axis.

        Years stand by their distance: those that are nearest touch, and what lies between others is empty.
        """
        if len(self.years) < 2:
            return tuple(map(float, range(len(self.points)))), float(len(self.points))
        nearest = min(after - before for before, after in pairwise(self.years))
        places = tuple((year - self.years[0]) / nearest for year in self.years)
        return places, places[-1] + 1

    def number(self, value: Decimal, *, signed: bool = False) -> str:
        """As it is printed in the figure: with the unit where that is a sign joined to it (80%)."""
        text = numbers.decimal(value.quantize(Decimal(1).scaleb(-self.digits), ROUND_HALF_UP), self.language)
        if signed and value > 0:
            text = f"+{text}"
        if self.unit is None or not self.unit.each:
            return text
        return numbers.with_unit_before(text, self.unit) + str(self.unit.text)

    def spoken(self, value: Decimal) -> str:
        """The number with its unit in full, for those who hear it."""
        unit = self.unit
        if unit is None or unit.each:
            return self.number(value)
        one = numbers.is_one(value, self.language)
        words = (unit.spoken_one if one else None) or unit.spoken or (unit.one if one else None) or unit.alone
        return f"{self.number(value)} {words}"

    def sorted_by_value(self) -> Dataset:
        """The same with the largest first, by the last series."""
        last = self.series[-1].values
        order = sorted(range(len(self.points)), key=lambda at: -(last[at] if last[at] is not None else Decimal(0)))  # type: ignore[operator]
        return self.with_points(order)

    def with_points(self, order: Iterable[int]) -> Dataset:
        """Only these points, in this order."""
        kept = tuple(order)
        series = tuple(Series(one.name, tuple(one.values[at] for at in kept)) for one in self.series)
        points, years = tuple(self.points[at] for at in kept), tuple(self.years[at] for at in kept if self.years)
        return Dataset(points, series, self.language, self.unit, self.unit_name, self.digits, years)


def dataset(figure: Chart, report: Report) -> Dataset:
    """What `figure` draws, where it has been checked."""
    language, data = str(report.front.language), figure.numbers
    if data is not None:
        points, series, years = _of_data(figure, data)
        unit, digits = (None if data.unit is None else str(data.unit)), data.digits
    else:
        ones = [report.indicators[name] for name in figure.indicators]
        points, series, years = _of_indicators(figure, ones, report)
        unit, digits = unit_of(figure, ones[0]), None
    values = [value for one in series for value in one.values if value is not None]
    if digits is None:
        digits = min(_MOST_DIGITS, max((max(0, -int(value.as_tuple().exponent)) for value in values), default=0))
    name = str(unit) if unit is not None else None
    return Dataset(points, series, language, report.labels.units[name] if name else None, name, digits, years)


def amounts(figure: Flow, report: Report) -> Dataset:
    """How the amounts of a flow are printed: their unit and digits, and no points."""
    unit = str(figure.unit) if figure.unit is not None else None
    digits = max(max(0, -int(link.value.as_tuple().exponent)) for link in figure.links)
    return Dataset((), (), str(report.front.language), report.labels.units[unit] if unit else None, unit, digits)


def event_time(one: Event, report: Report) -> str:
    """When an event was, as the language writes it: 2021, giu 2021, 2021–2023."""
    times = [_time(time, str(report.front.language)) for time in (one.from_, one.to) if time is not None]
    return numbers.EN_DASH.join(times) if all(map(str.isdigit, times)) else f" {numbers.EN_DASH} ".join(times)


def _time(time: Text | int, language: str) -> str:
    year, _, month = str(time).partition("-")
    if not month:
        return year
    return str(format_skeleton("yMMM", date(int(year), int(month), 1), locale=language.replace("-", "_")))


def unit_of(figure: Figure, one: Indicator) -> str | None:
    """The unit of what a figure draws of an indicator: a change has others at its ends."""
    if isinstance(figure, Dumbbell | Slopes):
        unit = numbers.MOMENT_UNITS.get(one.kind, one.unit)
        return None if unit is None else str(unit)
    return None if one.unit is None else str(one.unit)


def _of_data(figure: Chart, data: FigureData) -> tuple[tuple[str, ...], tuple[Series, ...], tuple[int, ...]]:
    """The points of a figure's own table, its series, and the years that the points are.

    What runs along a time is drawn from left to right: the columns, or years that stand as rows. Kinds that compare two
    numbers, or parts, have a point for each row; the others have one too, unless the columns are years.
    """
    columns: tuple[str | int, ...] = tuple(map(_year_or_name, data.columns or ("",)))
    rows = [(_year_or_name(name), values) for name, values in data.rows.items()]
    over = len(columns) > 1 and all(isinstance(name, int) for name in columns)
    down = len(rows) > 1 and all(isinstance(name, int) for name, _ in rows)
    along = len(columns) > 1 and not (down and not over) if isinstance(figure, Lines | Multiples | Area) else over
    if along and not isinstance(figure, _BY_ROW):
        order = sorted(range(len(columns)), key=lambda at: int(columns[at])) if over else range(len(columns))
        series = tuple(Series(str(name), tuple(values[at] for at in order)) for name, values in rows)
        years = tuple(int(columns[at]) for at in order) if over else ()
        return tuple(str(columns[at]) for at in order), series, years
    whole = down and not isinstance(figure, _BY_ROW)
    if whole:
        rows.sort(key=lambda row: int(row[0]))
    series = tuple(Series(str(name), tuple(row[at] for _, row in rows)) for at, name in enumerate(columns))
    return tuple(str(name) for name, _ in rows), series, tuple(int(name) for name, _ in rows) if whole else ()


def _year_or_name(name: str | int) -> str | int:
    """A year is one whether the YAML has it in quotes or not."""
    return int(name) if isinstance(name, str) and re.fullmatch(r"(?:19|20)\d\d", name) else name


def _of_indicators(
    figure: Chart, ones: Sequence[Indicator], report: Report
) -> tuple[tuple[str, ...], tuple[Series, ...], tuple[int, ...]]:
    names = tuple(called(one) for one in ones)
    if over_years(figure):
        years = all_years(ones)
        series = tuple(
            Series(name, tuple(numbers.shown(one, one.series[y]) if y in one.series else None for y in years))
            for name, one in zip(names, ones, strict=True)
        )
        return tuple(map(str, years)), series, years
    if isinstance(figure, Dumbbell | Slopes):
        ends = [(one.base, one.end) for one in ones]
        begin = next((str(base.year) for base, _ in ends if base and base.year), str(report.labels.words["base"]))
        last = next((str(end.year) for _, end in ends if end and end.year), str(report.labels.words["value"]))
        first = tuple(
            numbers.shown(one, base.value) if base else None for one, (base, _) in zip(ones, ends, strict=True)
        )
        second = tuple(numbers.shown(one, end.value) if end else None for one, (_, end) in zip(ones, ends, strict=True))
        return names, (Series(begin, first), Series(last, second)), ()
    roles = [Series("actual", _values(ones))]
    if isinstance(figure, Bullet):
        for role, others in (("target", figure.targets), ("previous", figure.previous)):
            if others:
                roles.append(Series(role, _values([report.indicators[name] for name in others])))
    return names, tuple(roles), ()


def _values(ones: Sequence[Indicator]) -> tuple[Decimal | None, ...]:
    return tuple(None if one.value is None else numbers.shown(one, one.value) for one in ones)


def called(one: Indicator) -> str:
    """What an indicator is called in a figure."""
    return str(one.short or one.label)


def all_years(ones: Sequence[Indicator]) -> tuple[int, ...]:
    """The years of several series, and those that are left out between them: a gap is seen as one."""
    years = sorted({year for one in ones for year in one.series})
    step = min((after - before for before, after in pairwise(years)), default=1)
    whole = range(years[0], years[-1] + 1, step) if years else range(0)
    if not set(years) <= set(whole):
        return tuple(years)
    written = {int(year): year for year in years}  # 2023/24 stands for 2023
    return tuple(written[year] if year in written else _written_as(years[0], year) for year in whole)


def _written_as(sample: int, year: int) -> int:
    return sample.like(year) if isinstance(sample, FiscalYear) else year
