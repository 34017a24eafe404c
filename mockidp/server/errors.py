"""Exceptions that end a request before its response is complete."""

from __future__ import annotations


class BadRequest(Exception):  # noqa: N818 - the client's error, not the server's
    """A request that the server refuses itself.

    Attributes:
        status: Status code and reason phrase.
        why: What is wrong with the request, for the response body and the log.
    """

    def __init__(self, status: str, why: str) -> None:
        super().__init__(f"{status}: {why}")
        self.status = status
        self.why = why


class ClientGone(Exception):  # noqa: N818 - not an error
    """The client has closed the connection, or sent nothing for too long between two requests."""


class ResponseFailed(Exception):  # noqa: N818 - the error of the application was logged
    """The application failed after the first piece of a response."""
