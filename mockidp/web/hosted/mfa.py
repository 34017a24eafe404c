"""`/u/mfa-...`: the pages on which a user passes or enrolls a second factor."""

from __future__ import annotations

from functools import partial

from werkzeug import Response

from mockidp.flows.login.page_errors import PromptError
from mockidp.flows.login.second_factor.codes import (
    enroll_address,
    pass_second_factor,
    remember_browser,
)
from mockidp.flows.login.second_factor.enrollment import enrolling_user
from mockidp.flows.login.second_factor.pages import (
    FactorPage,
    begin,
    is_allowed,
    move,
    screen_for,
    start_challenge,
)
from mockidp.flows.login.second_factor.step import (
    CHALLENGES,
    ENROLLMENTS,
    NEW_RECOVERY_CODE,
    OPTIONS,
    OTP_BY_HAND,
    RECOVERY_ENROLLMENT,
)
from mockidp.flows.login.steps import next_step
from mockidp.flows.login.transaction import check_owner, login_client
from mockidp.protocol.login.login_results import SecondFactor
from mockidp.protocol.mfa.guardian import EMAIL, OTP, SMS
from mockidp.protocol.mfa.records import requirement_type
from mockidp.protocol.mfa.totp import totp_code, totp_uri
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.resources.user import User
from mockidp.web.cookies.remember import remembered_browser, set_remember_cookie
from mockidp.web.hosted.enrollment import show_enrolled
from mockidp.web.hosted.prompt import go_to, login_of, resume_login, show_prompt
from mockidp.web.pages.pages import Pages
from mockidp.web.pages.qr_code import qr_code
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

_ADDRESSES = (ENROLLMENTS[SMS], ENROLLMENTS[EMAIL])
_SHOWN_CODES = (RECOVERY_ENROLLMENT, NEW_RECOVERY_CODE)
SCREENS = (
    *CHALLENGES.values(),
    *ENROLLMENTS.values(),
    OTP_BY_HAND,
    *_SHOWN_CODES,
    OPTIONS,
)


def _page_of(exchange: Exchange) -> FactorPage | None:
    """Return the page of a login whose second factor is pending, if its user may see it."""
    tenant, login = exchange.tenant, login_of(exchange)
    screen = exchange.path.rpartition("/")[2]
    user: User | None
    if login.enrollment is not None:
        user = enrolling_user(tenant, login.enrollment, is_done=screen in _SHOWN_CODES)
    else:
        user = _user_of_login(exchange, login)
    if user is None:
        return None
    page = FactorPage(tenant=tenant, login=login, user=user, screen=screen)
    return page if is_allowed(page) else None


def _user_of_login(exchange: Exchange, login: LoginTransaction) -> User | None:
    tenant = exchange.tenant
    owner = check_owner(tenant, login, exchange.session())
    step = next_step(tenant, login_client(tenant, login), login)
    is_here = step is not None and step.name == "second factor"
    return tenant.directory.user(owner.user_id) if is_here else None


def _elsewhere(exchange: Exchange) -> Reply:
    """Go to the page that the login, or the enrollment, has come to."""
    login = login_of(exchange)
    if login.enrollment is None:
        return resume_login(exchange, login)
    screen = login.second_factor.screen if login.second_factor else OPTIONS
    return go_to(f"/u/{screen}", exchange, login)


def _leave(exchange: Exchange, pages: Pages, login: LoginTransaction) -> Reply:
    """Go on after the second factor: with the login, a recovery code, or the result."""
    if login.enrollment is None:
        return resume_login(exchange, login)
    if login.second_factor is not None:
        return go_to(f"/u/{login.second_factor.screen}", exchange, login)
    return show_enrolled(exchange, pages, login)


def _show(exchange: Exchange, pages: Pages) -> Reply:
    page = _page_of(exchange)
    if page is None:
        return _elsewhere(exchange)
    return _render(exchange, pages, begin(page))


def _submit(exchange: Exchange, pages: Pages) -> Reply:
    page = _page_of(exchange)
    if page is None:
        return _elsewhere(exchange)
    form = exchange.body()
    action = form.get("action")
    try:
        if page.screen in _SHOWN_CODES:
            return _leave(exchange, pages, move(page, None).login)
        chosen = _choose(exchange, page, action)
        if chosen is not None:
            return chosen
        if page.screen in _ADDRESSES:
            name = "phone" if page.screen == ENROLLMENTS[SMS] else "email"
            return _go(exchange, enroll_address(page, form.get(name)))
        passed = pass_second_factor(page, form.get("code"))
    except PromptError as error:
        return _render(exchange, pages, page, refused=error)
    reply = _leave(exchange, pages, passed.login)
    if form.get("rememberBrowser") == "true" and isinstance(reply.response, Response):
        browser = remember_browser(page, remembered_browser(exchange))
        set_remember_cookie(exchange, reply.response, browser)
    return reply


def _choose(exchange: Exchange, page: FactorPage, action: str | None) -> Reply | None:
    """Go to another page, or send another code, if the button says so."""
    if action in ("pick-authenticator", "back-action"):
        move(page, SecondFactor(screen=OPTIONS))
        return go_to(f"/u/{OPTIONS}", exchange, page.login)
    if action == "toggle-view" and page.begun is not None:
        other = OTP_BY_HAND if page.screen == ENROLLMENTS[OTP] else ENROLLMENTS[OTP]
        begun = page.begun
        return _go(exchange, move(page, SecondFactor(
            screen=other,
            authenticator_id=begun.authenticator_id,
            recovery_code=begun.recovery_code,
        )))  # fmt: skip
    if action in ("resend-code", "resend") and page.authenticator is not None:
        return _go(exchange, start_challenge(page, page.authenticator))
    if page.screen == OPTIONS:
        offered = {requirement_type(one): one for one in page.choices}
        factor = offered.get(action or "", "")
        screen = screen_for(page, factor)
        return _go(exchange, replace_screen(page, screen))
    return None


def replace_screen(page: FactorPage, screen: str) -> FactorPage:
    """Leave the page for another one, on which nothing was begun."""
    moved = move(page, None)
    return FactorPage(tenant=moved.tenant, login=moved.login, user=moved.user, screen=screen)


def _go(exchange: Exchange, page: FactorPage) -> Reply:
    return go_to(f"/u/{page.screen}", exchange, page.login)


def _render(
    exchange: Exchange, pages: Pages, page: FactorPage, *, refused: PromptError | None = None
) -> Reply:
    tenant, user, authenticator = page.tenant, page.user, page.authenticator
    secret = authenticator.secret if authenticator and page.factor == OTP else ""
    uri = (
        totp_uri(secret, tenant=tenant.name, user=user.email or user.user_id)
        if page.is_enrollment
        else ""
    )
    challenge = page.challenge
    return show_prompt(
        exchange,
        pages,
        page.login,
        page.screen,
        refused=refused,
        address=authenticator.name if authenticator else "",
        qr_code=qr_code(uri) if page.screen == ENROLLMENTS[OTP] else "",
        uri=uri,
        secret=secret,
        recovery_code=page.begun.recovery_code if page.begun else None,
        is_enrollment=page.is_enrollment,
        choices=[requirement_type(one) for one in page.choices],
        code=challenge.binding_code if challenge else _current_code(page),
    )


def _current_code(page: FactorPage) -> str:
    """Return the code that the user's app shows, for mockidp's part of the page."""
    found = page.authenticator if page.factor == OTP else None
    return totp_code(found.secret, page.tenant.now()) if found else ""


_route = partial(Route, endpoint="mfa", refuses_on_page=True)
ROUTES = tuple(
    _route(path=f"/u/{screen}", methods=(method,), handler=handler)
    for screen in SCREENS
    for method, handler in (("GET", _show), ("POST", _submit))
)
