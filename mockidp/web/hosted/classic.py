"""The classic pages for login, sign-up and password reset, with the elements and texts of Lock.

Lock runs in a browser and calls the API. These pages are plain forms, so they work without
JavaScript. Class names, ids, field names and texts were recorded from Lock 14.3.0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from mockidp.flows.login.classic import is_classic
from mockidp.flows.login.page_errors import PageError, PromptError
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.web.hosted.lock_words import lock_words, translated
from mockidp.web.hosted.prompt import client_name, show_prompt
from mockidp.web.pages.language import language_of
from mockidp.web.pages.pages import NO_ERRORS, Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.reply import Reply

_SCREENS = {
    "login": "lock-login",
    "signup": "lock-sign-up",
    "reset-password-request": "lock-forgot-password",
}
"""The classic page in place of a screen."""
_TEXTS = {
    "wrong-email-credentials": "Wrong email or password.",
    "wrong-credentials": "Wrong username or password.",
    "same-user-login": "We're sorry. There are too many requests right now. Please reload the page "
    "and try again. If this persists, please try again later.",
    "auth0-users-validation": "We're sorry, something went wrong when attempting to sign up.",
    "email-in-use": "The user already exists.",
    "username-taken": "The username already exists.",
    "password-too-weak": "Password is too weak.",
    "password-too-common": "Password is too common.",
    "password-contains-user-information": "Password is based on user information.",
}
"""Lock's messages above the form, by the code of the error; others have the text of the page."""
_BLANK = {
    "email": "Email can't be blank",
    "username": "Username can't be blank",
    "password": "Password can't be blank",
}
_INVALID = {"invalid-email-format": "Email is invalid"}
_OF_FIELDS = {"no-email", "no-username", "no-password", *_INVALID}
"""The codes of errors that Lock shows at their field."""
LOCK_TEXTS = (*_TEXTS.values(), *_BLANK.values(), *_INVALID.values())


def show_page(
    exchange: Exchange,
    pages: Pages,
    login: LoginTransaction,
    name: str,
    *,
    refused: PromptError | None = None,
    **values: Any,
) -> Reply:
    """Return a prompt as `show_prompt` does, or the classic page in its place."""
    if name not in _SCREENS or not is_classic(exchange.tenant, login):
        return show_prompt(exchange, pages, login, name, refused=refused, **values)
    has_username = bool(values.get("requires_username")) and name == "login"
    locale = language_of(exchange, name, login.request.ui_locales)["locale"]
    return show_prompt(
        exchange,
        pages,
        login,
        _SCREENS[name],
        refused=refused,
        words=lock_words(exchange.tenant, locale, client_name(exchange, login)),
        **_lock_errors(
            refused.errors if refused else NO_ERRORS,
            partial(translated, exchange.tenant, locale, name),
            has_username=has_username or bool(values.get("needs_username")),
        ),
        **values,
    )


def _lock_errors(
    errors: Mapping[str, PageError], translate: Callable[[str], str | None], *, has_username: bool
) -> dict[str, Any]:
    """Return errors as Lock shows them: `message` above the form, `invalid` by the field's name.

    `translate` returns the text of a code in another language than English. `has_username` is
    whether the form has a field for it; otherwise the user is an address.
    """
    messages = [error for error in errors.values() if error.code not in _OF_FIELDS]
    at_fields = {
        "email" if field == "username" and not has_username else field: error
        for field, error in errors.items()
        if error.code in _OF_FIELDS
    }
    first = messages[0] if messages else None
    return {
        "message": translate(first.code) or _TEXTS.get(first.code, first.text) if first else "",
        "invalid": {
            field: translate(error.code if error.code in _INVALID else f"no-{field}")
            or _INVALID.get(error.code, _BLANK.get(field, error.text))
            for field, error in at_fields.items()
        },
    }
