"""The result of a handler: the response, and facts about it for the pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug import Response

from mockidp.frozen import frozen
from mockidp.protocol.errors.refusal import Refusal
from mockidp.protocol.oauth.response_mode import AuthorizationResponse

if TYPE_CHECKING:
    from mockidp.protocol.tokens.artifacts import Session


@frozen(kw_only=False)
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
