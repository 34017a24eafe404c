"""`/_mockidp/`: the tenant's URLs, clients, users and APIs, and its latest refusals.

If a control token is set, a request without it gets only what public endpoints show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from mockidp.errors import DOCS_URL
from mockidp.flows.hints.timestamps import clock_time
from mockidp.frozen import frozen
from mockidp.protocol.discovery.document import DISCOVERY
from mockidp.protocol.urls.origin import make_origin, origin_of, split_host
from mockidp.protocol.urls.rules import TEST_PAGE
from mockidp.resources.client import Client
from mockidp.resources.record import Record
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.user import User
from mockidp.tenant.content.zero_config import PASSWORD
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.tenant.state.records import Records
from mockidp.tenant.urls import TenantUrls
from mockidp.web.console.snippets import apps_of, choose_client, snippets_for
from mockidp.web.console.visit import ROOT, Visit
from mockidp.web.control.guard import check_page
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route
from mockidp.web.tenants.router import CA_KEY, TENANTS_KEY

R = TypeVar("R", bound=Record)
GUIDES = (
    ("Documentation", "README.md"),
    ("Tutorial", "tutorial.md"),
    ("Trust the CA in browsers and languages", "how-to/trust-the-ca.md"),
    ("Troubleshooting, by error message", "troubleshooting.md"),
)
MAX_ROWS = 50
"""The maximum number of clients, of users and of APIs on the page."""
MAX_REFUSALS = 20
_OTHER_SCHEME = {"http": "https", "https": "http"}


@frozen
class Listing:
    """A list on the page: the first entries, and the number of the others."""

    rows: Sequence[Mapping[str, str]]
    more: int


def _show(exchange: Exchange, pages: Pages) -> Reply:
    check_page(exchange, changes=False)
    visit = Visit(exchange, pages)
    tenant, directory, is_open = visit.tenant, visit.tenant.directory, visit.is_open
    return visit.page(
        "overview",
        title="Overview",
        area="",
        issuers=_issuers(exchange),
        try_url=exchange.prefix + TEST_PAGE,
        ca_url=f"{exchange.prefix}/_mockidp/ca.pem" if exchange.environ[CA_KEY] else "",
        guides=[(title, f"{DOCS_URL}/{path}") for title, path in GUIDES],
        openapi_url=f"{exchange.prefix}/_mockidp/openapi.json",
        is_open=is_open,
        clients=_listing(directory.clients, _client),
        users=_listing(directory.users, _user),
        apis=_listing(directory.apis, _api),
        accepts_any_client=tenant.settings.accept_any_client,
        **(_configuration(visit) if is_open else {}),
        refusals=[_refusal(visit, one) for one in latest_refusals(exchange)] if is_open else [],
    )


def _configuration(visit: Visit) -> Mapping[str, Any]:
    """Return the configuration of frameworks, for the client that the URL names."""
    tenant = visit.tenant
    known = apps_of(tenant.directory.clients.values())
    chosen = choose_client(known, visit.query.get("client") or "")
    if chosen is None and tenant.settings.accept_any_client:
        chosen = Client(client_id="my-app")
    if chosen is None:
        return {"snippets": ()}
    return {
        "chosen_client": chosen.client_id,
        "client_ids": [one.client_id for one in islice(known, MAX_ROWS)],
        "snippets": list(snippets_for(chosen, tenant.issuer(visit.url))),
    }


def _listing(records: Records[R], describe: Callable[[R], Mapping[str, str]]) -> Listing:
    rows = [describe(one) for one in islice(records.values(), MAX_ROWS)]
    return Listing(rows=rows, more=len(records) - len(rows))


def _api(api: ResourceServer) -> Mapping[str, str]:
    return {"identifier": api.identifier, "name": api.name}


def _issuers(exchange: Exchange) -> list[tuple[str, str, str]]:
    """Return the issuers of the tenant's URLs, http first, with notes and discovery documents.

    Those of custom domains have the scheme of the request. If the issuer is pinned, its discovery
    document may be below another URL.
    """
    found: dict[str, str] = {}
    urls, of_tenant = _base_urls(exchange), exchange.tenant.urls
    for url in (*urls, *of_tenant.at_custom_domains(urls[0])):
        found.setdefault(of_tenant.issuer(url), url + DISCOVERY)
    ordered = sorted(found.items(), key=lambda one: not one[0].startswith("http:"))
    return [
        (_note(of_tenant, issuer, is_first=number == 0), issuer, discovery)
        for number, (issuer, discovery) in enumerate(ordered)
    ]


def _note(urls: TenantUrls, issuer: str, *, is_first: bool) -> str:
    if urls.is_custom(issuer):
        return " (custom domain)"
    return "" if is_first else " (https)"


def _base_urls(exchange: Exchange) -> list[str]:
    """Return the URLs of the tenant.

    The other scheme's port is known only if nothing between browser and server maps ports.
    """
    url = exchange.base_url
    origin = origin_of(url)
    scheme, _, host = origin.partition("://")
    name, port = split_host(host) or ("", "")
    ports: Mapping[str, int] = exchange.environ[TENANTS_KEY].ports()
    other = _OTHER_SCHEME[scheme]
    if other not in ports or port != str(ports[scheme]):
        return [url]
    return [url, make_origin(other, name, str(ports[other])) + url.removeprefix(origin)]


def _client(client: Client) -> Mapping[str, str]:
    return {
        "client_id": client.client_id,
        "type": "global" if client.is_global else client.app_type or "regular_web",
        "callbacks": " ".join(client.callbacks[:MAX_ROWS]),
    }


def _user(user: User) -> Mapping[str, str]:
    """Return a user's row. Only the password of the example users is shown, which is public."""
    return {
        "user_id": user.user_id,
        "login": user.email or user.username or "",
        "name": user.name or "",
        "password": PASSWORD if user.password == PASSWORD else "",
    }


def latest_refusals(exchange: Exchange) -> list[JournalEntry]:
    """Return refused exchanges, and those whose answer a browser blocks, the latest first."""
    refused = [one for one in exchange.tenant.journal if one.error or one.is_blocked_by_cors]
    return refused[: -MAX_REFUSALS - 1 : -1]


def _refusal(visit: Visit, entry: JournalEntry) -> Mapping[str, str]:
    return {
        "at": clock_time(entry.at),
        "number": str(entry.number),
        "url": visit.link("journal", "flows", str(entry.flow)) + f"#exchange-{entry.number}",
        "what": f"{entry.method} {entry.endpoint} {entry.status}",
        "error": entry.error or "",
        "client": entry.client or "",
        "description": entry.description or "",
        "hint": entry.hint,
    }


ROUTES = (Route(endpoint="start", path=f"{ROOT}/", methods=("GET",), handler=_show),)
