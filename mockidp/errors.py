"""What a person using the mock did wrong; what a client does wrong is in protocol/."""

from __future__ import annotations

DOCS_URL = "https://github.com/mockidp/mockidp/blob/main/docs"
"""Where hints and help point to: an installed package has no documentation files."""


class MockIdPError(Exception):
    """An error that the person who runs the mock can fix: a file, a flag, a port, an address.

    The text is one or more whole sentences that name the input and the mend; the command
    line prints it as it is and ends with status 1.
    """


class UnfiredFaultWarning(UserWarning):
    """A test asked for a fault, and nothing came by that it could spoil."""


class Unreachable(MockIdPError):  # noqa: N818 - what it is
    """No mock answers at a URL."""
