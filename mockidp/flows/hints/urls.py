"""Explain how a URL differs from those that a client allows, and how to allow it."""

from __future__ import annotations

from collections.abc import Sequence

from mockidp.frozen import frozen
from mockidp.protocol.impersonation.url_differences import damage_of_url, nearest_difference
from mockidp.protocol.urls.rules import CALLBACKS, UrlRule, runs_script
from mockidp.protocol.urls.web_host import mistake_in_url
from mockidp.resources.client import Client
from mockidp.tenant.directory import Directory

_IN_THE_DASHBOARD = {
    "allowed_logout_urls": "Allowed Logout URLs",
    "callbacks": "Allowed Callback URLs",
    "web_origins": "Allowed Web Origins",
}


@frozen
class UrlList:
    """A list of URLs of a client.

    Attributes:
        field: The client's field.
        entries: The URLs, which may have wildcards.
        rule: How a URL is compared with them.
    """

    field: str
    entries: Sequence[str]
    rule: UrlRule


def why_not_a_callback(directory: Directory, client: Client, url: str) -> str:
    """Explain how a URL differs from the callbacks of a client, and how to allow it."""
    listed = UrlList(field="callbacks", entries=client.callbacks, rule=CALLBACKS)
    return why_not_listed(directory, client.client_id, url, listed)


def why_not_listed(directory: Directory, client_id: str, url: str, listed: UrlList) -> str:
    """Explain how a URL differs from the entries of a list, and how to allow it."""
    difference = nearest_difference(url, listed.entries, listed.rule)
    damaged = mistake_in_url(url) or damage_of_url(url, listed.entries, listed.rule)
    if runs_script(url) or damaged:
        return difference
    return f"{difference} {how_to_add(directory, client_id, listed.field)}"


def how_to_add(directory: Directory, client_id: str, field: str) -> str:
    """Explain how to add a URL to a list of a client."""
    if client_id not in directory.clients:
        return (
            f"Client {client_id} is not in a tenant file, so it may only use http(s) URLs of this "
            f"machine. Add the client with its `{field}` to a tenant file."
        )
    return (
        f"To allow it, add it to `{field}` ({_IN_THE_DASHBOARD[field]}) of client {client_id} in "
        "the tenant file and run `mockidp push FILE`, or call "
        f"`idp.patch_client({client_id!r}, {field}=[...])`."
    )
