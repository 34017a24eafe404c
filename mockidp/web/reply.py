"""The result of a handler: the response, and facts about it for the pipeline."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug import Response

from mockidp.protocol.artifacts import Session
from mockidp.protocol.refusal import Refusal
from mockidp.protocol.response_mode import AuthorizationResponse


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a request.

    Attributes:
        response: A finished response, or parameters for a redirect URI, which the pipeline renders.
        hint: A hint for the developer. If the response is a refusal, its hint replaces this one.
        refused: The refusal in the response, such as the error on a login page.
        session: A new session, whose cookie is set.
    """

    response: Response | AuthorizationResponse
    hint: str = ""
    refused: Refusal | None = None
    session: Session | None = None
