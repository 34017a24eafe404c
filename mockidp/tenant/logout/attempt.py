"""One attempt to deliver a logout token, and a hint if it fails.

Spec: OpenID Connect Back-Channel Logout 1.0 2.5, 2.8.
Auth0: it waits five seconds, and does not repeat a request that is answered with 400.
"""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from http import HTTPStatus
from http.client import HTTPException
from urllib.parse import urlsplit

from mockidp.frozen import frozen
from mockidp.hosts import is_local_target
from mockidp.http_post import DeadlineExceeded, post_form
from mockidp.tenant.logout.tokens import LogoutToken

DEADLINE = 5.0
"""Seconds that an app has for its answer."""
_FIELD = "oidc_logout.backchannel_logout_urls"


@frozen
class DeliveryAttempt:
    """The result of an attempt.

    Attributes:
        status: The status of the app's answer; None if there was none.
        problem: Why it failed, and what to do; empty if it succeeded.
        repeats: Whether another attempt may succeed.
    """

    status: int | None = None
    problem: str = ""
    repeats: bool = False


def attempt(
    token: LogoutToken, *, allowed: Sequence[str], deadline: float = DEADLINE
) -> DeliveryAttempt:
    """Post a logout token to its app.

    Args:
        token: The token.
        allowed: The hosts that are allowed in addition to local ones.
        deadline: How many seconds it may take.
    """
    host = urlsplit(token.url).hostname or ""
    if not is_local_target(host, allowed):
        return DeliveryAttempt(
            problem=f"The logout token was not sent, because host {host} is not local. Add it to "
            "`mockidp.backchannel_hosts` if mockidp may send requests to it."
        )
    try:
        status = post_form(token.url, {"logout_token": token.token}, timeout=deadline)
    except DeadlineExceeded:
        return DeliveryAttempt(problem=_no_answer(token, deadline), repeats=True)
    except ssl.SSLCertVerificationError as error:
        return DeliveryAttempt(
            problem=f"The certificate of {token.url} is not trusted: {error.verify_message}. Set "
            "SSL_CERT_FILE for mockidp to the CA that issued it, or use an http URL."
        )
    except (OSError, HTTPException, ValueError) as error:  # ValueError: a host that IDNA refuses
        return DeliveryAttempt(problem=_unreachable(token, error), repeats=True)
    return DeliveryAttempt(
        status=status,
        problem=_problem_of(token, status),
        repeats=status >= HTTPStatus.INTERNAL_SERVER_ERROR,
    )


def _no_answer(token: LogoutToken, deadline: float) -> str:
    return (
        f"The app did not answer at {token.url} within {deadline:g} s, and Auth0 waits no longer "
        "than 5 s. Answer first, and do slow work afterwards."
    )


def _unreachable(token: LogoutToken, error: Exception) -> str:
    why = str(error) or type(error).__name__
    return (
        f"The app cannot be reached at {token.url}: {why}. Start it, or correct `{_FIELD}` of "
        f"client {token.client_id}. In a container, localhost is the container itself."
    )


def _problem_of(token: LogoutToken, status: int) -> str:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return ""
    return f"The app answered {status} at {token.url}. {_remedy(token, status)}"


def _remedy(token: LogoutToken, status: int) -> str:
    if status < HTTPStatus.BAD_REQUEST:
        return "Redirects are not followed. Register the final URL, and require no login there."
    if status == HTTPStatus.BAD_REQUEST:
        return (
            "It refused the logout token: see its log for the reason. Compare issuer and audience "
            "with its configuration. Auth0 does not send the token again."
        )
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return "The request has no cookie. Require no login and no CSRF token at this URL."
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
        return f"Add a route for POST, or correct `{_FIELD}` of client {token.client_id}."
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return "Answer 200 once the session has ended, or 400 if the logout token is invalid."
    return "See its log. Answer 200 once the session has ended."
