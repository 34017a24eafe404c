"""The test methods for tokens and links in Python: typed signatures of the declared methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Unpack

from mockidp.resources.connected_account import TOKEN_LIFETIME
from mockidp.testing.method import Method, MethodCaller
from mockidp.testing.methods import explain, link, tokens
from mockidp.testing.methods.connected_account import CONNECT_ACCOUNT, NewConnectedAccount
from mockidp.testing.methods.native_social import NATIVE_SOCIAL_TOKEN, NewNativeSocialToken
from mockidp.testing.words import SpoiledTokenWords

TOKEN_METHODS: tuple[Method[Any, Any], ...] = (
    tokens.ACCESS_TOKEN,
    tokens.MANAGEMENT_TOKEN,
    tokens.ID_TOKEN,
    NATIVE_SOCIAL_TOKEN,
    CONNECT_ACCOUNT,
    link.IMPERSONATION_LINK,
    explain.EXPLAIN,
)
"""The declared methods, in the order of the OpenAPI document."""


class TokenMethods(MethodCaller):
    """The test methods for tokens and links."""

    def access_token(
        self,
        *,
        audience: str | Sequence[str] | None = None,
        scope: str | None = None,
        user: str | None = None,
        client: str | None = None,
        organization: str | None = None,
        claims: Mapping[str, Any] | None = None,
        expires_in: int | None = None,
        url: str | None = None,
        **words: Unpack[SpoiledTokenWords],
    ) -> str:
        """Return an access token, without a login and without any policy check.

        Args:
            audience: The API's identifier, or several. With several, `aud` is a list, and the first
                API decides lifetime and format. Without an audience, and without a default
                audience of the tenant, the token is opaque and for /userinfo.
            scope: Scopes separated by spaces; by default all that the APIs define. A scope that
                none of them defines is an error; `claims={"scope": ...}` sets any text.
            user: By id, the id's last part, or e-mail; without a user it is the client's own token.
            client: A client's id; by default the first client.
            organization: By id or name. The token has its `org_id`, and permissions are those of
                the user's roles in it.
            claims: Claims to add or to replace.
            expires_in: The lifetime in seconds; by default that of the API.
            url: The tenant's URL, from which the issuer is derived; by default the property `url`.
                For https, pass `tls_url`.
            **words: What is wrong with the token, as for a fault at `access_token`.

        Raises:
            MockIdPError: There is no such user, client, organization, API or scope, or the words
                contradict each other.
        """
        request = tokens.NewAccessToken(
            audience=(audience,) if isinstance(audience, str) else tuple(audience or ()),
            scope=scope,
            user=user,
            client=client,
            organization=organization,
            claims=claims,
            expires_in=expires_in,
            url=url,
            **tokens.check_flaws("access_token", claims, words),
        )
        return self._call(tokens.ACCESS_TOKEN, request).access_token

    def management_token(
        self,
        scopes: str | Sequence[str] | None = None,
        *,
        user: str | None = None,
        client: str | None = None,
        expires_in: int | None = None,
        url: str | None = None,
    ) -> str:
        """Return an access token for the tenant's Management API, without a login.

        Args:
            scopes: Its scopes, such as `read:users`, one or several; by default all.
            user: By id, the id's last part, or e-mail; without a user it is the client's own token.
            client: A client's id; by default the first client.
            expires_in: The lifetime in seconds; by default a day.
            url: The tenant's URL, from which the audience is derived; by default the property
                `url`. For https, pass `tls_url`.

        Raises:
            MockIdPError: There is no such user or client, or the API has no such scope.
        """
        request = tokens.NewManagementToken(
            scopes=tuple(scopes.split() if isinstance(scopes, str) else scopes or ()),
            user=user,
            client=client,
            expires_in=expires_in,
            url=url,
        )
        return self._call(tokens.MANAGEMENT_TOKEN, request).access_token

    def id_token(
        self,
        *,
        user: str,
        client: str | None = None,
        nonce: str | None = None,
        scope: str | None = None,
        organization: str | None = None,
        claims: Mapping[str, Any] | None = None,
        expires_in: int | None = None,
        url: str | None = None,
        **words: Unpack[SpoiledTokenWords],
    ) -> str:
        """Return an ID token, without a login.

        Args:
            user: By id, the id's last part, or e-mail.
            client: The client that the token is for, by id; by default the first client.
            nonce: The nonce of the authorization request.
            scope: Decides which claims about the user it has; by default `openid profile email`.
            organization: The organization that the user logged in to, by id or name.
            claims: Claims to add or to replace.
            expires_in: The lifetime in seconds; by default that of the client's ID tokens.
            url: The tenant's URL, from which the issuer is derived; by default the property `url`.
                For https, pass `tls_url`.
            **words: What is wrong with the token, as for a fault at `id_token`.

        Raises:
            MockIdPError: There is no such user, client or organization, or the words contradict
                each other.
        """
        request = tokens.NewIdToken(
            user=user,
            client=client,
            nonce=nonce,
            scope=scope,
            organization=organization,
            claims=claims,
            expires_in=expires_in,
            url=url,
            **tokens.check_flaws("id_token", claims, words),
        )
        return self._call(tokens.ID_TOKEN, request).id_token

    def native_social_token(
        self,
        user: str | None = None,
        *,
        connection: str | None = None,
        email: str | None = None,
        name: str | None = None,
        expires_in: int | None = None,
    ) -> str:
        """Return a code or token of the SDK of Apple, Facebook or Google, as an app gets it.

        The app exchanges it at /oauth/token. Apple's codes work once.

        Args:
            user: A user of the connection, by id, the id's last part, or e-mail.
            connection: The connection with Apple, Facebook or Google; by default that of the user.
            email: In place of `user`, the verified address of a person who may log in for the first
                time.
            name: The person's name.
            expires_in: The lifetime in seconds, by the tenant's clock; by default that of the
                provider: five minutes for Apple, an hour for Google, 60 days for Facebook.

        Raises:
            MockIdPError: There is no such user or connection, or the connection is not with Apple,
                Facebook or Google.
        """
        request = NewNativeSocialToken(
            user=user, connection=connection, email=email, name=name, expires_in=expires_in
        )
        return self._call(NATIVE_SOCIAL_TOKEN, request).subject_token

    def connect_account(
        self,
        user: str,
        connection: str,
        *,
        access_token: str | None = None,
        scopes: str | Sequence[str] = (),
        expires_in: int = TOKEN_LIFETIME,
        has_refresh_token: bool = True,
        login_hint: str | None = None,
    ) -> str:
        """Connect an account at another service with a user, without a page.

        Clients then get its access tokens from Token Vault. An account with the same name at the
        service is replaced.

        Args:
            user: By id, the id's last part, or e-mail.
            connection: The connection of the service, with `connected_accounts.active`.
            access_token: The access token of the service; by default generated.
            scopes: The scopes that the user has granted, one or several.
            expires_in: Seconds until an access token expires, by the tenant's clock.
            has_refresh_token: Whether an access token that has expired is replaced by another one.
            login_hint: The user's name at the service, for users with several accounts there.

        Returns:
            The access token.

        Raises:
            MockIdPError: There is no such user or connection, or users cannot connect with it.
        """
        request = NewConnectedAccount(
            user=user,
            connection=connection,
            access_token=access_token,
            scopes=tuple(scopes.split() if isinstance(scopes, str) else scopes),
            expires_in=expires_in,
            has_refresh_token=has_refresh_token,
            login_hint=login_hint,
        )
        return self._call(CONNECT_ACCOUNT, request).access_token

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
        ttl: int | None = None,
        url: str | None = None,
    ) -> str:
        """Return a link that logs an admin in as a user. It can be opened once, unchanged.

        Args:
            user: The user to impersonate: by id, the id's last part, or e-mail.
            impersonator: The admin; by default the user named admin, else any other than `user`.
            client: The client whose callback the link leads to, by id; by default the first
                client with a callback.
            state: Returned to the callback. Without it, opening the link answers `Bad mac`, as
                Auth0 does, unless the setting `impersonation.require_state` is false.
            callback_url: One of the client's callbacks; by default its first.
            response_type: `code`, `token` or `token id_token`; by default `code`.
            response_mode: `form_post` posts the response to the callback; by default it redirects.
            scope: By default `openid`.
            audience: Used if the setting `impersonation.honour_audience` is true.
            ttl: The lifetime in seconds; by default the setting `impersonation.ttl`.
            url: The tenant's URL at which the link is valid; by default the setting `browser_url`,
                else `issuer`, else the property `url`. For https, pass `tls_url`.

        Raises:
            MockIdPError: There is no such user or client, the callback is not one of the client's,
                or impersonation is disabled.
        """
        request = link.NewLink(
            user=user,
            impersonator=impersonator,
            client=client,
            state=state,
            callback_url=callback_url,
            response_type=response_type,
            response_mode=response_mode,
            scope=scope,
            audience=audience,
            ttl=ttl,
            url=url,
        )
        return self._call(link.IMPERSONATION_LINK, request).url

    def explain(self, thing: str) -> explain.Explanation:
        """Explain a link, bewit, token, code, login URL or callback URL, and why it is refused.

        Args:
            thing: The link, token, code or URL. It is not used up.
        """
        return self._call(explain.EXPLAIN, explain.ExplainRequest(thing=thing))
