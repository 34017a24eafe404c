"""What a test adds to a tenant, and what it gets of it without a flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Unpack

from mockidp.idp.serving import ServerLifecycle
from mockidp.protocol.custom_claim import CLAIM_PLACES, UNSET, ClaimPlace, CustomClaim
from mockidp.resources.client import Client
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.user import User
from mockidp.testing import records
from mockidp.testing.link import make_impersonation_link
from mockidp.testing.mint import mint_access_token, mint_id_token, token_fault
from mockidp.testing.words import (
    ClientFields,
    ResourceServerFields,
    SpoiledTokenWords,
    UserFields,
)


class TokenMethods(ServerLifecycle):
    """The verbs that make something: a user, a client, an API, a token, a link."""

    # --- who and what there is ---

    def add_user(self, user: str, /, **fields: Unpack[UserFields]) -> User:
        """Add a user, or replace it.

        Args:
            user: A full id such as `auth0|carol`, the part behind `auth0|`, or an e-mail address.
            **fields: Auth0's fields of a user, and `password`, `roles` and `permissions`. The
                password is `Passw0rd!` if none is given.

        Raises:
            MockIdPError: A field that there is not, or a value that it cannot have.
        """
        return records.add_user(self.tenant, user, fields)

    def add_client(self, client_id: str, /, **fields: Unpack[ClientFields]) -> Client:
        """Add a client, or replace it.

        Args:
            client_id: Its id; a confidential client's secret is the id with `-secret` behind,
                if none is given.
            **fields: Auth0's fields of a client.

        Raises:
            MockIdPError: A field that there is not, or a value that it cannot have.
        """
        return records.add_client(self.tenant, client_id, fields)

    def patch_client(self, client_id: str, /, **fields: Unpack[ClientFields]) -> Client:
        """Change some fields of a client, and keep the others.

        Args:
            client_id: Its id.
            **fields: Auth0's fields of a client; a list replaces the list that was there.

        Raises:
            MockIdPError: No such client, a field that there is not, or a value that it cannot have.
        """
        return records.patch_client(self.tenant, client_id, fields)

    def add_api(self, identifier: str, /, **fields: Unpack[ResourceServerFields]) -> ResourceServer:
        """Add an API, or replace it.

        Args:
            identifier: Its audience.
            **fields: Auth0's fields of a resource server; a scope may be its value alone.

        Raises:
            MockIdPError: A field that there is not, or a value that it cannot have.
        """
        return records.add_api(self.tenant, identifier, fields)

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
        fields = records.claim_fields(from_=from_, value=value, in_=in_, **limits)
        return records.add_claim(self.tenant, claim, fields)

    # --- without a flow ---

    def access_token(
        self,
        *,
        audience: str | Sequence[str] | None = None,
        scope: str | None = None,
        user: str | None = None,
        client: str | None = None,
        claims: Mapping[str, Any] | None = None,
        expires_in: int | None = None,
        url: str | None = None,
        **words: Unpack[SpoiledTokenWords],
    ) -> str:
        """Return an access token. All policies are skipped.

        Args:
            audience: The API's identifier, or several: `aud` is then a list, and the first API
                decides lifetime and format. Without one, and without a default audience of the
                tenant, it is an opaque token for /userinfo.
            scope: Values separated by spaces; by default all that the APIs define. A scope that
                none of them defines is refused; `claims={"scope": ...}` sets any text.
            user: By id, the id's last part, or e-mail; without a user it is the client's own.
            client: A client's id; by default the first.
            claims: What the token says besides, or instead.
            expires_in: Seconds that it lives; by default as long as the API's tokens do.
            url: The tenant's URL that it comes from; by default `url`, for https `tls_url`.
            **words: What is wrong with it, as with a fault at `access_token`.

        Raises:
            MockIdPError: No such user, client, API or scope, or words that do not go together.
        """
        minted = mint_access_token(
            self.tenant,
            url or self.url,
            audience=audience,
            scope=scope,
            user=user,
            client=client,
            expires_in=expires_in,
            fault=token_fault("access_token", claims, words),
        )
        return minted.access_token

    def id_token(
        self,
        *,
        user: str,
        client: str | None = None,
        nonce: str | None = None,
        scope: str | None = None,
        claims: Mapping[str, Any] | None = None,
        expires_in: int | None = None,
        url: str | None = None,
        **words: Unpack[SpoiledTokenWords],
    ) -> str:
        """Return an ID token.

        Args:
            user: By id, the id's last part, or e-mail.
            client: Whom it is for, by id; by default the first client.
            nonce: What the authorization request would have sent.
            scope: Which claims about the user it has; by default `openid profile email`.
            claims: What the token says besides, or instead.
            expires_in: Seconds that it lives; by default as long as the client's ID tokens do.
            url: The tenant's URL that it comes from; by default `url`, for https `tls_url`.
            **words: What is wrong with it, as with a fault at `id_token`.

        Raises:
            MockIdPError: No such user or client, or words that do not go together.
        """
        return mint_id_token(
            self.tenant,
            url or self.url,
            user=user,
            client=client,
            nonce=nonce,
            scope=scope,
            expires_in=expires_in,
            fault=token_fault("id_token", claims, words),
        )

    def impersonation_link(
        self,
        user: str,
        *,
        impersonator: str | None = None,
        client: str | None = None,
        state: str | None = None,
        callback_url: str | None = None,
        response_type: str | None = None,
        response_mode: Literal["form_post"] | None = None,
        scope: str | None = None,
        audience: str | None = None,
        ttl: int | str | None = None,
        url: str | None = None,
    ) -> str:
        """Return a link that logs an admin in as a user, to be opened once and as it is.

        Args:
            user: Who is to be impersonated: by id, the id's last part, or e-mail.
            impersonator: The admin; by default the user called admin, else another than `user`.
            client: Whose callback it leads to, by id; by default the first with a callback.
            state: Comes back at the callback. A link without one is a Bad mac when it is opened,
                as at Auth0, unless the setting `impersonation.require_state` is false.
            callback_url: One of the client's; by default its first.
            response_type: `code`, `token` or `token id_token`; by default `code`.
            response_mode: `form_post` posts the answer to the callback; by default it redirects.
            scope: By default `openid`.
            audience: Acted on where the setting `impersonation.honour_audience` is true.
            ttl: Seconds that it lives; by default the setting `impersonation.ttl`.
            url: The tenant's URL at which it is good; by default the setting `browser_url`, else
                `issuer`, else `url`. For https it is `tls_url`.

        Raises:
            MockIdPError: No such user or client, a callback that the client has not, or the
                setting `impersonation.enabled` is false.
        """
        return make_impersonation_link(
            self.tenant,
            url or self.tenant.browser_url(self.url),
            user,
            impersonator=impersonator,
            client=client,
            state=state,
            callback_url=callback_url,
            response_type=response_type,
            response_mode=response_mode,
            scope=scope,
            audience=audience,
            ttl=ttl,
        ).url
