"""The wheel, in an environment of its own, far from this repository."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from tests.conftest import ROOT


def test_new_and_build_from_an_installed_wheel(tmp_path: Path) -> None:
    """Its libraries are those of this environment; the package itself comes from the wheel alone."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    wheel = next(tmp_path.glob("*.whl"))
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", str(wheel)], check=True)
    environment = os.environ | {"PYTHONPATH": sysconfig.get_path("purelib")}
    far = tmp_path / "far"
    far.mkdir()

    def builder(*words: str) -> str:
        done = subprocess.run(
            [tmp_path / "env" / "bin" / "builder", *words], cwd=far, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = subprocess.run(
        [python, "-c", "import builder; print(builder.__file__)"],
        cwd=far,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.startswith(str(tmp_path / "env"))
    builder("new", "x")
    assert "16 pages" in builder("build", "--project", "x")
    assert (far / "x" / "output" / "annual-report-2021-2024-print-coated-fogra39.pdf").read_bytes().startswith(b"%PDF-")
    assert (far / "x" / "fonts" / "titillium-web" / "OFL.txt").is_file()
