"""Count the wrong codes of a user. Each takes one of ten guesses.

Auth0: a bucket of 10 that is refilled with one guess every 6 minutes (docs/fidelity.md).
"""

from __future__ import annotations

from collections.abc import Callable

from mockidp.frozen import frozen
from mockidp.protocol.errors.oauth_error import OAuthError
from mockidp.protocol.mfa.records import GUESS_REFILL, MAX_GUESSES, Guesses
from mockidp.resources.user import User
from mockidp.storage.store import update
from mockidp.tenant.tenant import Tenant

_FULL_AFTER = MAX_GUESSES * GUESS_REFILL


@frozen
class CodeRefusals:
    """How an endpoint or a page refuses codes.

    Attributes:
        wrong: Makes the refusal of a wrong code from its hint.
        too_many: Makes the refusal after too many wrong codes from its hint.
    """

    wrong: Callable[[str], OAuthError]
    too_many: Callable[[str], OAuthError]


def guess(
    tenant: Tenant, user: User, name: str, attempt: Callable[[], str], refusals: CodeRefusals
) -> None:
    """Let a user try a code if they have a guess left.

    The guess is taken before the attempt and given back if the code is right, so that concurrent
    requests cannot try more codes than allowed.

    Args:
        tenant: The tenant.
        user: The user.
        name: The name of the check in the trace.
        attempt: Tries the code. Returns why it is wrong; empty if it is right.
        refusals: How to refuse it.

    Raises:
        OAuthError: The code is wrong, or no guess is left.
    """
    left = _spend(tenant, user)
    with tenant.trace.check(name, user=user.user_id, guesses_left=left):
        if left is None:
            raise refusals.too_many(
                f"User {user.user_id} has sent {MAX_GUESSES} wrong codes. One more attempt "
                f"is allowed every {GUESS_REFILL} seconds of the tenant's clock."
            )
        mismatch = attempt()
        if mismatch:
            raise refusals.wrong(mismatch)
    update(tenant.mfa_guesses, user.user_id, _give_back, expires_at=tenant.now() + _FULL_AFTER)


def _spend(tenant: Tenant, user: User) -> int | None:
    """Take a guess. Return how many are left after it; None if there was none."""
    store, now = tenant.mfa_guesses, tenant.now()
    while True:
        entry = store.find(user.user_id)
        before = (entry.value if entry else Guesses(left=MAX_GUESSES, at=now)).refilled(now)
        if before.left < 1:
            return None
        after = before.spent(1)
        version = entry.version if entry else None
        if store.swap(user.user_id, version, after, expires_at=now + _FULL_AFTER):
            return int(after.left)


def _give_back(guesses: Guesses | None) -> Guesses:
    return guesses.spent(-1) if guesses else Guesses(left=MAX_GUESSES, at=0)
