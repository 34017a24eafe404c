"""`/u/organization/selection` and `/u/organization/picker`: choose the organization of a login."""

from __future__ import annotations

from functools import partial

from mockidp.flows.login.identifier_first import first_page
from mockidp.flows.login.login_connections import LoginConnections
from mockidp.flows.login.page_errors import PromptError
from mockidp.flows.login.pick_organization import offered_organizations, pick_organization
from mockidp.flows.login.select_organization import (
    FIELD,
    select_organization,
    use_personal_account,
)
from mockidp.flows.login.steps import PICKER_PAGE, SELECTION_PAGE
from mockidp.flows.login.transaction import check_owner, login_client, refuse_login
from mockidp.flows.organizations.requested import requires_organization
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.web.hosted.prompt import go_to, login_of, resume_login, show_prompt
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

_SKIPPED = "organizationSkipped"


def _show_selection(exchange: Exchange, pages: Pages) -> Reply:
    return _selection(exchange, pages, login_of(exchange))


def _submit_selection(exchange: Exchange, pages: Pages) -> Reply:
    login, form, tenant = login_of(exchange), exchange.body(), exchange.tenant
    try:
        if form.get(_SKIPPED) is not None:
            continued = use_personal_account(tenant, login)
        else:
            continued = select_organization(tenant, login, form.get(FIELD))
    except PromptError as error:
        return _selection(exchange, pages, login, typed=form.get(FIELD), refused=error)
    except InvalidRequest as error:
        return Reply(refuse_login(tenant, login, error))
    if continued.session_id is None:
        return go_to(first_page(LoginConnections(tenant, continued)), exchange, continued)
    return resume_login(exchange, continued)


def _selection(
    exchange: Exchange,
    pages: Pages,
    login: LoginTransaction,
    *,
    typed: str | None = None,
    refused: PromptError | None = None,
) -> Reply:
    client = login_client(exchange.tenant, login)
    return show_prompt(
        exchange,
        pages,
        login,
        "organization-selection",
        refused=refused,
        typed=typed or "",
        offers_personal_account=not requires_organization(client),
    )


def _show_picker(exchange: Exchange, pages: Pages) -> Reply:
    return _picker(exchange, pages, login_of(exchange))


def _submit_picker(exchange: Exchange, pages: Pages) -> Reply:
    login, form, tenant = login_of(exchange), exchange.body(), exchange.tenant
    try:
        if form.get(_SKIPPED) is not None:
            check_owner(tenant, login, exchange.session())
            use_personal_account(tenant, login)
        else:
            pick_organization(tenant, login, exchange.session(), form.get("organization"))
    except PromptError as error:
        return _picker(exchange, pages, login, refused=error)
    return resume_login(exchange, login)


def _picker(
    exchange: Exchange,
    pages: Pages,
    login: LoginTransaction,
    *,
    refused: PromptError | None = None,
) -> Reply:
    tenant = exchange.tenant
    client = login_client(tenant, login)
    owner = check_owner(tenant, login, exchange.session())
    user = tenant.directory.user(owner.user_id)
    return show_prompt(
        exchange,
        pages,
        login,
        "organization-picker",
        refused=refused,
        organizations=offered_organizations(tenant, client, user) if user else (),
        username=(user.email if user else None) or owner.user_id,
        offers_personal_account=not requires_organization(client),
    )


_route = partial(Route, endpoint="organization", refuses_on_page=True)
ROUTES = (
    _route(path=SELECTION_PAGE, methods=("GET",), handler=_show_selection),
    _route(path=SELECTION_PAGE, methods=("POST",), handler=_submit_selection),
    _route(path=PICKER_PAGE, methods=("GET",), handler=_show_picker),
    _route(path=PICKER_PAGE, methods=("POST",), handler=_submit_picker),
)
