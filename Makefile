# make report builds the PDF; make test runs every test. Both set up what is missing first.
.PHONY: report test coverage setup lint bench lock pictures gallery

report: setup
	@.venv/bin/builder build

test:
	@./setup.sh tests
	@.venv/bin/pytest

# What the tests go through, workers too. It takes twice as long; damaged data are those of processes that tests kill.
coverage:
	@./setup.sh tests
	@.venv/bin/pytest --cov --cov-report=term -W ignore::coverage.exceptions.CoverageWarning

setup:
	@./setup.sh

# Every kind of figure, with example data: the content of examples/gallery in the layouts of this report.
gallery: setup
	@mkdir -p output/gallery
	@cp -r examples/gallery/content layouts fonts output/gallery/
	@.venv/bin/builder build --project output/gallery --edition email
	@.venv/bin/python docs/gallery.py

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

bench: setup
	@.venv/bin/python benchmarks/run.py
	@.venv/bin/python benchmarks/show.py

# For maintainers: new versions of the libraries (with uv, of PyPI), and new pictures in the README.
lock:
	.venv/bin/pip install -q uv
	.venv/bin/python -m uv pip compile --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-header --python-version 3.11 --extra dev pyproject.toml -o requirements.lock --upgrade

pictures: report
	.venv/bin/python docs/pictures.py
