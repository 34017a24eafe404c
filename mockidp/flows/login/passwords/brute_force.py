"""Brute-force protection: too many wrong passwords block a user for logins with a password.

Auth0: ten consecutive wrong passwords from one address block the user for that address. A right
password is then refused as well. The block ends 30 days later, with a changed password, or when
it is lifted. A login resets the count. Attempts for unknown names are counted in the same way.
"""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import quote

from mockidp.flows.hints.timestamps import date_and_time
from mockidp.frozen import frozen, replace
from mockidp.protocol.login.attack_protection import BruteForceProtection, FailedLogins
from mockidp.resources.user import User
from mockidp.tenant.state.stores import SUBJECT
from mockidp.tenant.tenant import Tenant

LIFETIME = 30 * 24 * 3600
_MAX_NAME = 256
_WARNING = 3
"""Hints announce the block from this many attempts before it."""


def normalize_name(username: str) -> str:
    """Return the normalized spelling under which attempts for an unknown name are counted."""
    return username.strip().lower()[:_MAX_NAME]


@frozen
class PasswordAttempt:
    """A login with a password.

    Attributes:
        username: The name as typed.
        user: The user with that name.
        connections: The names of the connections in which the user was looked up.
        address: The IP address of the person; empty if it is not known.
        is_right: Whether the password is the user's.
    """

    username: str
    user: User | None
    connections: tuple[str, ...]
    address: str
    is_right: bool

    @property
    def subject(self) -> str:
        """The user's id, or the normalized and shortened name if no user has it."""
        return self.user.user_id if self.user else normalize_name(self.username)


@frozen
class AttemptVerdict:
    """The outcome of an attempt.

    Attributes:
        failures: The consecutive wrong passwords, including this one; None if none is counted.
        blocked_by: The wrong passwords before, if there were too many: the attempt is refused.
        limit: The number of wrong passwords that blocks the user.
    """

    failures: FailedLogins | None = None
    blocked_by: FailedLogins | None = None
    limit: int = 0

    @property
    def compared(self) -> dict[str, object]:
        """The values for the trace."""
        failures = self.failures or self.blocked_by
        return {"failed": failures.count if failures else 0, "max_attempts": self.limit or None}

    @property
    def warning(self) -> str:
        """A sentence for the hint if few attempts are left; otherwise empty."""
        if self.failures is None or self.failures.count < self.limit - _WARNING:
            return ""
        count = f"This was wrong password {self.failures.count} of {self.limit} in a row"
        if self.failures.count < self.limit:
            return f"{count}. The last one blocks {describe(self.failures)}."
        return f"{count}, so {describe(self.failures)} is now blocked."


def block_hint(failures: FailedLogins) -> str:
    """Return why an attempt is refused, and how to lift the block."""
    path = f"/_mockidp/v1/users/{quote(failures.subject, safe='')}/blocks"
    origin = f" from {failures.address}" if failures.address else ""
    return (
        f"Brute-force protection has blocked {describe(failures)}{origin} since "
        f"{date_and_time(failures.last_at)}, after {failures.count} wrong passwords in a row. "
        f"The right password is refused as well. Lift the block with "
        f"`idp.unblock({failures.subject!r})`, with DELETE {path} or by changing the user's "
        f"password. Otherwise it ends at {date_and_time(failures.last_at + LIFETIME)}. To allow "
        "any number of attempts, set `attackProtection.bruteForceProtection.enabled` to false in "
        "the tenant file."
    )


def describe(failures: FailedLogins) -> str:
    """Return the user, or the name that no user has, for a hint."""
    return f"user {failures.subject}" if failures.is_user else f"the name {failures.subject!r}"


def count_attempt(tenant: Tenant, attempt: PasswordAttempt) -> AttemptVerdict:
    """Count an attempt, and decide whether it is refused.

    Of any number of concurrent wrong passwords, exactly as many as allowed are let through.
    """
    protection = tenant.directory.configuration.attack_protection.brute_force_protection
    if not protection.counts(attempt.address) or not _is_protected(tenant, attempt):
        return AttemptVerdict()
    while True:
        verdict = _try_to_count(tenant, protection, attempt)
        if verdict is not None:
            return verdict


def _try_to_count(
    tenant: Tenant, protection: BruteForceProtection, attempt: PasswordAttempt
) -> AttemptVerdict | None:
    """Count an attempt; return None if another attempt was counted at the same time."""
    key, store = _key(protection, attempt), tenant.failed_logins
    entry = store.find(key)
    before = _still_valid(entry.value if entry else None, attempt)
    if before is not None and before.count >= protection.max_attempts:
        return AttemptVerdict(blocked_by=before, limit=protection.max_attempts)
    version = entry.version if entry else None
    if attempt.is_right:
        is_reset = version is None or store.take(key, version=version) is not None
        return AttemptVerdict() if is_reset else None
    after = _add_failure(before or _no_failures(protection, attempt), tenant.now())
    is_counted = store.swap(key, version, after, expires_at=tenant.now() + LIFETIME)
    return AttemptVerdict(failures=after, limit=protection.max_attempts) if is_counted else None


def block_of(tenant: Tenant, user_id: str) -> FailedLogins | None:
    """Return the latest failures that block a user, from any address."""
    found = blocks_of(tenant, user_id, is_user=True)
    return found[-1] if found else None


def blocks_of(tenant: Tenant, subject: str, *, is_user: bool) -> list[FailedLogins]:
    """Return the failures that block a user, or a name that no user has, for each address."""
    digest, now = _digest(tenant.directory.user(subject) if is_user else None), tenant.now()
    limit = tenant.directory.configuration.attack_protection.brute_force_protection.max_attempts
    found = [entry for _, entry in tenant.failed_logins.scan(SUBJECT, subject)]
    return [
        entry.value
        for entry in found
        if entry.value.is_user is is_user
        and entry.value.count >= limit
        and entry.is_good(now)
        and entry.value.password_digest == digest
    ]


def lift_blocks(tenant: Tenant, subject: str, *, is_user: bool) -> bool:
    """Forget the failures of a user, or of a name. Return whether there were any."""
    keys = [
        key
        for key, entry in tenant.failed_logins.scan(SUBJECT, subject)
        if entry.value.is_user is is_user
    ]
    for key in keys:
        tenant.failed_logins.take(key)
    return bool(keys)


def picked_although_blocked(failures: FailedLogins) -> str:
    """Return the hint for a login with the picker, which needs no password and lifts no block."""
    return (
        f"Brute-force protection has blocked {describe(failures)} since "
        f"{date_and_time(failures.last_at)}. The picker logs in without a password, so the block "
        "does not apply. A login with a password would be refused."
    )


def _is_protected(tenant: Tenant, attempt: PasswordAttempt) -> bool:
    """Return whether a connection of the attempt has the protection switched on."""
    names = (attempt.user.connection,) if attempt.user else attempt.connections
    found = [tenant.directory.connection(name) for name in names]
    return any(one is None or one.options.brute_force_protection for one in found)


def _key(protection: BruteForceProtection, attempt: PasswordAttempt) -> str:
    kind = "name" if attempt.user is None else "user"
    return f"{kind} {_address(protection, attempt) or '*'} {attempt.subject}"


def _address(protection: BruteForceProtection, attempt: PasswordAttempt) -> str:
    return attempt.address if protection.mode == "count_per_identifier_and_ip" else ""


def _no_failures(protection: BruteForceProtection, attempt: PasswordAttempt) -> FailedLogins:
    return FailedLogins(
        subject=attempt.subject,
        is_user=attempt.user is not None,
        address=_address(protection, attempt),
        count=0,
        last_at=0,
        password_digest=_digest(attempt.user),
    )


def _add_failure(failures: FailedLogins, now: float) -> FailedLogins:
    return replace(failures, count=failures.count + 1, last_at=now)


def _still_valid(failures: FailedLogins | None, attempt: PasswordAttempt) -> FailedLogins | None:
    """Return the count; None if the user's password has changed since."""
    if failures is None or failures.password_digest != _digest(attempt.user):
        return None
    return failures


def _digest(user: User | None) -> str:
    """Return a fingerprint with which passwords can be compared but not recovered."""
    return sha256((user.password or "").encode()).hexdigest()[:16] if user else ""
