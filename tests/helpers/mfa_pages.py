"""Logins on the pages of the second factor."""

import re
from dataclasses import replace

from helpers.tenant_client import claims_of, sent_to_callback
from mockidp.flows.mfa.authenticators import new_authenticator


def page_of(idp, user="alice", **parameters):
    """Log in with the password. Return the URL of the page of the second factor."""
    return idp.log_in(idp.follow(idp.authorize(**parameters)).location, user).location


def path_of(url):
    """Return the path of a URL."""
    return url.partition("?")[0]


def tokens_for(idp, answer):
    """Follow the login to its end. Return the claims of the ID token."""
    code = sent_to_callback(idp.follow(answer))["code"]
    return claims_of(idp.redeem(code).json["id_token"])


def error_on(answer, field):
    """Return the code of the error of a field on a page that was refused."""
    assert answer.status_code == 400
    return re.search(rf'id="error-element-{field}"[^>]*data-error-code="([\w-]+)"', answer.text)[1]


def choose(idp, page, method):
    """Choose another method. Return the URL of its page."""
    options = idp.submit(page, action="pick-authenticator").location
    return idp.submit(options, action=method).location


def new_push(idp):
    """Enroll push notifications for alice."""
    new_authenticator(idp.tenant, "auth0|alice", "push-notification", is_active=True)


def answer_push(idp, answer):
    """Answer the last push notification of alice."""
    store = idp.tenant.oob_challenges
    key, entry = store.scan("user", "auth0|alice")[-1]
    store.swap(key, entry.version, replace(entry.value, answer=answer), expires_at=entry.expires_at)


def enroll_recovery(idp):
    """Give alice a recovery code."""
    new_authenticator(idp.tenant, "auth0|alice", "recovery-code", secret="RECOVERY", is_active=True)
    return "RECOVERY"
