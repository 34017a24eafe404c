"""`/_mockidp/ca.pem`: the certificate authority that clients have to trust."""

from __future__ import annotations

from mockidp.protocol.errors.oauth_error import NotFound
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import text_response
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route
from mockidp.web.tenants.router import CA_KEY


def _ca(exchange: Exchange, _pages: Pages) -> Reply:
    pem = exchange.environ.get(CA_KEY)
    if not pem:
        raise NotFound("Not Found", hint="This server runs without TLS, so it has no CA.")
    return Reply(text_response(pem, content_type="application/x-pem-file"))


ROUTE = Route(endpoint="control", path="/_mockidp/ca.pem", methods=("GET",), handler=_ca)
