"""`/u/reset-password`: choose a new password with a link that came by e-mail."""

from __future__ import annotations

from functools import partial

from mockidp.flows.accounts.new_password import connection_of, policy_of
from mockidp.flows.accounts.reset import reset_password, set_password
from mockidp.flows.accounts.tickets import FoundTicket, TicketError, find_ticket
from mockidp.flows.login.page_errors import PromptError
from mockidp.web.hosted.account_page import result_redirect, show_ticket_page
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

_CHANGED = "You can now login to the application with the new password."


def _show(exchange: Exchange, pages: Pages) -> Reply:
    try:
        found = _find(exchange)
        if not found.ticket.password:
            return _form(exchange, pages, found)
        set_password(exchange.tenant, found)
    except TicketError as error:
        return _unusable(exchange, pages, error)
    return _changed(exchange, pages, found)


def _submit(exchange: Exchange, pages: Pages) -> Reply:
    try:
        found = _find(exchange)
        try:
            reset_password(exchange.tenant, found, exchange.body())
        except PromptError as error:
            return _form(exchange, pages, found, error)
    except TicketError as error:
        return _unusable(exchange, pages, error)
    return _changed(exchange, pages, found)


def _changed(exchange: Exchange, pages: Pages, found: FoundTicket) -> Reply:
    return result_redirect(found, _CHANGED) or show_ticket_page(
        exchange,
        pages,
        "account-result",
        ticket=found.ticket,
        screen="reset-password-success",
        heading="eventTitle",
        description="description",
    )


def _find(exchange: Exchange) -> FoundTicket:
    return find_ticket(exchange.tenant, "reset-password", exchange.query().get("ticket"))


def _form(
    exchange: Exchange, pages: Pages, found: FoundTicket, refused: PromptError | None = None
) -> Reply:
    return show_ticket_page(
        exchange,
        pages,
        "reset-password",
        ticket=found.ticket,
        refused=refused,
        policy=str(policy_of(connection_of(exchange.tenant, found.user))),
    )


def _unusable(exchange: Exchange, pages: Pages, error: TicketError) -> Reply:
    reason = error.reason if error.reason in ("expired", "used") else "generic"
    return show_ticket_page(
        exchange,
        pages,
        "account-result",
        refused=error,
        screen="reset-password-error",
        heading=f"eventTitle{reason.capitalize()}",
        description=f"description{reason.capitalize()}",
    )


_route = partial(Route, endpoint="reset_password", path="/u/reset-password", refuses_on_page=True)
ROUTES = (
    _route(methods=("GET",), handler=_show),
    _route(methods=("POST",), handler=_submit),
)
