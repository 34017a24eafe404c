"""`/activate` and `/u/device/...`: type the code of a device, confirm it, and see the result."""

from __future__ import annotations

from functools import partial

from mockidp.flows.device.decide import DENIED_PAGE, SUCCESS_PAGE, UserCodeError
from mockidp.flows.login.device import begin, cancel, confirm, user_code_of
from mockidp.flows.login.steps import DEVICE_PAGE, next_step
from mockidp.flows.login.transaction import login_client
from mockidp.protocol.discovery.document import ACTIVATE
from mockidp.web.cookies.remember import remembered_browser
from mockidp.web.hosted.prompt import go_to, login_of, resume_login, show_prompt
from mockidp.web.pages.language import language_of
from mockidp.web.pages.pages import NO_ERRORS, Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import page, redirect
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route


def _show_activation(exchange: Exchange, pages: Pages) -> Reply:
    user_code = exchange.query().get("user_code")
    if user_code is None:
        return _activation(exchange, pages)
    return _begin(exchange, pages, user_code)


def _submit_activation(exchange: Exchange, pages: Pages) -> Reply:
    return _begin(exchange, pages, exchange.body().get("code"))


def _begin(exchange: Exchange, pages: Pages, typed: str | None) -> Reply:
    try:
        state = begin(
            exchange.tenant,
            exchange.base_url,
            typed,
            exchange.session(),
            remembered=remembered_browser(exchange),
        )
    except UserCodeError as error:
        return _activation(exchange, pages, typed=typed, refused=error)
    return Reply(redirect(f"{exchange.prefix}{DEVICE_PAGE}?state={state}"))


def _activation(
    exchange: Exchange,
    pages: Pages,
    *,
    typed: str | None = None,
    refused: UserCodeError | None = None,
) -> Reply:
    hint = refused.hint if refused else ""
    html = pages.prompt(
        "device-code-activation",
        tenant_name=exchange.tenant.name,
        client_name="",
        state="",
        action_url=exchange.prefix + ACTIVATE,
        errors=refused.errors if refused else NO_ERRORS,
        hint=hint,
        user_code=typed or "",
        **language_of(exchange, "device-code-activation"),
    )
    return Reply(page(html, refused.status if refused else 200), hint, refused=refused)


def _show_confirmation(exchange: Exchange, pages: Pages) -> Reply:
    login = login_of(exchange)
    user_code = user_code_of(exchange.tenant, login)
    return show_prompt(exchange, pages, login, "device-code-confirmation", user_code=user_code)


def _submit_confirmation(exchange: Exchange, _pages: Pages) -> Reply:
    tenant, login = exchange.tenant, login_of(exchange)
    if exchange.body().get("action") != "confirm":
        return Reply(cancel(tenant, login))
    login = confirm(tenant, login)
    step = next_step(tenant, login_client(tenant, login), login) if not login.session_id else None
    if step is None:  # with a session, all further steps are taken as in any login
        return resume_login(exchange, login)
    return go_to(step.page, exchange, login)


def _show_result(screen: str, exchange: Exchange, pages: Pages) -> Reply:
    html = pages.result(screen, tenant_name=exchange.tenant.name, **language_of(exchange, screen))
    return Reply(page(html))


_show_success = partial(_show_result, "device-code-activation-allowed")
_show_denied = partial(_show_result, "device-code-activation-denied")
_route = partial(Route, endpoint="device", refuses_on_page=True)
_get, _post = partial(_route, methods=("GET",)), partial(_route, methods=("POST",))
ROUTES = (
    _get(path=ACTIVATE, handler=_show_activation),
    _post(path=ACTIVATE, handler=_submit_activation),
    _get(path=DEVICE_PAGE, handler=_show_confirmation),
    _post(path=DEVICE_PAGE, handler=_submit_confirmation),
    _get(path=SUCCESS_PAGE, handler=_show_success),
    _get(path=DENIED_PAGE, handler=_show_denied),
)
