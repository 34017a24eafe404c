"""The page on which the claims of one login are edited. It follows a click in the picker.

It posts the same form again with what was typed, so that nothing is stored before the login.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from mockidp.flows.login.claims_of_one_login import ClaimProblem, IdTokenDraft
from mockidp.flows.login.page_errors import CLAIMS_REFUSED, NO_FIELD, PromptError
from mockidp.frozen import frozen
from mockidp.protocol.oauth.scope import OPENID
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.resources.user import User
from mockidp.web.hosted.prompt import page_url, show_prompt
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.reply import Reply


@frozen
class TypedLine:
    """One line of what was typed, and what is wrong with it."""

    number: int
    text: str
    problems: Sequence[str]


def edit_claims(
    exchange: Exchange, pages: Pages, login: LoginTransaction, user: User, draft: IdTokenDraft
) -> dict[str, Any] | Reply:
    """Return the claims that were typed, or the page on which they are."""
    form = exchange.body()
    sent = form.get("claims")
    text = _pretty(draft.changeable()) if sent is None else sent.replace("\r\n", "\n")
    typed, problems = draft.read(text)
    if sent is not None and not problems and form.get("show") != "preview":
        return typed
    preview = {} if problems else draft.claims(typed)
    return show_prompt(
        exchange,
        pages,
        login,
        "claims",
        refused=_refusal(exchange, problems),
        user_id=user.user_id,
        user_name=user.name or user.email or user.user_id,
        claims=text,
        lines=_lines(text, problems),
        problems=[one.text for one in problems if not one.line],
        preview=_pretty(preview) if preview else "",
        has_id_token=OPENID in login.request.scope,
        back_url=page_url(exchange.path, exchange, login),
    )


def _refusal(exchange: Exchange, problems: Sequence[ClaimProblem]) -> PromptError | None:
    texts = [f"Line {one.line}: {one.text}" if one.line else one.text for one in problems]
    if not problems:
        return None
    error = PromptError({NO_FIELD: CLAIMS_REFUSED}, hint=" ".join(texts))
    exchange.tenant.trace.refuse("claims", error, problems=texts)
    return error


def _lines(text: str, problems: Sequence[ClaimProblem]) -> list[TypedLine]:
    """Return the lines that something is wrong with."""
    lines = [*text.split("\n"), ""]
    return [
        TypedLine(
            number=number,
            text=lines[number - 1],
            problems=[one.text for one in problems if one.line == number],
        )
        for number in sorted({one.line for one in problems if one.line})
    ]


def _pretty(claims: Any) -> str:
    return json.dumps(claims, indent=2, ensure_ascii=False)
