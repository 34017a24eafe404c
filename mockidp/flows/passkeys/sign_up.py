"""Create the user of a sign-up, with the passkey that answers the challenge."""

from __future__ import annotations

from mockidp.flows.accounts.mail import send_mail
from mockidp.flows.accounts.sign_up import check_is_new
from mockidp.flows.passkeys.held import add_passkey
from mockidp.flows.passkeys.profile import new_user_of, user_exists
from mockidp.flows.passkeys.verify import Refuse, verified_credential
from mockidp.protocol.login.passkeys import PasskeyChallenge
from mockidp.protocol.webauthn.response import AuthenticatorResponse
from mockidp.protocol.webauthn.verification import NewCredential
from mockidp.resources.connection import Connection
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant


def sign_up_with_passkey(
    tenant: Tenant,
    base_url: str,
    challenge: PasskeyChallenge,
    connection: Connection,
    response: AuthenticatorResponse,
    *,
    refuse: Refuse,
) -> User:
    """Create the user whom a challenge describes, and send the e-mail that verifies the address.

    Raises:
        Refusal: A step of the verification fails.
        InvalidRequest: The user exists, or the profile is refused.
    """
    credential = verified_credential(tenant, challenge, response, refuse)
    user = new_user_of(tenant, connection, challenge.profile)
    with tenant.backend.exclusive():
        check_is_new(tenant, connection, user, user_exists)
        store_credential(tenant, challenge, user.user_id, credential, refuse)
        tenant.directory.users.store.put(user.user_id, user)
    send_mail(tenant, base_url, "verify_email", user, client_id=challenge.client_id)
    return user


def store_credential(
    tenant: Tenant,
    challenge: PasskeyChallenge,
    user_id: str,
    credential: NewCredential,
    refuse: Refuse,
    *,
    user_agent: str = "",
) -> str:
    """Store a credential as a passkey of a user. Return the id of the authentication method.

    Raises:
        Refusal: The credential is known, or the user has too many.
    """
    made = add_passkey(
        tenant, user_id, credential,
        user_handle=challenge.user_handle, rp_id=challenge.rp_id, user_agent=user_agent,
    )  # fmt: skip
    with tenant.trace.check("webauthn_new_credential", is_new=made is not None):
        if made is None:
            raise refuse(
                "A user has a passkey with this id already (Web Authentication Level 2, 7.1 step "
                "22), or this user has as many as Auth0 allows. Remove one, or create another."
            )
    return made.id
