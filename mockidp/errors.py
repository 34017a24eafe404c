"""Errors that users of the mock see. Refusals of client requests are in protocol/."""

from __future__ import annotations

DOCS_URL = "https://github.com/mockidp/mockidp/blob/main/docs"
"""The base of the links in hints and help. An installed package has no documentation files."""


class MockIdPError(Exception):
    """An error that the user of the mock can fix: a file, a flag, a port, an address.

    The text is one or more sentences that name the input and the remedy. The command line prints
    it and exits with status 1.
    """

    @property
    def report(self) -> str:
        """The text as the command line and pytest print it."""
        return f"mockidp: {self}"


class UnfiredFaultWarning(UserWarning):
    """A test added a fault that never fired."""


class Unreachable(MockIdPError):  # noqa: N818 - public name
    """No mock answers at a URL."""


class TimedOut(MockIdPError):  # noqa: N818 - public name
    """The exchanges that a test waited for did not happen in time."""
