"""The back-channel logout of a client: where its logout tokens go, and when.

Spec: OpenID Connect Back-Channel Logout 1.0 2.2.
Auth0: a client has one URL, and is notified of its own logouts (`rp-logout`) and of those by an
identity provider (`idp-logout`) in any case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from mockidp.frozen import frozen
from mockidp.resources.checks import check_web_url, split_url
from mockidp.resources.record import Record
from mockidp.resources.rules import Expected, Misfit
from mockidp.resources.unsupported import Differs

Initiator = Literal[
    "rp-logout",
    "idp-logout",
    "password-changed",
    "session-expired",
    "session-revoked",
    "account-deleted",
    "email-identifier-changed",
    "mfa-phone-unenrolled",
    "account-deactivated",
]
"""Auth0's names for what ends a session."""
ALWAYS: tuple[Initiator, ...] = ("rp-logout", "idp-logout")
"""The initiators that a client cannot unsubscribe from."""


@frozen
class LogoutInitiators(Record):
    """What the client is notified of, in addition to `rp-logout` and `idp-logout`."""

    mode: Literal["custom", "all"] = "custom"
    """`all`, or `custom` for those in `selected_initiators`."""
    selected_initiators: tuple[Initiator, ...] = ()
    """The initiators for `custom`. They must include `rp-logout` and `idp-logout`."""


@frozen
class BackchannelLogout(Record):
    """Back-channel logout: where the app is notified when a session ends, and of which events."""

    backchannel_logout_urls: tuple[str, ...] = ()
    """The URL to which logout tokens are posted. Auth0 allows one."""
    backchannel_logout_initiators: LogoutInitiators = LogoutInitiators()
    """What the client is notified of."""

    DIFFERS: ClassVar[Mapping[str, Differs]] = {
        "backchannel_logout_session_metadata.include": Differs(
            "Auth0 adds the session's metadata to logout tokens"
        ),
    }
    COSMETIC: ClassVar[frozenset[str]] = frozenset({"backchannel_logout_session_metadata"})

    def is_notified_of(self, initiator: Initiator) -> bool:
        """Return whether the client gets a logout token for such an event."""
        chosen = self.backchannel_logout_initiators
        return chosen.mode == "all" or initiator in (*ALWAYS, *chosen.selected_initiators)


def check_logout_url(url: str) -> Expected | None:
    """Check a URL for logout tokens: http(s), without a fragment."""
    split = split_url(url)
    if not url or (split is not None and split.fragment):
        return Expected("an http or https URL without a fragment")
    return check_web_url(url)


def mistakes_in_logout(name: str, logout: BackchannelLogout) -> Iterator[Misfit]:
    """Yield what Auth0 does not accept in a client's field with this name."""
    urls, initiators = logout.backchannel_logout_urls, logout.backchannel_logout_initiators
    if len(urls) > 1:
        yield Misfit(
            f"{name}.backchannel_logout_urls",
            found=f"{len(urls)} URLs",
            expected="one URL, because Auth0 allows no more",
        )
    missing = [one for one in ALWAYS if one not in initiators.selected_initiators]
    if initiators.selected_initiators and missing:
        yield Misfit(
            f"{name}.backchannel_logout_initiators.selected_initiators",
            found=f"a list without {' and '.join(missing)}",
            expected="rp-logout and idp-logout as well, because Auth0 requires both",
        )
