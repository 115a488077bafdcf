"""`python -m builder` and the `builder` command."""

from builder.cli import main


def run() -> None:
    """Entry point: the shell gets one of ExitCode."""
    raise SystemExit(main())


if __name__ == "__main__":
    run()
