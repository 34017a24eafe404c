"""`/explain`: what a link, a token or a callback is, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mockidp.testing.explain import Explanation, explain
from mockidp.web.control.operation import Call, Operation


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """A link, a bewit, a token, a code or a callback URL."""

    thing: str


def _explain(call: Call) -> Any:
    explanation = explain(call.body.thing, call.tenant)
    return {
        "kind": explanation.kind,
        "accepted": explanation.accepted,
        "reasons": list(explanation.reasons),
        "decoded": dict(explanation.decoded),
    }


OPERATIONS = (
    Operation(
        name="explain",
        method="POST",
        path="/explain",
        summary="Say what a thing is, whether it would be accepted, and why not.",
        handler=_explain,
        body=Thing,
        answer=Explanation,
    ),
)
