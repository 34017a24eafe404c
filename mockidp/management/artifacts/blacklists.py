"""Blacklisted tokens: access tokens that are refused although they have not expired.

Auth0: a token is named by its `jti`, which only tokens of the RFC 9068 dialect have. Source:
docs/fidelity.md.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from mockidp.flows.tokens.blacklist import blacklist
from mockidp.management.body import check_keys, required_text, text
from mockidp.management.operation import Call, Operation


def _list(call: Call) -> Any:
    wanted = call.query.get("aud")
    found = [entry.value for _, entry in call.tenant.blacklisted_tokens.scan()]
    return [
        {**({} if one.aud is None else {"aud": one.aud}), "jti": one.jti}
        for one in found
        if wanted in (None, one.aud)
    ]


def _create(call: Call) -> None:
    check_keys(call, ("aud", "jti"), required=("jti",))
    blacklist(call.tenant, jti=required_text(call, "jti"), aud=text(call, "aud"))
    call.tenant.trace.advise(
        "The Management API, /userinfo, the MFA API and token exchanges refuse the token from now "
        "on. An API that verifies tokens on its own accepts it until it expires."
    )


_PATH, _SCOPES = "/blacklists/tokens", ("blacklist:tokens",)
OPERATIONS = (
    Operation(
        title="Get blacklisted tokens", method="GET", path=_PATH, scopes=_SCOPES, handler=_list,
        query=frozenset({"aud"}),
    ),
    Operation(
        title="Blacklist a token", method="POST", path=_PATH, scopes=_SCOPES, handler=_create,
        status=HTTPStatus.NO_CONTENT,
    ),
)  # fmt: skip
