"""Enrollments of second factors by id, and tickets with which users enroll one.

Auth0: the id is that of the enrollments of a user. Source: docs/fidelity.md.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from mockidp.flows.accounts.tickets import create_ticket
from mockidp.flows.mfa.authenticators import authenticators_of, remove_authenticator
from mockidp.management.body import check_keys, flag, required_text, text
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body, not_found, not_supported
from mockidp.management.users.mfa import show_enrollment
from mockidp.management.users.users import find_user
from mockidp.protocol.login.accounts import Ticket
from mockidp.protocol.mfa.guardian import EMAIL, OTP, PUSH, RECOVERY_CODE, SMS
from mockidp.protocol.mfa.records import Authenticator
from mockidp.resources.checks import check_email
from mockidp.resources.user import User

_FACTORS = {PUSH: PUSH, "phone": SMS, "email": EMAIL, OTP: OTP}
_FIELDS = (
    "user_id", "email", "send_mail", "email_locale", "factor", "allow_multiple_enrollments",
)  # fmt: skip


def _find(call: Call) -> tuple[User, Authenticator]:
    users = call.tenant.directory.users
    held = (
        (user, one)
        for user in users.values()
        for one in authenticators_of(call.tenant, user)
        if one.id.partition("|")[2] == call.id and one.factor != RECOVERY_CODE
    )
    found = next(held, None)
    with call.tenant.trace.check("enrollment", id=call.id, found=found is not None):
        if found is None:
            raise not_found(
                "Enrollment not found",
                code="enrollment_not_found",
                hint=f"No user has an enrollment with the id {call.id!r}. GET "
                "/users/{id}/enrollments lists those of a user.",
            )
    return found


def _get(call: Call) -> Any:
    return show_enrollment(*_find(call))


def _delete(call: Call) -> None:
    remove_authenticator(call.tenant, _find(call)[1])


def _create_ticket(call: Call) -> Any:
    check_keys(call, _FIELDS, required=("user_id",))
    user = find_user(call.tenant, required_text(call, "user_id"))
    ticket = Ticket(
        kind="mfa-enrollment",
        user_id=user.user_id,
        email=_recipient(call, user),
        factor=_read_factor(call),
        adds_factor=flag(call, "allow_multiple_enrollments"),
    )
    is_sent = flag(call, "send_mail")
    if text(call, "email_locale") is not None:
        call.tenant.trace.advise("`email_locale` has no effect: e-mails are in English.")
    call.tenant.trace.note(user=user.user_id)
    link = create_ticket(call.tenant, call.url, ticket, link_url=call.link_url)
    if is_sent:
        _send(call, user, ticket.email, link)
    return {"ticket_id": link.rpartition("=")[2], "ticket_url": link}


def _recipient(call: Call, user: User) -> str:
    email = text(call, "email")
    with call.tenant.trace.check("email_is_valid", sent=email):
        if email is not None and check_email(email) is not None:
            raise invalid_body(
                f"Object didn't pass validation for format email: {email}",
                at="email",
                hint=f"{email!r} is not an e-mail address.",
            )
    return email or user.email or ""


def _read_factor(call: Call) -> str | None:
    sent = text(call, "factor")
    with call.tenant.trace.check("factor_is_known", sent=sent):
        if sent is None:
            return None
        if sent not in _FACTORS:
            raise invalid_body(
                "No enum match",
                at="factor",
                hint=f"`factor` is one of {', '.join(_FACTORS)}. WebAuthn factors are "
                "not supported.",
            )
        if sent == EMAIL:
            raise not_supported(
                "The factor email cannot be enrolled with a ticket",
                hint="A ticket does not enroll an e-mail address. Send another `factor`.",
            )
    return _FACTORS[sent]


def _send(call: Call, user: User, to: str, link: str) -> None:
    if not to:
        call.tenant.trace.advise(
            f"No e-mail was sent, because user {user.user_id} has no address. Send `email`."
        )
        return
    name = call.tenant.name
    call.tenant.outbox.send(
        to=to,
        kind="enrollment_email",
        subject=f"Enroll a second factor for {name}",
        text=f"Enroll a second factor for your account at {name}: {link}",
        link=link,
        user_id=user.user_id,
    )


_ONE = "/guardian/enrollments/{id}"
OPERATIONS = (
    Operation(
        title="Retrieve a multi-factor authentication enrollment", method="GET", path=_ONE,
        scopes=("read:guardian_enrollments",), handler=_get,
    ),
    Operation(
        title="Delete a multi-factor authentication enrollment", method="DELETE", path=_ONE,
        scopes=("delete:guardian_enrollments",), handler=_delete, status=HTTPStatus.NO_CONTENT,
    ),
    Operation(
        title="Create a multi-factor authentication enrollment ticket", method="POST",
        path="/guardian/enrollments/ticket", scopes=("create:guardian_enrollment_tickets",),
        handler=_create_ticket, has_links=True,
    ),
)  # fmt: skip
