"""The claims of the ID token of one login, as a person edits them on the login page.

They follow the rules for the custom claims of an Action, so that what was edited is what happens.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mockidp.flows.audience import find_api
from mockidp.flows.authorization.response import Approval, grant
from mockidp.flows.login.transaction import login_client
from mockidp.flows.tokens.custom_claims import ClaimContext, add_custom_claims, reason_to_omit
from mockidp.flows.tokens.granted import claim_context
from mockidp.flows.tokens.id_token import id_token_body
from mockidp.frozen import frozen, replace
from mockidp.protocol.errors.oauth_error import AccessDenied
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.protocol.tokens.custom_claim import CustomClaim
from mockidp.resources.user import User
from mockidp.tenant.config.claim_rules import check_claim_name, check_claim_value
from mockidp.tenant.tenant import Tenant


@frozen
class ClaimProblem:
    """Why typed claims cannot be used, and the line, from 1; 0 if it is not one line's fault."""

    text: str
    line: int = 0


@frozen
class IdTokenDraft:
    """The ID token that a login would lead to, without the claims of its session."""

    tenant: Tenant
    body: Mapping[str, Any]
    context: ClaimContext

    def claims(self, extra: Mapping[str, Any]) -> dict[str, Any]:
        """Return its claims with those that were typed.

        Raises:
            AccessDenied: They are larger than Auth0 accepts in a token.
        """
        return add_custom_claims(self.tenant, dict(self.body), replace(self.context, extra=extra))

    def changeable(self) -> dict[str, Any]:
        """Return those of its claims that can be changed."""
        return {name: one for name, one in self.claims({}).items() if not self._why_not(name, one)}

    def read(self, text: str) -> tuple[dict[str, Any], list[ClaimProblem]]:
        """Return the claims that were typed as JSON, and why they cannot be used."""
        try:
            typed = json.loads(text)
            if not isinstance(typed, dict):
                problem = ClaimProblem(text="The JSON has to be an object, such as {}.", line=1)
                return {}, [problem]
            problems = list(self._problems(typed, text))
            if not problems:
                self.claims(typed)
        except json.JSONDecodeError as error:
            why = f"This is not JSON: {error.msg}, at character {error.colno}."
            return {}, [ClaimProblem(text=why, line=error.lineno)]
        except RecursionError:
            return {}, [ClaimProblem(text="The JSON is nested too deeply.")]
        except AccessDenied as error:
            return {}, [ClaimProblem(text=error.hint)]
        return typed, problems

    def _problems(self, typed: Mapping[str, Any], text: str) -> Iterator[ClaimProblem]:
        for name, value in typed.items():
            why = self._why_not(name, value)
            if why:
                yield ClaimProblem(text=f"{name}: {why}.", line=_line_of(name, text))

    def _why_not(self, name: str, value: Any) -> str:
        mistake = check_claim_name(name) or check_claim_value(value)
        if mistake:
            return f"expected {mistake.text}"
        return reason_to_omit(CustomClaim(claim=name, value=value), self.context, self.body)


def draft_id_token(
    tenant: Tenant, base_url: str, login: LoginTransaction, user: User
) -> IdTokenDraft:
    """Return the ID token that a login of this user would lead to."""
    approval = Approval(
        request=login.request,
        client=login_client(tenant, login),
        user=user,
        api=find_api(tenant, base_url, login.request.audience),
        organization=tenant.directory.organization(login.organization_id),
    )
    granted = grant(tenant, approval)
    return IdTokenDraft(
        tenant=tenant,
        body=id_token_body(tenant, base_url, granted),
        context=claim_context(tenant, base_url, "id_token", granted),
    )


def _line_of(name: str, text: str) -> int:
    """Return the line of a member, from 1; 0 if its name is written with escapes."""
    at = text.find(json.dumps(name, ensure_ascii=False))
    return text.count("\n", 0, at) + 1 if at >= 0 else 0
