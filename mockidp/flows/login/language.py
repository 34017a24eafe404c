"""The language of a login's pages, and their texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mockidp.protocol.locale import choose_locale, match_locale
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.texts import ENGLISH, Texts, texts_of


def enabled_locales(tenant: Tenant) -> tuple[str, ...]:
    """Return the languages of the tenant's pages, the default first."""
    return tenant.directory.configuration.tenant.enabled_locales or (ENGLISH,)


def advise_on_language(tenant: Tenant, ui_locales: Sequence[str]) -> None:
    """Explain that the requested language is not used, if so."""
    if not ui_locales:
        return
    enabled, first = enabled_locales(tenant), ui_locales[0]
    if match_locale(first, enabled) is None:
        tenant.trace.advise(
            f"Parameter `ui_locales` begins with {first!r}, which the tenant has not enabled. Its "
            f"languages are {', '.join(enabled)}. Add {first!r} to `tenant.enabled_locales`."
        )


def choose_language(tenant: Tenant, ui_locales: Sequence[str], accepted: Iterable[str]) -> str:
    """Return the language of a page.

    Args:
        tenant: The tenant.
        ui_locales: The languages that the client requests.
        accepted: The languages that the browser accepts, the preferred one first.
    """
    return choose_locale(enabled_locales(tenant), ui_locales, accepted)


def texts_for(tenant: Tenant, screen: str, locale: str) -> Texts:
    """Return the texts of a screen in a language."""
    return texts_of(screen, locale, tenant.directory.configuration.prompts.custom_text)
