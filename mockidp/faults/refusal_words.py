"""Every value of `refuse`: where and to whom it can happen, and the client bug that it finds."""

from __future__ import annotations

from dataclasses import dataclass

from mockidp.faults.catalogue import CALLBACK
from mockidp.faults.fault import Fault, FaultContext


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusalWord:
    """One value of `refuse`."""

    name: str
    places: tuple[str, ...]
    meaning: str
    finds: str
    grants: tuple[str, ...] = ()
    """The grant types of token requests that it can happen to."""
    silent: bool = False
    """Whether it can happen only to a request with `prompt=none`."""


_PASSWORD = ("password", "http://auth0.com/oauth/grant-type/password-realm")

REFUSALS = {
    one.name: one
    for one in (
        RefusalWord(
            name="code_used",
            places=("token",),
            grants=("authorization_code",),
            meaning="The code was redeemed before.",
            finds="The client redeems its code again when its user reloads the callback.",
        ),
        RefusalWord(
            name="refresh_token_revoked",
            places=("token",),
            grants=("refresh_token",),
            meaning="The refresh token was revoked.",
            finds="The client keeps using it, and does not let its user log in again.",
        ),
        RefusalWord(
            name="login_required",
            places=("authorize",),
            silent=True,
            meaning="Nobody is logged in. Only for requests with `prompt=none`.",
            finds="The client does not fall back to a login page.",
        ),
        RefusalWord(
            name="consent_required",
            places=("authorize",),
            silent=True,
            meaning="The user has not consented. Only for requests with `prompt=none`.",
            finds="The client treats it as `login_required` and redirects its user in circles.",
        ),
        RefusalWord(
            name="user_blocked",
            places=(CALLBACK, "token"),
            grants=(*_PASSWORD, "refresh_token"),
            meaning="The user is blocked.",
            finds="The client redirects a user who may not log in to the login again and again.",
        ),
        RefusalWord(
            name="link_expired",
            places=("impersonation_link",),
            meaning="The link was opened too late.",
            finds="The tool that opens links does not ask for a new one.",
        ),
        RefusalWord(
            name="link_replayed",
            places=("impersonation_link",),
            meaning="The link was opened before.",
            finds="The tool that opens links fetches them for a preview, or opens them twice.",
        ),
        RefusalWord(
            name="link_tampered",
            places=("impersonation_link",),
            meaning="The link was changed.",
            finds="The tool that opens links shows no error.",
        ),
    )
}
"""By name."""


def can_happen(fault: Fault, occasion: FaultContext) -> bool:
    """Return whether a refusal makes sense for an exchange: no code without its grant."""
    word = REFUSALS.get(fault.refuse or "")
    if word is None:
        return True
    if occasion.endpoint == "token":
        return occasion.grant in word.grants
    return not word.silent or "none" in str(occasion.parameters.get("prompt")).split()
