"""The test method for passkeys: give a user one whose private key the test holds."""

from __future__ import annotations

from mockidp.errors import MockIdPError
from mockidp.flows.passkeys.held import add_passkey, user_handle_of
from mockidp.frozen import frozen
from mockidp.protocol.tokens.base64url import base64url
from mockidp.protocol.urls.origin import host_in, origin_of
from mockidp.protocol.webauthn.ceremony import ES256
from mockidp.protocol.webauthn.cose import dump_public_key
from mockidp.protocol.webauthn.verification import NewCredential
from mockidp.testing.method import Method, MethodCaller, Target, answer, parameters
from mockidp.testing.named import named_user
from mockidp.testing.software_authenticator import (
    AAGUID,
    SoftwareAuthenticator,
    SoftwarePasskey,
    dump_private_key,
    new_id,
    new_key,
)


@frozen
class NewPasskey:
    """A passkey to add."""

    user: str
    """By id, the id's last part, or e-mail."""
    rp_id: str | None = None
    """The relying party: the domain of the challenges. By default the host of the mock's URL."""


@frozen
class AddedPasskey:
    """A passkey with its private key. Binary values are in base64url."""

    id: str
    """The id of the credential."""
    rp_id: str
    """The relying party."""
    user_handle: str
    """The `user.id` of its user."""
    private_key: str
    """The private key of ES256, as PKCS #8."""
    origin: str
    """The origin of the mock."""


def _add_passkey(target: Target, request: NewPasskey) -> AddedPasskey:
    """Give a user a passkey. Return it with its private key."""
    tenant, user = target.tenant, named_user(target.tenant, request.user)
    connection = tenant.directory.connection(user.connection)
    if connection is None or not connection.options.has_passkeys:
        raise MockIdPError(
            f"Connection {user.connection} of user {user.user_id} has no passkeys. Set its "
            "`options.authentication_methods` to {passkey: {enabled: true}}."
        )
    origin = origin_of(tenant.urls.browser_url(target.url))
    key = new_key([ES256])
    added = AddedPasskey(
        id=new_id(),
        rp_id=request.rp_id or host_in(origin),
        user_handle=user_handle_of(tenant, user),
        private_key=dump_private_key(key),
        origin=origin,
    )
    credential = NewCredential(
        id=added.id, public_key=base64url(dump_public_key(key.public_key())), aaguid=AAGUID
    )
    if not add_passkey(
        tenant, user.user_id, credential, user_handle=added.user_handle, rp_id=added.rp_id
    ):
        raise MockIdPError(f"User {user.user_id} has as many passkeys as Auth0 allows.")
    return added


ADD_PASSKEY = Method(
    name="add_passkey",
    http="POST /passkeys",
    function=_add_passkey,
    parameters=parameters(NewPasskey),
    answer=answer(AddedPasskey),
)


class PasskeyMethods(MethodCaller):
    """The test method for passkeys."""

    def add_passkey(self, user: str, *, rp_id: str | None = None) -> SoftwareAuthenticator:
        """Give a user a passkey. Return an authenticator that holds it.

        Its method `get` answers the challenges of /passkey/challenge, and `create` those of
        /passkey/register.

        Args:
            user: By id, the id's last part, or e-mail.
            rp_id: The relying party: the domain of the challenges. By default the host of the
                mock's URL.

        Raises:
            MockIdPError: There is no such user, or the user's connection has no passkeys.
        """
        added = self._call(ADD_PASSKEY, NewPasskey(user=user, rp_id=rp_id))
        passkey = SoftwarePasskey(
            id=added.id,
            rp_id=added.rp_id,
            user_handle=added.user_handle,
            private_key=added.private_key,
        )
        return SoftwareAuthenticator(added.origin, [passkey])
