"""Drafts: Actions and modules are edited as a draft, of which versions are published.

The versions are a member of the entry. An entry of a file of the Deploy CLI has none, but says
whether its code is published: it then has one version.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.frozen import frozen
from mockidp.management.operation import Call
from mockidp.management.refusals import not_found
from mockidp.management.stored.collection import Stored
from mockidp.management.stored.values import visible
from mockidp.tenant.timestamps import fine_timestamp

VERSIONS = "versions"
SECRETS = "secrets.value"
"""The path of the values of secrets, which are never shown."""


@frozen
class Drafts:
    """How one kind of objects is published.

    Attributes:
        content: The members that a version has.
        flag: The member that says whether the draft is published.
        number: The member of a version that has its number.
        missing: Auth0's text about an unknown version.
    """

    content: tuple[str, ...]
    flag: str
    number: str
    missing: str

    def amend(self, call: Call, before: Stored | None, after: Stored) -> Stored:
        """Complete a draft before it is stored: its versions and the times of its secrets."""
        versions = self.versions(call, before) if before else []
        draft = {**after, VERSIONS: versions}
        if draft.get("secrets"):
            draft["secrets"] = _dated(call, (before or {}).get("secrets"), draft["secrets"])
        return {**draft, self.flag: self.is_published(call, draft)}

    def versions(self, call: Call, one: Stored) -> list[Stored]:
        """Return the versions of an object, the oldest first."""
        if VERSIONS in one:
            return list(one[VERSIONS])
        return [self._version(call, one, one, 1)] if one.get(self.flag) else []

    def is_published(self, call: Call, one: Stored) -> bool:
        """Return whether the last version has the content of the draft."""
        versions = self.versions(call, one)
        return bool(versions) and self.content_of(versions[-1]) == self.content_of(one)

    def publish(self, call: Call, one: Stored, content: Stored | None = None) -> Stored:
        """Return an object with one more version, which has the content of the draft or another."""
        versions = self.versions(call, one)
        now = fine_timestamp(call.tenant.now())
        times = {"created_at": now, "updated_at": now}
        made = self._version(call, one, {**(content or one), **times}, len(versions) + 1)
        after = {**one, VERSIONS: [*versions, made]}
        return {**after, self.flag: self.is_published(call, after)}

    def find(self, call: Call, one: Stored, version_id: str) -> Stored:
        """Return a version.

        Raises:
            ApiRefusal: There is no such version.
        """
        known = self.versions(call, one)
        found = next((other for other in known if other["id"] == version_id), None)
        with call.tenant.trace.check("version", id=version_id, found=found is not None):
            if found is None:
                raise not_found(
                    self.missing,
                    hint=f"{one.get('name')!r} has no version with the id {version_id!r}.",
                )
        return found

    def content_of(self, one: Stored) -> Stored:
        """Return what a version has of an object or of another version."""
        return {name: one[name] for name in self.content if name in one}

    def _version(self, call: Call, one: Stored, content: Stored, number: int) -> Stored:
        identity = (str(one["id"]), str(number))
        times = {name: content[name] for name in ("created_at", "updated_at") if name in content}
        return {
            **self.content_of(content),
            "id": call.tenant.ids.record_uuid("version", *identity),
            self.number: number,
            **times,
        }


def _dated(call: Call, before: Any, after: list[Any]) -> list[Any]:
    """Return secrets, each with the time of the last change of its value if that is known."""
    known = [one for one in before or () if isinstance(one, Mapping)]
    return [_with_time(call, known, one) for one in after]


def _with_time(call: Call, known: list[Mapping[str, Any]], secret: Any) -> Any:
    if not isinstance(secret, Mapping):
        return secret
    value = (secret.get("name"), secret.get("value"))
    same = (one for one in known if (one.get("name"), one.get("value")) == value)
    held = next(same, {"updated_at": fine_timestamp(call.tenant.now())})
    return {**secret, **{name: one for name, one in held.items() if name == "updated_at"}}


def shown(version: Stored) -> Stored:
    """Return what an answer has of a version."""
    return visible(version, (SECRETS,))
