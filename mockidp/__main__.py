"""The command `mockidp`, and `python -m mockidp`."""

from __future__ import annotations

from mockidp.cli.group import run


def main() -> None:
    """Run the command line and exit with its status."""
    run()


if __name__ == "__main__":
    main()
