"""Issue tokens for a code that was sent to an e-mail address or phone number.

Auth0: grant type `http://auth0.com/oauth/grant-type/passwordless/otp`; scope and audience as in
the password grant.
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.grants.user_login import (
    check_not_blocked,
    find_api_or_deny,
    issue_to_user,
    require,
)
from mockidp.flows.organizations.incompatible import check_needs_no_organization
from mockidp.flows.passwordless.code import Recipient, take_code
from mockidp.flows.passwordless.realm import passwordless_realm
from mockidp.flows.passwordless.user import verified_user
from mockidp.flows.sessions.login_count import count_login


def exchange(request: GrantRequest) -> dict[str, Any]:
    """Return tokens for a person whose code is right. The code is used up."""
    username, otp = require(request, "username"), require(request, "otp")
    check_needs_no_organization(request.tenant, request.client, "passwordless")
    connection = passwordless_realm(request.tenant, request.client, require(request, "realm"))
    address = username.strip().lower()
    recipient = Recipient(client=request.client, connection=connection, address=address)
    api = find_api_or_deny(request)
    take_code(request.tenant, recipient, otp)
    user = count_login(request.tenant, verified_user(request.tenant, connection, address))
    check_not_blocked(request, user)
    return issue_to_user(request, user, api)
