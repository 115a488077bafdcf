"""`python -m builder` and the `builder` command."""


def run() -> None:
    """Entry point: the shell gets one of ExitCode."""
    from builder.cli import main  # worker processes import this module, and have no use for the command line

    raise SystemExit(main())


if __name__ == "__main__":
    run()
