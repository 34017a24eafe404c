"""The words of the classic pages: Lock's in English, those of the new pages in other languages."""

from __future__ import annotations

from mockidp.flows.login.language import texts_for
from mockidp.protocol.locale import primary_language
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.texts import ENGLISH, texts_of
from mockidp.web.pages.prompt_text import PromptText

WORDS = {
    "Log In": ("signup", "footerLinkText"),
    "Sign Up": ("login", "footerLinkText"),
    "Email": ("login", "emailPlaceholder"),
    "User name": ("signup", "usernamePlaceholder"),
    "username/email": ("login", "usernamePlaceholder"),
    "your username": ("signup", "usernamePlaceholder"),
    "Password": ("login", "passwordPlaceholder"),
    "your password": ("login", "passwordPlaceholder"),
    "Don't remember your password?": ("login", "forgotPasswordText"),
    "or": ("login", "separatorText"),
    "Sign in with ${connectionName}": ("login", "federatedConnectionButtonText"),
    "Sign up with ${connectionName}": ("signup", "federatedConnectionButtonText"),
    "Reset your password": ("reset-password-request", "title"),
    "Please enter your email address. We will send you an email to reset your password.": (
        "reset-password-request",
        "descriptionEmail",
    ),
    "Send email": ("reset-password-request", "buttonText"),
    "Back": ("reset-password-request", "backToLoginLinkText"),
    "back": ("reset-password-request", "backToLoginLinkText"),
    "Sign In with Auth0": ("login", "pageTitle"),
}
"""Screen and key of the text of a new page that means the same as a text of Lock."""


def lock_words(tenant: Tenant, locale: str, client_name: str) -> PromptText:
    """Return the words of the classic pages, by Lock's English ones."""
    words = {
        english: translated(tenant, locale, screen, key) or english
        for english, (screen, key) in WORDS.items()
    }
    return PromptText(words, clientName=client_name)


def translated(tenant: Tenant, locale: str, screen: str, key: str) -> str | None:
    """Return a text of a new page; None if it is in English, or does not exist."""
    if primary_language(locale) == ENGLISH:
        return None
    found = texts_for(tenant, screen, locale).get(key)
    return None if found == texts_of(screen, ENGLISH, {}).get(key) else found
