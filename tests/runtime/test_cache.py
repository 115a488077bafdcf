"""Builds with the cache, in parallel and with nothing to do: always the same bytes as without."""

from __future__ import annotations

import os
import pickle
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import watchfiles
from pebble import ProcessPool
from pebble.pool import process
from PIL import Image

from builder.build import build, builds, checked
from builder.cli.app import main
from builder.cli.watch import counts
from builder.content.check import slug
from builder.content.load import load
from builder.content.schema_errors import validated
from builder.design.edition import ARCHIVE, EMAIL
from builder.design.theme import Theme
from builder.figures import job as figures
from builder.model.diagnostics import Diagnostic, ExitCode, ReportError
from builder.model.fragment import SectionJob, Start
from builder.model.project import Project
from builder.pages import PRELOAD
from builder.pages import job as sections
from builder.pages.job import Made
from builder.pages.setting import beside, setting
from builder.pdf.delivery import Delivery
from builder.runtime import workers
from builder.runtime.cache import Cache
from builder.runtime.presses import Presses
from builder.runtime.workers import Workers
from tests.conftest import ROOT, Change

# More of both for a longer run: EDITS=500 KILLS=50 pytest tests/runtime/test_cache.py
EDITS = int(os.environ.get("EDITS", "7"))
KILLS = int(os.environ.get("KILLS", "4"))


@pytest.fixture(autouse=True)
def _one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


def made(place: Project, cache: Cache | None = None, jobs: int | None = None) -> bytes:
    return build(place, EMAIL, place.root / "out", cache=cache, jobs=jobs).path.read_bytes()


def test_the_same_bytes_for_any_number_of_workers_and_any_state_of_the_cache(project: Change, tmp_path: Path) -> None:
    place, cache = project(), Cache(tmp_path / "cache")
    without = made(place, jobs=1)
    assert made(place, jobs=3) == without
    assert made(place, cache) == without, "cold"
    assert made(place, cache) == without, "warm"
    for number, path in enumerate(sorted((tmp_path / "cache").glob("??/*"))):
        if number % 2:
            path.unlink()
        elif number % 4:
            path.write_bytes(path.read_bytes()[:-7] + b"damaged")
    assert made(place, cache) == without, "half cleared, half damaged"


@pytest.fixture
def laid(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of the workers, but for warming up."""
    asked: list[str] = []

    class Pool(ProcessPool):
        def schedule(self, function: Any, args: Any = (), **more: Any) -> Any:  # type: ignore[override]
            if function in (sections.lay_out, figures.draw):
                asked.append(args[1].name if function is sections.lay_out else f"figures of {args[1]}")
            return super().schedule(function, args=args, **more)

    monkeypatch.setattr("builder.runtime.pool.ProcessPool", Pool)
    return asked


def test_a_warm_build_lays_nothing_out(project: Change, tmp_path: Path, laid: list[str]) -> None:
    place, cache = project(), Cache(tmp_path / "cache")
    made(place, cache)
    assert laid
    laid.clear()
    made(place, cache)
    assert not laid


def test_one_text_changed_costs_one_section(project: Change, tmp_path: Path, laid: list[str]) -> None:
    place, cache = project(), Cache(tmp_path / "cache")
    made(place, cache)
    laid.clear()
    topic = place.content / "topics" / "meals.yaml"
    text = topic.read_text("utf-8")
    topic.write_text(text.replace("title: More", "title: Many more", 1), encoding="utf-8")
    made(place, cache)
    assert set(laid) == {"meals", "contents"}, "the contents have its title"
    laid.clear()
    topic.write_text(text, encoding="utf-8")
    made(place, cache)
    assert not laid


def square(inside: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 90"><rect {inside} height="90"/></svg>'


def test_a_drawing_in_a_template_is_drawn_anew(project: Change, tmp_path: Path) -> None:
    place, cache = project(), Cache(tmp_path / "cache")
    page = place.layouts / "pages" / "result.html"
    text, block = page.read_text("utf-8"), "{% block body %}"
    page.write_text(text.replace(block, f'{block}<img src="mark.svg" alt="An example">', 1), encoding="utf-8")
    seen = set()
    for width in (20, 80, 20):
        drawing = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 90"><rect width="{width}" height="90"/></svg>'
        )
        (place.content / "mark.svg").write_text(drawing, encoding="utf-8")
        seen.add(data := made(place, cache))
        assert data == made(place)
    assert len(seen) == 2


def test_what_lies_beside_templates_counts_where_a_stylesheet_names_it(project: Change, tmp_path: Path) -> None:
    place, cache, seen = project(), Cache(tmp_path / "cache"), set()
    mark, sheet = place.layouts / "pages" / "mark.svg", place.layouts / "styles" / "1-book.css"
    sheet.write_text(sheet.read_text("utf-8") + '@page { background: url("../pages/mark.svg") }', encoding="utf-8")
    for colour in ("red", "blue", "red"):
        mark.write_text(square(f'width="9" fill="{colour}"'), encoding="utf-8")
        seen.add(data := made(place, cache))
        assert data == made(place)
    assert len(seen) == 2


def test_a_press_set_up_while_a_stylesheet_was_saved_is_not_kept(project: Change, tmp_path: Path) -> None:
    place = project()
    theme = validated(Theme, load(place).theme, [])
    assert theme is not None
    known = setting(place, theme, EMAIL, None)
    job, file = SectionJob("x", "<p>An example</p>", Start("recto", 1)), tmp_path / "setting"
    for digest, true in ((b"of another stylesheet", False), (beside(place), True)):
        file.write_bytes(pickle.dumps(replace(known, beside=digest)))
        assert sections.lay_out(str(file), job).true is true
    sections._engines.clear()


def test_two_that_wait_for_one_worker_that_was_killed() -> None:
    """Both ask again, and not only the one that heard of it first."""
    with Presses(Workers(PRELOAD), 1) as presses:
        asked = [presses.ask(time.sleep, 600) for _ in range(3)]
        _when(lambda: asked[0].running())
        assert not any(map(presses.lost, asked))
        for process in list(presses._workers._pools["shared"]._pool._pool_manager.worker_manager.workers.values()):
            os.kill(process.pid or 0, signal.SIGKILL)
        _when(lambda: presses.lost(asked[1]))
        assert presses.lost(asked[2])
        assert presses.ask(len, "abc").result(60) == 3


def edits(place: Project, seed: int) -> Iterator[str]:
    """Changes of texts, numbers, pictures, labels, order, theme and templates, one after the other."""
    choose = random.Random(seed)
    photo = place.content / "photo.png"
    Image.new("RGB", (400, 300), "olive").save(photo)
    with (place.content / "topics" / "donations.yaml").open("a", encoding="utf-8") as more_:
        more_.write("image: {file: photo.png, alt: An example}\n")
    labels, indicators = place.layouts / "labels" / "en.yaml", place.content / "indicators.yaml"
    order = place.content / "report.yaml"
    topics = sorted((place.content / "topics").glob("*.yaml"))
    theme, page = place.layouts / "theme.yaml", place.layouts / "pages" / "result.html"
    for number in range(EDITS):
        kind = choose.choice(
            ("text", "longer", "order", "theme", "template", "style", "touch", "picture", "value", "label", "undo")
        )
        if kind in ("text", "longer"):
            path = choose.choice(topics)
            more = f"extra-{number}" if kind == "text" else "a long text that goes on " * choose.randint(20, 400)
            lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("text:")]
            path.write_text("\n".join([*lines, f"text: {more}", ""]), encoding="utf-8")
        elif kind == "order":
            lines = order.read_text("utf-8").splitlines()
            at = [n for n, line in enumerate(lines) if line.startswith("      - ")]
            one, two = choose.sample(at, 2)
            lines[one], lines[two] = lines[two], lines[one]
            order.write_text("\n".join([*lines, ""]), encoding="utf-8")
        elif kind == "theme":
            text = theme.read_text("utf-8")
            theme.write_text(text.replace("inner: 26", "inner: 27") if "inner: 26" in text else text + "\n")
        elif kind == "template":
            text = re.sub(r'<p class="edit">.*?</p>', "", page.read_text("utf-8"))
            mark = f'<p class="edit">{"abcdefghij"[number % 10]}</p>'
            page.write_text(text.replace("{% block body %}", "{% block body %}" + mark, 1), encoding="utf-8")
        elif kind == "style":
            sheet = place.layouts / "styles" / "1-book.css"
            text = re.sub(r"\n\.section \{ color: .*\n", "", sheet.read_text("utf-8"))
            sheet.write_text(f"{text}\n.section {{ color: rgb({number % 200} 0 0) }}\n", encoding="utf-8")
        elif kind == "picture":  # another picture, most times of the same size
            colour = (choose.randrange(256), choose.randrange(256), 99)
            Image.new("RGB", (choose.choice((400, 400, 500)), 300), colour).save(photo)
        elif kind == "value":
            text = re.sub(r"(?<=2021: )\d+", lambda _: str(choose.randint(500, 999)), indicators.read_text("utf-8"))
            indicators.write_text(text, encoding="utf-8")
        elif kind == "label":
            text = re.sub(r"(?m)^(  contents: ).*$", rf"\g<1>Contents {number % 3}", labels.read_text("utf-8"))
            labels.write_text(text, encoding="utf-8")
        elif kind == "undo":  # as it was at the beginning, which the cache may still have
            path = choose.choice(topics)
            lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("text:")]
            path.write_text("\n".join([*lines, ""]), encoding="utf-8")
        else:
            os.utime(order)
        yield kind


def outcome(place: Project, kept: Presses) -> bytes | tuple[Diagnostic, ...]:
    try:
        made_ = builds(place, [EMAIL, ARCHIVE], place.root / "out", kept)
        return b"".join(one.path.read_bytes() for one in made_)
    except ReportError as error:
        return error.diagnostics


def test_random_edits_give_the_same_bytes_with_the_cache_and_without(project: Change, tmp_path: Path) -> None:
    """With the cache and workers that stay, as in `watch`; without it, and now and then with new workers too."""
    place, sizes = project(), set()
    with Presses(Workers(PRELOAD), cache=Cache(tmp_path / "cache")) as kept, Presses(Workers(PRELOAD)) as plain:
        for number, kind in enumerate(edits(place, seed=int(os.environ.get("SEED", "6")))):
            with Presses(Workers(PRELOAD)) as new:
                without = outcome(place, plain if number % 10 else new)
            assert outcome(place, kept) == without, kind
            sizes.add(len(without))
    assert len(sizes) > EDITS // 4


def test_a_full_disk_and_a_small_limit(project: Change, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, cache = project(), Cache(tmp_path / "cache")
    without = made(place, cache)
    entries, size = cache.size
    cache.trim(size // 2)
    assert 0 < cache.size[0] < entries
    assert cache.size[1] <= size // 2
    cache.clear()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("builder.runtime.cache.replace_file", full)
    assert made(place, cache) == without
    assert cache.size == (0, 0)


def dying(setting: str, job: SectionJob) -> Made:
    if job.name == "meals":
        os.kill(os.getpid(), signal.SIGKILL)
    return sections.lay_out(setting, job)


def hanging(setting: str, job: SectionJob) -> Made:
    if job.name == "meals":
        time.sleep(60)
    return sections.lay_out(setting, job)


@pytest.mark.parametrize(("fault", "words"), [(dying, "died"), (hanging, "did not end")])
def test_a_worker_that_dies_or_hangs_is_named_and_the_last_pdf_stays(
    project: Change, monkeypatch: pytest.MonkeyPatch, fault: object, words: str
) -> None:
    place = project()
    before = made(place)
    monkeypatch.setattr(sections, "lay_out", fault)
    monkeypatch.setattr(workers, "PATIENCE", 5)
    with pytest.raises(ReportError, match=f'"meals".* {words}|{words}.*"meals"|"meals" {words}') as error:
        made(place)
    assert [d.code for d in error.value.diagnostics] == ["layout-failed"]
    assert next((place.root / "out").glob("*.pdf")).read_bytes() == before


@pytest.mark.parametrize("late", [0.03, 0.3])
def test_nobody_is_blamed_for_a_neighbour(project: Change, monkeypatch: pytest.MonkeyPatch, late: float) -> None:
    """pebble hears late that a job has begun, as on a busy machine: then it takes another for the one that died."""
    place = project()
    made(place)
    monkeypatch.setattr(sections, "lay_out", dying)
    begin = process.TaskManager.task_start

    def begin_late(self: process.TaskManager, task: int, worker: int | None) -> None:
        time.sleep(late)
        begin(self, task, worker)

    monkeypatch.setattr(process.TaskManager, "task_start", begin_late)
    with pytest.raises(ReportError) as error:
        made(place)
    assert [d.message.partition(" was")[0] for d in error.value.diagnostics] == ['the layout of "meals"']


def wrong(setting: str, job: SectionJob) -> Made:
    if job.name == "meals":
        raise TypeError("a fault of ours")
    return sections.lay_out(setting, job)


def test_a_fault_of_ours_in_a_worker_is_told_as_such(
    project: Change, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = project()
    monkeypatch.setattr(sections, "lay_out", wrong)
    assert main(["build", "-e", "email", "-p", str(place.root), "--no-cache"]) == ExitCode.BUG
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert "in wrong" in said, "where it happened, in the worker"
    assert 'This happened while "meals" was laid out.' in said
    assert "a bug in builder, not in your content" in said
    assert "layout-failed" not in said


def test_workers_killed_at_random(project: Change) -> None:
    """The build succeeds or says what died; a PDF is never wrong, and nothing hangs or is left running."""
    place = project()
    right = made(place)
    pdf = next((place.root / "out").glob("*.pdf"))
    command = [sys.executable, "-m", "builder", "build", "-e", "email", "-p", str(place.root), "-q", "--no-cache"]
    choose = random.Random(6)
    codes = []
    for _round in range(KILLS):
        building = subprocess.Popen(
            [*command, "-o", str(pdf.parent)],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        time.sleep(choose.uniform(0.3, 1.8))
        if forked := [one for one, parent in session(building.pid) if building.pid not in (one, parent)]:
            os.kill(choose.choice(forked), signal.SIGKILL)
        said, _ = building.communicate(timeout=60)
        codes.append(building.returncode)
        assert building.returncode in (ExitCode.OK, ExitCode.BUG), said
        assert "Traceback" not in said, said
        assert building.returncode == ExitCode.OK or "layout-failed" in said
        assert pdf.read_bytes() == right
        _when(partial(ended, building.pid))
    assert ExitCode.OK in codes


def session(leader: int) -> Iterator[tuple[int, int]]:
    """The processes that a command has started, and itself, each with its parent (proc(5))."""
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent, _group, own, *_ = entry.read_text().rpartition(")")[2].split()
            if int(own) == leader and state != "Z":
                yield int(entry.parent.name), int(parent)


def ended(leader: int) -> bool:
    return not list(session(leader))


def test_files_take_their_names_together_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("before")
    (tmp_path / "three").mkdir()
    with Delivery(tmp_path) as delivery:
        for name in ("one", "two", "three"):
            delivery.text(name, "after")
        with pytest.raises(ReportError, match="three could not be written"):
            delivery.publish()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "three"]
    assert (tmp_path / "one").read_text() == "before"


def test_two_builds_at_once(project: Change, tmp_path: Path) -> None:
    place = project()
    command = [sys.executable, "-m", "builder", "build", "-e", "email", "-p", str(place.root), "-q"]
    environment = os.environ | {"BUILDER_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)}
    both = [subprocess.Popen(command, env=environment) for _ in range(2)]
    assert [one.wait(120) for one in both] == [0, 0]
    assert next(place.output.glob("*.pdf")).read_bytes() == made(place)


def test_a_build_with_nothing_to_do_loads_nothing(project: Change, tmp_path: Path) -> None:
    place = project()
    elsewhere = place.root / "texts"  # behind a link
    (place.content / "topics").rename(elsewhere)
    (place.content / "topics").symlink_to(elsewhere)
    command = ["-m", "builder", "build", "-e", "email", "-p", str(place.root)]
    environment = os.environ | {"BUILDER_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)}

    def run(*flags: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, *flags, *command], env=environment, capture_output=True, text=True)

    first = run()
    assert first.returncode == ExitCode.OK
    again = run("-X", "importtime")
    assert "unchanged" in again.stdout
    for library in ("weasyprint", "matplotlib", "pydantic", "typer", "rich", "pikepdf"):
        assert f" {library}\n" not in again.stderr, library
    pdf, meals = next(place.output.glob("*.pdf")), place.content / "topics" / "meals.yaml"
    for change in (
        lambda: pdf.unlink(),
        lambda: pdf.write_bytes(b"other"),
        lambda: meals.write_text(meals.read_text("utf-8") + "# a comment\n", encoding="utf-8"),
        lambda: (place.content / "new.txt").write_text("new"),
        lambda: (elsewhere / "meals.yaml").write_text(meals.read_text("utf-8") + "# another\n", encoding="utf-8"),
        lambda: shutil.rmtree(tmp_path / "cache"),
    ):
        change()
        assert "unchanged" not in run().stdout
        assert "unchanged" in run().stdout


def test_watch_makes_the_pdf_again_and_keeps_it_over_mistakes(project: Change, tmp_path: Path) -> None:
    place = project()
    topic = place.content / "topics" / "meals.yaml"
    text = topic.read_text("utf-8")
    pdf = place.output / f"{slug(checked(place).front)}-email.pdf"
    environment = os.environ | {"BUILDER_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "builder", "watch", "-p", str(place.root)]
    said = tmp_path / "said.txt"
    with said.open("w") as out, subprocess.Popen(command, env=environment, stdout=out, stderr=out) as watching:
        try:
            first = _when(lambda: pdf.is_file() and pdf.read_bytes())
            _when(lambda: " pages, " in said.read_text())
            topic.write_text(text.replace("title: More", "title: Many more", 1), encoding="utf-8")
            second = _when(lambda: (data := pdf.read_bytes()) != first and data)
            topic.write_text(text.replace("key: meals", "key: meal"), encoding="utf-8")
            _when(lambda: "unknown-indicator" in said.read_text())
            assert pdf.read_bytes() == second
            for number in range(5):
                topic.write_text(text + f"# {number}\n", encoding="utf-8")
            _when(lambda: pdf.read_bytes() == first)
        finally:
            watching.send_signal(signal.SIGINT)
            assert watching.wait(20) == ExitCode.INTERRUPTED
    assert "Traceback" not in said.read_text()
    assert not list(place.output.glob(".*"))


def test_what_no_build_reads_is_no_reason_for_one() -> None:
    counted = counts({"/report/content/topics/meals.yaml"})
    assert counted(watchfiles.Change.modified, "/report/content/topics/meals.yaml")
    assert not counted(watchfiles.Change.modified, "/report/content/notes.txt")
    assert counted(watchfiles.Change.added, "/report/content/topics/new.yaml")
    for passing in (".meals.yaml.swp", "meals.yaml~", ".~lock.accounts.xlsx#", "meals.tmp", ".report.pdf.12.part"):
        assert not counted(watchfiles.Change.added, f"/report/content/topics/{passing}")


def _when(true: Callable[[], Any]) -> Any:
    """Waits until something is so, 60 seconds at most."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.05)
    raise AssertionError(true)
