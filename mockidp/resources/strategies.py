"""Auth0's strategies: the kinds of connections, and what their users and buttons are called."""

from __future__ import annotations

from collections.abc import Mapping

DATABASE_STRATEGY = "auth0"
EMAIL_STRATEGY, SMS_STRATEGY = "email", "sms"
PASSWORDLESS_STRATEGIES = frozenset({EMAIL_STRATEGY, SMS_STRATEGY})
"""The strategies whose users log in with a code or a link that is sent to them."""
PASSWORD_STRATEGIES = frozenset({"auth0", "ad", "adfs", "auth0-adldap", "waad"})
"""The strategies whose users can log in with a password that the client or the page sends."""
DIRECTORY_STRATEGIES = frozenset({"ad", "auth0-adldap"})
"""The enterprise strategies whose users type their passwords on Auth0's own page."""

SOCIAL_STRATEGIES: Mapping[str, str] = {
    "google-oauth2": "Google", "facebook": "Facebook", "apple": "Apple", "github": "GitHub",
    "windowslive": "Microsoft Account", "linkedin": "LinkedIn", "twitter": "X",
    "amazon": "Amazon", "aol": "AOL", "baidu": "Baidu", "bitbucket": "Bitbucket",
    "bitly": "Bitly", "box": "Box", "daccount": "d Account", "dropbox": "Dropbox",
    "dwolla": "Dwolla", "evernote": "Evernote", "evernote-sandbox": "Evernote Sandbox",
    "exact": "Exact", "fitbit": "Fitbit", "flickr": "Flickr", "instagram": "Instagram",
    "line": "LINE", "miicard": "miiCard", "paypal": "PayPal", "paypal-sandbox": "PayPal Sandbox",
    "planningcenter": "Planning Center", "renren": "RenRen", "salesforce": "Salesforce",
    "salesforce-community": "Salesforce Community", "salesforce-sandbox": "Salesforce Sandbox",
    "shop": "Shop", "shopify": "Shopify", "soundcloud": "SoundCloud", "thecity": "The City",
    "thecity-sandbox": "The City Sandbox", "thirtysevensignals": "Basecamp",
    "untappd": "Untappd", "vkontakte": "VK", "weibo": "Weibo", "wordpress": "WordPress",
    "yahoo": "Yahoo!", "yandex": "Yandex",
}  # fmt: skip
"""The strategies of social connections, with the names on their buttons."""
CUSTOM_STRATEGIES = frozenset({"oauth1", "oauth2"})
"""The strategies of social connections that a tenant defines itself."""
ENTERPRISE_STRATEGIES = frozenset(
    {
        "ad", "adfs", "auth0-adldap", "auth0-oidc", "custom", "google-apps", "ip", "office365",
        "oidc", "okta", "pingfederate", "samlp", "sharepoint", "waad",
    }
)  # fmt: skip
STRATEGIES = (
    DATABASE_STRATEGY,
    *sorted(PASSWORDLESS_STRATEGIES),
    *SOCIAL_STRATEGIES,
    *sorted(CUSTOM_STRATEGIES),
    *sorted(ENTERPRISE_STRATEGIES),
)
"""Every strategy."""

NUMERIC_IDS: Mapping[str, int] = {"google-oauth2": 21, "facebook": 17, "github": 8, "twitter": 19}
"""The strategies whose user ids are numbers, with the usual number of digits."""
EMAIL_IDS = frozenset({"adfs", "google-apps", "pingfederate", "samlp"})
"""The strategies whose user ids usually are e-mail addresses."""
_BARE_IDS = frozenset({*SOCIAL_STRATEGIES, *PASSWORDLESS_STRATEGIES, "google-apps"})


def is_social(strategy: str) -> bool:
    """Return whether a strategy, which begins the ids of its users, is that of a social login."""
    return strategy in SOCIAL_STRATEGIES or strategy in CUSTOM_STRATEGIES


def user_id_prefix(strategy: str, connection: str) -> str:
    """Return what the ids of a connection's users begin with, such as `samlp|acme|`.

    Auth0: those of enterprise and custom social connections contain the name of the connection.
    """
    return f"{strategy}|" if strategy in _BARE_IDS else f"{strategy}|{connection}|"
