"""Token exchange: the types of subject tokens, and what decides about those of a profile.

Spec: RFC 8693 2.1, 3 and 4.1.
Auth0: an Action decides, with `api.authentication` and `api.access`. Here it is an entry of
`mockidp.subject_tokens`, or a function of the test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from mockidp.frozen import frozen
from mockidp.protocol.errors.action_denied import ActionDenied

ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
"""The `issued_token_type` of every answer, and the type of subject tokens that are exchanged on
behalf of their user."""
INVALID_SUBJECT_TOKEN = "Invalid subject_token"
INVALID_TYPES = "Invalid subject_token_type and requested_token_type combination."
NOT_ALLOWED = '"{}" Token Exchange Profile is not allowed for the client.'
MAX_ACTORS = 5
MAX_PROPERTIES = 5
_ACTOR = (
    "an actor with a string as `sub`, at most five other properties of strings, numbers or "
    "booleans, and at most four further actors in `act`"
)

OTHER_TYPES = {
    "urn:ietf:params:oauth:token-type:refresh_token": (
        "Auth0 accepts refresh tokens only for Token Vault, which has a grant type of its own"
    ),
    "urn:ietf:params:oauth:token-type:id_token": (
        "Auth0 accepts ID tokens only as `actor_token`, or with a token exchange profile that has "
        "a type of its own"
    ),
    "urn:ietf:params:oauth:token-type:id-jag": (
        "Auth0 accepts identity assertions only as `assertion` of the grant type jwt-bearer"
    ),
}
"""Standard types of subject tokens that Auth0 does not exchange, each with what it does."""


@frozen
class SubjectToken:
    """One entry of `mockidp.subject_tokens`: a token, or the key of JWTs, and their user."""

    profile: str | None = None
    """The name of the token exchange profile."""
    connection: str | None = None
    """For native social login: the connection with Apple, Facebook or Google, in place of
    `profile`."""
    token: str | None = None
    """The token itself."""
    user: str | None = None
    """The user of `token`, by id, the id's last part, e-mail or username."""
    key: str | None = None
    """The public RSA key that verifies JWTs, as PEM, in place of `token`."""
    issuer: str | None = None
    """The `iss` that JWTs must have."""
    audience: str | None = None
    """The `aud` that JWTs must have."""
    user_claim: str = "sub"
    """The claim of JWTs that names the user, as `user` does."""
    actor: Mapping[str, Any] | None = None
    """The claim `act` of the issued tokens, such as `{sub: agent}`."""
    error: str | None = None
    """Refuse the token with this code, as `api.access.deny` does."""
    error_description: str = INVALID_SUBJECT_TOKEN
    """The text of the refusal."""


@dataclass(kw_only=True, slots=True)
class TokenExchange:
    """A request for an exchange, as the function that decides about it gets it.

    The function returns the user, or refuses.
    """

    profile: str
    """The name of the profile."""
    subject_token: str
    """The token to be exchanged."""
    subject_token_type: str
    """Its type."""
    actor_token: str | None = None
    """The token of the party that acts for the user, if one was sent."""
    actor_token_type: str | None = None
    """Its type."""
    client_id: str
    """The client that sends the request."""
    audience: str | None = None
    """The requested audience."""
    scope: tuple[str, ...] = ()
    """The requested scopes."""
    organization: str | None = None
    """The organization by id or name: the requested one, or the one that was set."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """All parameters except secrets, as an Action sees them in `event.request.body`."""
    actor: Mapping[str, Any] | None = None
    """The actor that was set."""

    def set_actor(self, actor: Mapping[str, Any]) -> None:
        """Set the claim `act` of the issued tokens, as `api.authentication.setActor` does.

        Raises:
            ValueError: It is no actor that Auth0 accepts.
        """
        if expected := mistake_in_actor(actor):
            raise ValueError(f"Expected {expected}.")
        self.actor = actor

    def set_organization(self, organization: str) -> None:
        """Set the organization, by id or name, as `api.authentication.setOrganization` does."""
        self.organization = organization

    def deny(self, code: str, reason: str) -> NoReturn:
        """Refuse the request with an error code, as `api.access.deny` does."""
        raise ActionDenied(code, reason, hint="The function of the test denied the exchange.")

    def reject_invalid_subject_token(self, reason: str = INVALID_SUBJECT_TOKEN) -> NoReturn:
        """Refuse the subject token, as `api.access.rejectInvalidSubjectToken` does."""
        raise ActionDenied(
            "invalid_request",
            reason,
            hint="The function of the test rejected the subject token as invalid.",
        )


Decider = Callable[[TokenExchange], Any]
"""Returns the user for whom tokens are issued, as a record or by name."""


def mistake_in_actor(actor: object) -> str | None:
    """Return what is expected in place of an actor; None if it is one."""
    for _ in range(MAX_ACTORS):
        if not isinstance(actor, Mapping) or not isinstance(actor.get("sub"), str):
            return _ACTOR
        others = [value for name, value in actor.items() if name not in ("sub", "act")]
        if len(others) > MAX_PROPERTIES or not all(
            isinstance(v, str | int | float) for v in others
        ):
            return _ACTOR
        if "act" not in actor:
            return None
        actor = actor["act"]
    return _ACTOR
