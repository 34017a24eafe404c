"""Every documented parameter of /authorize and /oauth/token, and what this mock does with it.

The only list of them: hints, refusals and docs/reference/parameters.md are made from it. Headers
that change a token request are listed as well.

Auth0: its Authentication API, and what its SDKs are known to send.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from mockidp.protocol.grant_types import (
    AUTHORIZATION_CODE,
    CLIENT_CREDENTIALS,
    PASSWORD,
    PASSWORD_REALM,
    REFRESH_TOKEN,
)
from mockidp.protocol.nearest import nearest

Handling = Literal["supported", "refused", "hinted", "ignored"]
"""`hinted`: not supported, but Auth0 does; `ignored`: does not change Auth0's answer either."""

_OWN_NAME = re.compile(r"[\w.-]{1,40}")
_NEAR = 0.8


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestParameter:
    """One parameter, or one kind of value of a parameter."""

    name: str
    """A trailing `*` matches all names with this prefix."""
    handling: Handling
    text: str = ""
    """What Auth0 or mockidp does with it, in sentences."""
    grants: tuple[str, ...] = ()
    """The grant types that it belongs to; all by default."""
    values: tuple[str, ...] = ()
    """The values that the entry is for; all by default."""
    is_header: bool = False
    has_own_check: bool = False
    """Whether a separate check refuses it, with Auth0's text."""

    def matches(self, name: str, value: str, grant: str) -> bool:
        """Return whether the entry is for a parameter as it was sent."""
        is_named = name == self.name or (
            self.name.endswith("*") and name.startswith(self.name.removesuffix("*"))
        )
        return (
            is_named
            and not self.is_header
            and (not self.grants or grant in self.grants)
            and (not self.values or bool({*self.values} & {*value.split()}))
        )


class ParameterTable:
    """The entries of one endpoint, in order, and found by name."""

    def __init__(self, *entries: RequestParameter) -> None:
        self._entries = entries
        self._by_name: dict[str, list[RequestParameter]] = {}
        self._by_prefix = [one for one in entries if one.name.endswith("*")]
        for one in entries:
            if one not in self._by_prefix:
                self._by_name.setdefault(one.name, []).append(one)
        self.by_bare_name = {_bare(one.name): one.name for one in entries if not one.is_header}

    def __iter__(self) -> Iterator[RequestParameter]:
        return iter(self._entries)

    def matching(self, name: str, value: str, grant: str) -> list[RequestParameter]:
        """Return the entries for a parameter as it was sent."""
        named = (*self._by_name.get(name, ()), *self._by_prefix)
        return [one for one in named if one.matches(name, value, grant)]


def hints_for(table: ParameterTable, sent: Mapping[str, Any], grant: str = "") -> Iterator[str]:
    """Yield a hint for each parameter that Auth0 would act on, and for misspelt names."""
    for name, value in sent.items():
        if isinstance(value, str) and value:
            yield from _hints_for_one(table, name, value, grant)


def _hints_for_one(table: ParameterTable, name: str, value: str, grant: str) -> Iterator[str]:
    entries = table.matching(name, value, grant)
    for one in entries:
        if one.handling == "hinted":
            yield f"Parameter `{name}` was ignored. {one.text}"
    if not entries and (meant := _nearest(table, name)):
        yield f"Parameter `{name}` is unknown and was ignored. Did you mean `{meant}`?"


@lru_cache(maxsize=1024)
def _nearest(table: ParameterTable, name: str) -> str:
    """Return the parameter whose name a client got slightly wrong; empty if no name is close.

    A name that is not a plain one may be a whole body, so it is not compared.
    """
    known = table.by_bare_name
    if not _OWN_NAME.fullmatch(name) or name in known.values():
        return ""
    near = nearest(_bare(name), known, likeness=_NEAR)
    return known[near] if near else ""


def _bare(name: str) -> str:
    """Return a name in lower case without separators, to compare naming styles."""
    return name.lower().replace("_", "").replace("-", "").replace(".", "")


def refused_in(
    table: ParameterTable, sent: Mapping[str, Any], grant: str = ""
) -> RequestParameter | None:
    """Return the first entry that says that a parameter is refused."""
    for name, value in sent.items():
        for one in table.matching(name, str(value), grant) if value else ():
            if one.handling == "refused" and not one.has_own_check:
                return one
    return None


def _many(handling: Handling, text: str, *names: str, **more: Any) -> tuple[RequestParameter, ...]:
    return tuple(
        RequestParameter(name=name, handling=handling, text=text, **more) for name in names
    )


def _one(name: str, handling: Handling, text: str, **more: Any) -> RequestParameter:
    return RequestParameter(name=name, handling=handling, text=text, **more)


_RESOURCE = (
    "Auth0 treats it as the audience only if the tenant's resource_parameter_profile is "
    "compatibility. Send `audience`."
)
_DETAILS = "Auth0 puts the details that the user granted into tokens, for APIs with these types."

AUTHORIZE = ParameterTable(
    *_many(
        "supported", "", "client_id", "response_type", "response_mode", "redirect_uri", "scope",
        "audience", "state", "nonce", "max_age", "login_hint", "connection", "code_challenge",
        "code_challenge_method",
    ),
    _one("prompt", "supported", "The value `consent` has an effect only if consent is needed."),
    _one(
        "prompt", "hinted", "For `select_account` Auth0 offers the accounts of the browser, where "
        "mockidp shows its login page.", values=("select_account",),
    ),
    *_many(
        "refused", "Organizations are not supported yet.", "organization", "invitation",
        has_own_check=True,
    ),
    _one("organization_name", "hinted", "Auth0 shows it to a user who was invited."),
    _one("request", "supported", "A signed JWT with the parameters (JAR)."),
    _one("request_uri", "supported", "Refers to the parameters that were pushed (PAR)."),
    _one("dpop_jkt", "refused", "Auth0 binds the code to this key (DPoP)."),
    _one("authorization_details", "refused", _DETAILS),
    _one("login_ticket", "refused", "Auth0 logs in the user that /co/authenticate verified."),
    _one("access_token", "refused", "Auth0 links the login to the account of this token's user."),
    _one("session_transfer_token", "refused", "Auth0 logs in the user of a native application."),
    _one("resource", "hinted", _RESOURCE),
    _one("screen_hint", "supported", "The login page is the only page.", values=("login",)),
    _one(
        "screen_hint", "hinted", "Auth0 would open this page instead of the login page.",
        values=("signup", "reset-password", "reset_password"),
    ),
    _one("ui_locales", "hinted", "Auth0 shows its pages in the first of these languages it has."),
    _one(
        "acr_values", "hinted", "Auth0 would ask for a second factor, and put `acr` and `amr` into "
        "the ID token.",
    ),
    _one(
        "id_token_hint", "hinted", "Auth0 does not document it, and mockidp does not compare its "
        "user with the session's.",
    ),
    _one(
        "connection_scope", "hinted", "Auth0 asks the connection's identity provider for these "
        "scopes, but mockidp has no identity providers.",
    ),
    _one(
        "ext-*",
        "hinted",
        "Auth0 passes it to the login page and to Actions. Here, `mockidp.claims` can read it.",
    ),
    *_many("supported", "", "web_message_uri", "web_message_target"),
    _one("claims", "ignored", "Auth0 has no such parameter."),
    _one("display", "ignored", "Auth0's pages do not depend on it."),
    *_many(
        "ignored", "Telemetry, or sent by older Auth0 SDKs.", "auth0Client", "_csrf", "_intstate",
        "device", "protocol", "sso", "owp", "realm",
    ),
    *_many("ignored", "For the identity provider only.", "access_type", "approval_prompt"),
)  # fmt: skip
"""The parameters of /authorize, in the query or a form."""

_BY_PASSWORD = (PASSWORD, PASSWORD_REALM)
_WITH_SCOPE = (CLIENT_CREDENTIALS, REFRESH_TOKEN, *_BY_PASSWORD)

TOKEN = ParameterTable(
    *_many("supported", "", "grant_type", "client_id", "client_secret", "client_assertion",
        "client_assertion_type"),
    *_many("supported", "", "code", "code_verifier", "redirect_uri", grants=(AUTHORIZATION_CODE,)),
    _one("refresh_token", "supported", "", grants=(REFRESH_TOKEN,)),
    *_many("supported", "", "username", "password", grants=_BY_PASSWORD),
    _one("realm", "supported", "", grants=(PASSWORD_REALM,)),
    _one(
        "realm", "hinted", "Only grant type password-realm reads it. This grant uses the "
        "tenant's default_directory.", grants=(PASSWORD,),
    ),
    *_many("supported", "", "audience", "scope", grants=_WITH_SCOPE),
    _one(
        "audience", "hinted", "The code is for the audience of the authorization request. Auth0 "
        "does not read it here either.", grants=(AUTHORIZATION_CODE,),
    ),
    _one(
        "scope", "ignored", "The code is for the scope of the authorization request.",
        grants=(AUTHORIZATION_CODE,),
    ),
    _one("redirect_uri", "ignored", "SDKs send it.", grants=(REFRESH_TOKEN,)),
    _one(
        "organization", "refused", "Organizations are not supported yet.",
        grants=(CLIENT_CREDENTIALS,), has_own_check=True,
    ),
    _one(
        "organization", "hinted", "This grant does not log in to an organization, so the "
        "tokens have no `org_id`.", grants=(AUTHORIZATION_CODE, REFRESH_TOKEN, *_BY_PASSWORD),
    ),
    _one("authorization_details", "refused", _DETAILS),
    _one("resource", "hinted", _RESOURCE),
    _one("DPoP", "refused", "Auth0 binds the tokens to the key of this proof.", is_header=True),
    _one(
        "auth0-forwarded-for", "supported", "Wrong passwords are counted by this address if the "
        "client has is_token_endpoint_ip_header_trusted.", is_header=True,
    ),
    _one("Auth0-Client", "ignored", "Telemetry.", is_header=True),
    *_many(
        "ignored", "For grants that answer 501: token exchange, passwordless, MFA, device, CIBA.",
        "subject_token", "subject_token_type", "actor_token", "actor_token_type",
        "requested_token_type", "user_profile", "connection", "login_hint", "otp", "mfa_token",
        "oob_code", "binding_code", "recovery_code", "device_code", "auth_req_id",
        "authn_response", "auth_session", "assertion",
    ),
    *_many(
        "ignored", "Telemetry, or sent by older SDKs.", "auth0Client", "type", "device", "state",
        "nonce", "response_type",
    ),
)  # fmt: skip
"""The parameters of /oauth/token, by grant type."""
