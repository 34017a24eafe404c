"""`/claims`: the entries of `mockidp.claims`, listed, added and removed."""

from __future__ import annotations

from typing import Any

from mockidp.codec.write import to_file
from mockidp.protocol.custom_claim import CustomClaim
from mockidp.protocol.problem import Problem
from mockidp.testing import claims
from mockidp.web.control.operation import Call, Operation


def _list(call: Call) -> Any:
    return [to_file(entry) for entry in call.tenant.settings.claims]


def _add(call: Call) -> Any:
    fields = dict(call.body)
    claim = fields.pop("claim", None)
    return to_file(claims.add_claim(call.tenant, claim, fields))


def _delete(call: Call) -> None:
    if not claims.remove_claim(call.tenant, call.id):
        known = dict.fromkeys(entry.claim for entry in call.tenant.settings.claims)
        raise Problem(404, f"no claim {call.id!r}; there are: {', '.join(known) or 'none'}")


OPERATIONS = (
    Operation(
        name="listClaims",
        method="GET",
        path="/claims",
        summary="The custom claims, in the order in which they apply: later entries win.",
        handler=_list,
        answer=list[CustomClaim],
    ),
    Operation(
        name="addClaim",
        method="POST",
        path="/claims",
        summary="Add a custom claim to tokens and /userinfo.",
        handler=_add,
        body=CustomClaim,
        structured=False,
        answer=CustomClaim,
    ),
    Operation(
        name="deleteClaim",
        method="DELETE",
        path="/claims/{id}",
        summary="Remove every entry for a claim, by name.",
        handler=_delete,
        status=204,
    ),
)
