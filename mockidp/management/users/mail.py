"""The e-mail that verifies the address of a new user, or a new address.

Auth0: `verify_email` decides; without it, an address that is not verified gets one. Source:
docs/fidelity.md.
"""

from __future__ import annotations

from mockidp.flows.accounts.mail import send_mail
from mockidp.management.operation import Call
from mockidp.resources.user import User

_NAME = "verify_email"


def verify_address(call: Call, user: User, *, is_new: bool) -> None:
    """Send the e-mail that verifies an address, if the call requests it.

    Args:
        call: The call.
        user: The user.
        is_new: Whether the user has got the address with this call.
    """
    is_needed = is_new and bool(user.email) and not user.email_verified
    if call.body.get(_NAME, is_needed):
        sent = call.body.get("client_id")
        client_id = sent if isinstance(sent, str) else None
        send_mail(call.tenant, call.url, _NAME, user, client_id=client_id, link_url=call.link_url)
