"""One request to the console, and the routes of its pages.

A page is a function of a `Visit`. It only shows (GET), or changes the tenant and redirects (POST,
303), so that a reload repeats nothing. Refusals are pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, unquote, urlencode

from werkzeug import Response

from mockidp.errors import MockIdPError
from mockidp.protocol.errors.problem import Problem
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.tenant.tenant import Tenant
from mockidp.web.console.assets import SCRIPT, STYLE, asset_path
from mockidp.web.console.guard import (
    check_change,
    check_visitor,
    form_token,
    may_look,
    read_form,
    read_only_reason,
)
from mockidp.web.console.navigation import links
from mockidp.web.console.status import unusual
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import NEVER_CACHED, page
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route
from mockidp.web.routing.route_table import ID

ROOT = "/_mockidp"
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class Visit:
    """One request to a page of the console.

    It is a target of test methods, so a page calls `METHOD.function(visit, parameters)`.
    """

    exchange: Exchange
    pages: Pages

    @property
    def tenant(self) -> Tenant:
        """The tenant."""
        return self.exchange.tenant

    @property
    def url(self) -> str:
        """The tenant's URL, without a slash at the end."""
        return self.exchange.base_url

    @property
    def query(self) -> Parameters:
        """The parameters in the URL."""
        return self.exchange.query()

    @cached_property
    def form(self) -> Parameters:
        """The fields of the form, which is checked to be one of the console's."""
        return read_form(self.exchange)

    @property
    def is_open(self) -> bool:
        """Whether the visitor may see more than public endpoints show."""
        return may_look(self.exchange)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids in the path, unescaped."""
        sent = self.exchange.target.partition("?")[0].removeprefix(self.exchange.prefix)
        segments = zip(self.exchange.route.path.split("/"), sent.split("/"), strict=False)
        return tuple(unquote(one) for declared, one in segments if declared == ID)

    @property
    def id(self) -> str:
        """The first id in the path."""
        return self.ids[0]

    def link(self, *segments: str, **query: str) -> str:
        """Return the URL of a page of the console, without the host."""
        path = "/".join(quote(one, safe="") for one in segments)
        asked = f"?{urlencode(query)}" if query else ""
        return f"{self.exchange.prefix}{ROOT}/{path}{asked}"

    def page(
        self, template: str, /, *, title: str, area: str, status: int = 200, **values: object
    ) -> Reply:
        """Return a page of the console, as `response` does."""
        return Reply(self.response(template, title=title, area=area, status=status, **values))

    def response(
        self, template: str, /, *, title: str, area: str, status: int = 200, **values: object
    ) -> Response:
        """Return a page of the console.

        Args:
            template: The name of the template, below `console/`.
            title: Its title.
            area: The entry of the navigation that it belongs to.
            status: Its HTTP status.
            values: What the template shows.
        """
        exchange = self.exchange
        html = self.pages.render(
            f"console/{template}.html",
            title=title,
            area=area,
            visit=self,
            tenant_name=self.tenant.name,
            issuer=self.tenant.issuer(exchange.base_url),
            navigation=links(self) if self.is_open else (),
            unusual=unusual(self) if self.is_open else (),
            form_token=form_token(exchange),
            read_only=read_only_reason(exchange),
            style_url=exchange.prefix + asset_path(STYLE),
            script_url=exchange.prefix + asset_path(SCRIPT),
            **values,
        )
        response = page(html, status)
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Frame-Options"] = "deny"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    def go(self, url: str) -> Reply:
        """Return a redirect to a page, after a change."""
        return Reply(see_other(url))


def see_other(url: str) -> Response:
    """Return a redirect after a POST."""
    headers = {"Location": url, "Cache-Control": NEVER_CACHED}
    return Response(status=HTTPStatus.SEE_OTHER, headers=headers)


View = Callable[[Visit], Reply]


def _guarded(view: View, check: Callable[[Visit], Any]) -> Callable[[Exchange, Pages], Reply]:
    def handle(exchange: Exchange, pages: Pages) -> Reply:
        visit = Visit(exchange, pages)
        try:
            check(visit)
            return view(visit)
        except Problem as problem:
            return _refuse(visit, problem.status, problem.message, problem.headers())
        except MockIdPError as error:
            return _refuse(visit, HTTPStatus.BAD_REQUEST, str(error), {})

    return handle


def _refuse(visit: Visit, status: int, text: str, headers: Mapping[str, str]) -> Reply:
    template = "token" if status == HTTPStatus.UNAUTHORIZED else "problem"
    title = HTTPStatus(status).phrase
    response = visit.response(template, title=title, area="", status=status, text=text)
    response.headers.update(headers)
    return Reply(response)


def showing(path: str, view: View) -> Route:
    """Return the route of a page, below `/_mockidp`. Ids in the path are `{id}`."""
    handler = _guarded(view, lambda visit: check_visitor(visit.exchange))
    return Route(endpoint="console", path=ROOT + path, methods=("GET",), handler=handler)


def asking(path: str, view: View) -> Route:
    """Return the route of a form, below `/_mockidp`, that changes nothing.

    It is posted, so that what a person pastes is in no URL.
    """
    handler = _guarded(view, lambda visit: visit.form)
    return Route(endpoint="console", path=ROOT + path, methods=("POST",), handler=handler)


def changing(path: str, view: View) -> Route:
    """Return the route of a form, below `/_mockidp`, that changes the tenant."""

    def check(visit: Visit) -> Parameters:
        form = visit.form
        check_change(visit.exchange)
        return form

    handler = _guarded(view, check)
    return Route(endpoint="console", path=ROOT + path, methods=("POST",), handler=handler)
