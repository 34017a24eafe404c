"""The test methods `sign_in_as` and `unblock`: the user of the next login, and blocked users."""

from __future__ import annotations

from mockidp.flows.login.passwords.brute_force import lift_blocks, normalize_name
from mockidp.frozen import frozen
from mockidp.tenant.state.sign_ins import SignIn
from mockidp.testing.method import ID, NO_ANSWER, Method, Target, parameters
from mockidp.testing.named import named_client, named_organization, named_user


@frozen
class SignInAs:
    """The user whom the next authorization request logs in."""

    user: str
    """By id, the id's last part, or e-mail."""
    client: str | None = None
    """The client of the request, by id; by default any client."""
    organization: str | None = None
    """The organization that the user chooses, by id or name, if the client asks for one."""


def _sign_in_as(target: Target, request: SignInAs) -> None:
    """Log a user in at the next authorization request, without a page."""
    if request.client is not None:
        named_client(target.tenant, request.client)
    user_id = named_user(target.tenant, request.user).user_id
    organization = named_organization(target.tenant, request.organization)
    target.tenant.sign_ins.add(
        SignIn(
            user_id=user_id,
            client_id=request.client,
            organization_id=organization.id if organization else None,
        )
    )


def _unblock(target: Target, name: str) -> None:
    """Remove the brute-force blocks of a user, or of an unknown name."""
    tenant = target.tenant
    user = tenant.directory.user_named(name)
    subject = user.user_id if user else normalize_name(name)
    if not lift_blocks(tenant, subject, is_user=user is not None):
        named_user(tenant, name)


SIGN_IN_AS = Method(
    name="sign_in_as",
    http="POST /sign-ins",
    function=_sign_in_as,
    parameters=parameters(SignInAs),
    answer=NO_ANSWER,
    status=204,
)
UNBLOCK = Method(
    name="unblock",
    http="DELETE /users/{id}/blocks",
    function=_unblock,
    parameters=ID,
    answer=NO_ANSWER,
    status=204,
)
