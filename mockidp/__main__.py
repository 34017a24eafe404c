"""The command `mockidp`, and `python -m mockidp`."""

from __future__ import annotations

import os
import signal
import sys


def main() -> None:
    """Run the command line and exit with its status."""
    if os.getpid() == 1:
        # The kernel does not deliver SIGTERM to the first process of a container by default.
        signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    from mockidp.cli.group import run  # noqa: PLC0415 - takes 50 ms, during which a container may be stopped

    run()


if __name__ == "__main__":
    main()
