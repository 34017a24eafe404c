"""Protection against passwords from data breaches: `breachedPasswordDetection`."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar, Literal

from mockidp.frozen import frozen
from mockidp.resources.record import Record

BreachShield = Literal["block", "user_notification", "admin_notification"]
Stage = Literal["login", "pre-user-registration", "pre-change-password"]


@frozen
class BreachStage(Record):
    """What happens when a user chooses a breached password."""

    shields: tuple[BreachShield, ...] = ()
    """`block` refuses the password."""


@frozen
class BreachStages(Record):
    """What happens before a password is stored."""

    pre_user_registration: BreachStage = field(
        default=BreachStage(), metadata={"name": "pre-user-registration"}
    )
    """At a sign-up."""
    pre_change_password: BreachStage = field(
        default=BreachStage(), metadata={"name": "pre-change-password"}
    )
    """At a password reset."""


@frozen
class BreachedPasswordDetection(Record):
    """What happens to passwords in `mockidp.breached_passwords`."""

    enabled: bool = False
    """Whether breached passwords are detected."""
    shields: tuple[BreachShield, ...] = ()
    """At a login, `block` refuses the password and `user_notification` sends an e-mail to the user.
    Administrators get no e-mails here."""
    stage: BreachStages = BreachStages()
    """What happens before a password is stored."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset({"admin_notification_frequency", "method"})

    def shields_at(self, stage: Stage) -> tuple[BreachShield, ...]:
        """Return what happens at a stage."""
        if not self.enabled:
            return ()
        if stage == "pre-user-registration":
            return self.stage.pre_user_registration.shields
        if stage == "pre-change-password":
            return self.stage.pre_change_password.shields
        return self.shields


_BLOCK = BreachStage(shields=("block",))
EVERYTHING = BreachedPasswordDetection(
    enabled=True,
    shields=("block", "user_notification"),
    stage=BreachStages(pre_user_registration=_BLOCK, pre_change_password=_BLOCK),
)
"""What applies to listed passwords if a tenant file does not say."""
