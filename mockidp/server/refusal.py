"""What the server itself refuses, before any application sees it."""

from __future__ import annotations


class BadRequest(Exception):  # noqa: N818 - a request is refused; nothing here failed
    """A request that cannot be handed on.

    Attributes:
        status: Status code and reason phrase.
        why: What is wrong with the request, in a sentence's words.
    """

    def __init__(self, status: str, why: str) -> None:
        super().__init__(f"{status}: {why}")
        self.status = status
        self.why = why
