"""The sections of the settings page for lists of records, from the records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mockidp.codec.descriptions import descriptions_of
from mockidp.codec.shape import shape_of
from mockidp.protocol.login.identity_provider import IdentityProvider
from mockidp.protocol.tokens.custom_claim import (
    EXTENSION,
    REQUEST_PARAMETERS,
    RESERVED_DOMAINS,
    RESTRICTED,
    CustomClaim,
)
from mockidp.protocol.tokens.token_exchange import SubjectToken
from mockidp.tenant.config.claim_rules import DOMAIN_FIELDS, ORGANIZATION_FIELDS

_INTRODUCTION = """
## claims

A list of custom claims in ID tokens, access tokens and /userinfo: see
[Add custom claims](../how-to/custom-claims.md). Each entry has a `claim` and either `from` or
`value`. The other fields limit it. Later entries win. The list cannot be set on the command line or
in the environment.

| field | meaning |
|---|---|"""
_ROOTS = f"""
A path in `from` begins with one of five roots:

| root | fields |
|---|---|
| `user` | the user's fields except `password`: `user.app_metadata.plan`, `user.roles.0` |
| `client` | the application's fields except secrets: `client.client_metadata.tier` |
| `request` | parameters that are not secret: %s, `{EXTENSION}*` and any other |
| `organization` | %s, in a login to an organization |
| `custom_domain` | %s, in a login at a custom domain |
"""


_SUBJECT_TOKENS = """
## subject_tokens

A list of the tokens that clients may exchange: see
[Test a token exchange](../how-to/token-exchange.md). Each entry has a `profile`, and either `token`
with its `user`, or the `key` of JWTs. The first entry that fits decides. The list cannot be set on
the command line or in the environment.

| field | meaning |
|---|---|"""


_IDENTITY_PROVIDERS = """
## identity_providers

A list of the keys with which identity providers of enterprise connections sign: see
[Universal Logout](../how-to/logout.md#universal-logout) and
[Cross App Access](../how-to/cross-app-access.md). The list cannot be set on the command line or in
the environment.

| field | meaning |
|---|---|"""


def identity_providers_section() -> Iterator[str]:
    """Yield the lines of the section."""
    yield _IDENTITY_PROVIDERS
    yield from _fields(IdentityProvider)


def subject_tokens_section() -> Iterator[str]:
    """Yield the lines of the section."""
    yield _SUBJECT_TOKENS
    yield from _fields(SubjectToken)


def claims_section() -> Iterator[str]:
    """Yield the lines of the section."""
    yield _INTRODUCTION
    yield from _fields(CustomClaim)
    yield _ROOTS % (
        _listed(REQUEST_PARAMETERS),
        _listed(ORGANIZATION_FIELDS),
        _listed(DOMAIN_FIELDS),
    )
    yield f"Names in `urn:auth0` and below {_listed(RESERVED_DOMAINS)} are rejected, and so are"
    yield f"the claims that Auth0 restricts: {_listed(sorted(RESTRICTED))}."


def _fields(record: type) -> Iterator[str]:
    described = descriptions_of(record)
    for name, one in shape_of(record).fields.items():
        yield f"| `{name}` | {described[one.attribute]} |"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
