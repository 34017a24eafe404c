"""`/mfa/enrollment`: enroll a second factor with a ticket of the Management API."""

from __future__ import annotations

from mockidp.flows.accounts.tickets import ENROLLMENT_PAGE, TicketError
from mockidp.flows.login.second_factor.enrollment import begin_enrollment
from mockidp.flows.login.transaction import end_login
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.web.hosted.account_page import show_ticket_page
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import redirect
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

_SCREEN = "mfa-enroll-result"
_REFUSED = {
    "expired": ("expiredTicketTitle", "expiredTicketDescription"),
    "used": ("alreadyUsedTitle", "alreadyUsedDescription"),
    "invalid": ("invalidTicketTitle", "invalidTicketDescription"),
}
"""The texts for a ticket that cannot be used."""


def _begin(exchange: Exchange, pages: Pages) -> Reply:
    key = exchange.query().get("ticket")
    try:
        state, screen = begin_enrollment(exchange.tenant, exchange.base_url, key)
    except TicketError as error:
        return _result(exchange, pages, *_REFUSED[error.reason], refused=error)
    return Reply(redirect(f"{exchange.prefix}/u/{screen}?state={state}"))


def show_enrolled(exchange: Exchange, pages: Pages, login: LoginTransaction) -> Reply:
    """Show the end of an enrollment."""
    end_login(exchange.tenant, login)
    return _result(exchange, pages, "enrolledTitle", "enrolledDescription")


def _result(
    exchange: Exchange,
    pages: Pages,
    heading: str,
    description: str,
    *,
    refused: TicketError | None = None,
) -> Reply:
    return show_ticket_page(
        exchange,
        pages,
        "account-result",
        screen=_SCREEN,
        refused=refused,
        heading=heading,
        description=description,
    )


ROUTES = (
    Route(
        endpoint="mfa",
        path=ENROLLMENT_PAGE,
        methods=("GET",),
        handler=_begin,
        refuses_on_page=True,
    ),
)
