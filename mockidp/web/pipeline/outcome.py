"""The outcome of an exchange: the response, and what journal and log say about it."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug import Response

from mockidp.protocol.errors.refusal import Refusal


@dataclass(slots=True)
class Outcome:
    """The result of an exchange; each step of the pipeline may add to it.

    Attributes:
        response: The response that is sent.
        hint: The hint for the developer.
        refused: The refusal. The response may be a redirect that sends it to the client's callback.
        is_framable: Whether the response is a page that has to work in a frame of the app.
        is_bug: Whether mockidp itself failed.
        is_blocked_by_cors: Whether a browser keeps the response from the page that requested it.
    """

    response: Response
    hint: str = ""
    refused: Refusal | None = None
    is_framable: bool = False
    is_bug: bool = False
    is_blocked_by_cors: bool = False
