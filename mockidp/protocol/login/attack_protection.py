"""Protection against guessed passwords: Auth0's `attackProtection`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import ClassVar, Literal

from mockidp.frozen import frozen
from mockidp.protocol.passwords.breached import BreachedPasswordDetection
from mockidp.resources.record import Record
from mockidp.resources.unsupported import Differs, unlike

Shield = Literal["block", "user_notification"]
LOOPBACK = "127.0.0.1"


@frozen
class BruteForceProtection(Record):
    """Whether, and after how many wrong passwords, a user is blocked. The defaults are Auth0's.

    `allowlist` has addresses and networks that are never blocked.
    """

    enabled: bool = True
    """Whether wrong passwords are counted."""
    shields: tuple[Shield, ...] = ("block", "user_notification")
    """`block` blocks the user. Without it, no user is blocked. No e-mails are sent."""
    mode: Literal["count_per_identifier_and_ip", "count_per_identifier"] = (
        "count_per_identifier_and_ip"
    )
    """Whether wrong passwords are counted for each IP address, or for the user alone."""
    allowlist: tuple[str, ...] = ()
    """IP addresses and networks that are never blocked."""
    max_attempts: int = 10
    """How many wrong passwords in a row block a user."""

    @property
    def blocks(self) -> bool:
        """Whether users can be blocked: the other shield only sends an e-mail."""
        return self.enabled and "block" in self.shields

    def counts(self, address: str) -> bool:
        """Return whether wrong passwords from an address count."""
        return self.blocks and not is_in(address, self.allowlist)


@frozen
class AttackProtection(Record):
    """A tenant file's section `attackProtection`."""

    brute_force_protection: BruteForceProtection = field(
        default=BruteForceProtection(), metadata={"name": "bruteForceProtection"}
    )
    """Blocks a user after too many wrong passwords:
    https://github.com/mockidp/mockidp/blob/main/docs/how-to/brute-force.md."""

    breached_password_detection: BreachedPasswordDetection | None = field(
        default=None, metadata={"name": "breachedPasswordDetection"}
    )
    """Refuses passwords in `mockidp.breached_passwords`. Without this field, they are
    refused everywhere."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset(
        {"botDetection", "captcha", "suspiciousIpThrottling"}
    )
    """The parts of these fields without an entry below, and what only a captcha uses."""
    DIFFERS: ClassVar[Mapping[str, Differs]] = {
        "botDetection.challenge_password_policy": Differs(
            "Auth0 shows a captcha on the login page", unlike("never")
        ),
        "suspiciousIpThrottling.enabled": Differs(
            "Auth0 blocks an IP address after many failed logins with 429 too_many_attempts"
        ),
    }


def is_address(text: str) -> bool:
    """Return whether a text is an IP address, or a network such as `10.0.0.0/8`."""
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def is_in(address: str, networks: Sequence[str]) -> bool:
    """Return whether an address is in a list of addresses and networks."""
    if not networks:
        return False
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in _network(network) for network in networks)


def _network(text: str) -> IPv4Network | IPv6Network:
    """Return a network; that of a single address contains only the address."""
    return ip_network(client_address(text) or text, strict=False)


@lru_cache(maxsize=64)
def client_address(sent: str) -> str:
    """Normalize the address of a client.

    All loopback addresses are the same machine: `localhost` resolves to 127.0.0.1 or to ::1.
    """
    try:
        address = ip_address(sent.strip().partition("%")[0])
    except ValueError:
        return ""
    address = getattr(address, "ipv4_mapped", None) or address
    return LOOPBACK if address.is_loopback else str(address)


@frozen
class FailedLogins:
    """Consecutive wrong passwords for a user, or for a name that no user has.

    `address` is empty if failures from all addresses are counted together. `password_digest`
    shows whether the user's password has changed since.
    """

    subject: str
    is_user: bool
    address: str
    count: int
    last_at: float
    password_digest: str
