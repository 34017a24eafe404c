"""The documents under `/.well-known`: discovery and keys."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from mockidp.protocol.discovery.document import (
    DISCOVERY,
    JWKS,
    describe_mismatch,
    discovery_document,
    mismatch_remedy,
)
from mockidp.protocol.errors.hint import as_sentence, join_hints
from mockidp.protocol.request_parameters.webfinger import WEBFINGER
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import json_response
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

_ISSUER_LINK = "http://openid.net/specs/connect/1.0/issuer"
_HEADERS = {"Cache-Control": "public, max-age=15, stale-while-revalidate=15, stale-if-error=86400"}


def _discovery(exchange: Exchange, _pages: Pages) -> Reply:
    tenant, base_url = exchange.tenant, exchange.base_url
    issuer = tenant.issuer(base_url)
    hint = ""
    if issuer != f"{base_url}/" and tenant.advised.first_time(base_url, issuer):
        clauses = (describe_mismatch(base_url, issuer), mismatch_remedy(issuer))
        hint = join_hints(*map(as_sentence, clauses))
    settings = tenant.directory.configuration.tenant
    body = _discovery_json(
        follows_standard=tenant.settings.profile == "oidc",
        issuer=issuer,
        base_url=base_url,
        browser_url=tenant.browser_url(base_url),
        names_end_session=settings.oidc_logout.rp_logout_end_session_endpoint_discovery,
        accepts_pushed=settings.pushed_authorization_requests_supported
        or settings.flags.require_pushed_authorization_requests,
        registers_clients=settings.flags.enable_dynamic_client_registration,
        mtls_url=tenant.urls.mtls_url(base_url) if settings.mtls.enable_endpoint_aliases else "",
        adds_iss=settings.authorization_response_iss_parameter_supported,
    )
    return Reply(json_response(body, headers=_HEADERS), hint)


@lru_cache(maxsize=64)
def _discovery_json(*, follows_standard: bool, **options: Any) -> bytes:
    document = discovery_document(**options)
    if follows_standard:
        from mockidp.protocol.discovery.oidc import with_oidc_metadata  # noqa: PLC0415 - few tenants use this profile

        document = with_oidc_metadata(document)
    return json.dumps(document).encode()


def _jwks(exchange: Exchange, _pages: Pages) -> Reply:
    tenant = exchange.tenant
    if tenant.directory.configuration.tenant.flags.remove_alg_from_jwks:
        return Reply(json_response(tenant.keys.jwks(without="alg"), headers=_HEADERS))
    return Reply(json_response(tenant.keys.jwks_json, headers=_HEADERS))


def _webfinger(exchange: Exchange, _pages: Pages) -> Reply:
    """Return the issuer of an account (OpenID Connect Discovery 2)."""
    tenant = exchange.tenant
    with tenant.trace.check("resource", sent=exchange.query().get("resource")):
        resource = exchange.query().require("resource")
    links = [{"rel": _ISSUER_LINK, "href": tenant.issuer(exchange.base_url)}]
    response = json_response({"subject": resource, "links": links}, headers=_HEADERS)
    response.content_type = "application/jrd+json"
    return Reply(response)


ROUTES = (
    *(
        Route(endpoint="discovery", path=path, methods=("GET",), handler=_discovery, cors="any")
        for path in (
            DISCOVERY,
            "/.well-known/oauth-authorization-server",
        )
    ),
    Route(
        endpoint="webfinger",
        path="/.well-known/webfinger",
        methods=("GET",),
        handler=_webfinger,
        parameters=WEBFINGER,
        cors="any",
    ),
    Route(endpoint="jwks", path=JWKS, methods=("GET",), handler=_jwks, cors="any"),
)
