"""What a handler returns: the response, and what the pipeline has to know about it."""

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
        hint: A hint for the developer. Where the response is a refusal, its hint replaces this one.
        refused: The refusal that the response carries, such as a login page that is shown again.
        session: A new session, whose cookie is set.
    """

    response: Response | AuthorizationResponse
    hint: str = ""
    refused: Refusal | None = None
    session: Session | None = None
