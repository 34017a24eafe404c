"""Logouts at /oidc/logout, and what they answer."""

import html
import re

from helpers.tenant_client import sent_to_callback


def is_logged_in(idp):
    return "code" in sent_to_callback(idp.authorize(prompt="none"))


def shown(answer):
    assert answer.status_code == 400
    assert answer.content_type == "text/html; charset=utf-8"
    status = re.search('(?s)<p class="error-status">(.*?)</p>', answer.text)[1]
    return html.unescape(re.sub("</?strong>", "", status))


def end(idp, **parameters):
    return idp.get("/oidc/logout", **parameters)
