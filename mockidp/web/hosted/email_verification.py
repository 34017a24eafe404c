"""`/u/email-verification`: verify an e-mail address with the link that was sent to it."""

from __future__ import annotations

from mockidp.flows.accounts.tickets import TicketError
from mockidp.flows.accounts.verification import is_verified_already, verify_email
from mockidp.web.hosted.account_page import result_redirect, show_ticket_page
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

_SCREEN = "email-verification-result"
_VERIFIED = "Your email was verified. You can continue using the application."


def _verify(exchange: Exchange, pages: Pages) -> Reply:
    key = exchange.query().get("ticket")
    try:
        found = verify_email(exchange.tenant, exchange.base_url, key)
    except TicketError as error:
        is_verified = is_verified_already(exchange.tenant, key)
        return show_ticket_page(
            exchange,
            pages,
            "account-result",
            refused=error,
            screen=_SCREEN,
            heading="errorTitle",
            description="alreadyVerifiedDescription"
            if is_verified
            else "invalidAccountOrCodeDescription",
        )
    return result_redirect(found, _VERIFIED) or show_ticket_page(
        exchange,
        pages,
        "account-result",
        ticket=found.ticket,
        screen=_SCREEN,
        heading="verifiedTitle",
        description="verifiedDescription",
    )


ROUTES = (
    Route(
        endpoint="email_verification",
        path="/u/email-verification",
        methods=("GET",),
        handler=_verify,
        refuses_on_page=True,
    ),
)
