"""`python -m builder` and the `builder` command."""

import sys


def run() -> None:
    """Entry point: the shell gets one of ExitCode. A build that would change nothing ends here."""
    if sys.argv[1:2] == ["build"] and "--no-cache" not in sys.argv:
        from builder.unchanged import unchanged

        if (said := unchanged(sys.argv[1:])) is not None:
            for stream, line in said:
                print(line, file=sys.stderr if stream == "err" else sys.stdout)
            return
    if sys.argv[1:2] in (["build"], ["watch"]):
        from builder import fork_server

        fork_server.start()
    from builder.cli import main  # worker processes import this module, and have no use for the command line

    raise SystemExit(main())


if __name__ == "__main__":
    run()
