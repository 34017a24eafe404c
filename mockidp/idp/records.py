"""The methods that add records to a tenant, or change them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

from mockidp.idp.serving import ServerLifecycle
from mockidp.protocol.custom_claim import CLAIM_PLACES, UNSET, ClaimPlace, CustomClaim
from mockidp.resources.client import CLIENT, Client
from mockidp.resources.resource_server import API, ResourceServer
from mockidp.resources.user import USER, User
from mockidp.testing import claims, records
from mockidp.testing.words import (
    ClientFields,
    ResourceServerFields,
    UserFields,
)


class RecordMethods(ServerLifecycle):
    """The methods that add or change records."""

    def add_user(self, user: str, /, **fields: Unpack[UserFields]) -> User:
        """Add a user, or replace it.

        Args:
            user: A full id such as `auth0|carol`, the part behind `auth0|`, or an e-mail address.
            **fields: Auth0's fields of a user, and `password`, `roles` and `permissions`. The
                password is `Passw0rd!` if none is given.

        Raises:
            MockIdPError: A field that there is not, or a value that it cannot have.
        """
        return records.add(self.tenant, USER, user, fields)

    def add_client(self, client_id: str, /, **fields: Unpack[ClientFields]) -> Client:
        """Add a client, or replace it.

        Args:
            client_id: Its id; a confidential client's secret is the id with `-secret` behind,
                if none is given.
            **fields: Auth0's fields of a client.

        Raises:
            MockIdPError: A field that there is not, or a value that it cannot have.
        """
        return records.add(self.tenant, CLIENT, client_id, fields)

    def patch_client(self, client_id: str, /, **fields: Unpack[ClientFields]) -> Client:
        """Change some fields of a client, and keep the others.

        Args:
            client_id: Its id.
            **fields: Auth0's fields of a client; a list replaces the list that was there.

        Raises:
            MockIdPError: No such client, a field that there is not, or a value that it cannot have.
        """
        return records.patch(self.tenant, CLIENT, client_id, fields)

    def add_api(self, identifier: str, /, **fields: Unpack[ResourceServerFields]) -> ResourceServer:
        """Add an API, or replace it.

        Args:
            identifier: Its audience.
            **fields: Auth0's fields of a resource server; a scope may be its value alone.

        Raises:
            MockIdPError: A field that there is not, or a value that it cannot have.
        """
        return records.add(self.tenant, API, identifier, fields)

    def add_claim(
        self,
        claim: str,
        /,
        *,
        from_: str | None = None,
        value: Any = UNSET,
        in_: ClaimPlace | Sequence[ClaimPlace] = CLAIM_PLACES,
        client: str | None = None,
        audience: str | None = None,
        user: str | None = None,
        scope: str | None = None,
    ) -> CustomClaim:
        """Add a custom claim to tokens and /userinfo; it wins over those added before it.

        Give either `from_` or `value`. Without the limits it is added for everyone.

        Args:
            claim: Its name, such as `https://acme.example/plan`.
            from_: A dotted path below `user`, `client` or `request`, such as
                `user.app_metadata.plan`. While it does not resolve, the entry adds nothing.
            value: The value itself: anything that JSON has.
            in_: One or more of `id_token`, `access_token` and `userinfo`.
            client: Only for this client, by id or name.
            audience: Only for requests for this API, by identifier.
            user: Only for this user: by id, the id's last part, e-mail or username.
            scope: Only if this scope was granted.

        Raises:
            MockIdPError: Auth0 restricts the claim, the path cannot exist, or a client, user or
                API is unknown.
        """
        limits = {"client": client, "audience": audience, "user": user, "scope": scope}
        fields = claims.claim_fields(from_=from_, value=value, in_=in_, **limits)
        return claims.add_claim(self.tenant, claim, fields)
