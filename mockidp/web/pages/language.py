"""The language of a page, and the texts of its screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from mockidp.flows.login.language import choose_language, texts_for
from mockidp.web.request.exchange import Exchange


def language_of(exchange: Exchange, screen: str, ui_locales: Sequence[str] = ()) -> dict[str, Any]:
    """Return the language of a page and the texts of its screen, for `Pages.prompt`."""
    header = exchange.environ.get("HTTP_ACCEPT_LANGUAGE")
    accepted = parse_accept_header(header, LanguageAccept).values()
    locale = choose_language(exchange.tenant, ui_locales, accepted)
    return {"locale": locale, "texts": texts_for(exchange.tenant, screen, locale)}
