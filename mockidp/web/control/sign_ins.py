"""`/sign-ins`: who answers the next authorization request."""

from __future__ import annotations

from dataclasses import dataclass

from mockidp.testing.sign_in import sign_in_as
from mockidp.web.control.operation import Call, Operation


@dataclass(frozen=True, kw_only=True, slots=True)
class SignInAs:
    """Who signs in, and at which client; by default at any."""

    user: str
    client: str | None = None


def _sign_in(call: Call) -> None:
    sign_in_as(call.tenant, call.body.user, client=call.body.client)


OPERATIONS = (
    Operation(
        name="signInAs",
        method="POST",
        path="/sign-ins",
        summary="Let a user answer the next authorization request, without a page.",
        handler=_sign_in,
        body=SignInAs,
        status=204,
    ),
)
