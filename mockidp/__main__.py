"""The command `mockidp`, and `python -m mockidp`."""

from __future__ import annotations

import gc
import os
import signal
import sys

_OBJECTS = 10_000
"""How many new objects start a search for cycles of garbage; in Python 700 to 2,000. Imports and
requests make thousands of objects and hardly any cycles, so the searches would take a tenth of
their time."""


def main() -> None:
    """Run the command line and exit with its status."""
    gc.set_threshold(_OBJECTS)
    if os.getpid() == 1:
        # The kernel does not deliver SIGTERM to the first process of a container by default.
        signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    from mockidp.cli.group import run  # noqa: PLC0415 - takes 50 ms, during which a container may be stopped

    run()


if __name__ == "__main__":
    main()
