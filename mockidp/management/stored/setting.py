"""Settings that are one object: GET, and PATCH or PUT.

Auth0: an update merges the first level, and null removes a member. Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import field
from typing import Any, Literal

from mockidp.frozen import frozen
from mockidp.management.body import check_keys
from mockidp.management.collection import ordered
from mockidp.management.json_values import JsonType, check_types
from mockidp.management.listing import FIELDS, select_fields
from mockidp.management.operation import Call, Operation
from mockidp.management.stored.section import SectionPlace
from mockidp.management.stored.values import visible


@frozen
class StoredSetting:
    """An object that every tenant has.

    Attributes:
        title: What it is called in the titles of calls, such as `branding settings`.
        path: Its path.
        noun: The noun of its scopes, such as `branding`.
        place: Where it is in the tenant file.
        defaults: What a new tenant has.
        order: The members of an answer in Auth0's order; by default that of `defaults`.
        method: The method that changes it. PUT replaces it and answers with the body, PATCH merges
            the first level.
        required: Members that the body must have.
        types: The JSON types of members that are checked.
        allowed: The members that a body may have; None for any.
        write_only: Paths of members that are not shown, such as `credentials.api_key`.
        secrets: Paths of members that only the answer to PUT shows.
        added: Members that GET shows, too, if the object was set.
        check: Checks the body further.
    """

    title: str
    path: str
    noun: str
    place: SectionPlace
    defaults: Mapping[str, Any] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    method: Literal["PATCH", "PUT"] = "PATCH"
    required: tuple[str, ...] = ()
    types: Mapping[str, JsonType] = field(default_factory=dict)
    allowed: Collection[str] | None = None
    write_only: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    added: Mapping[str, Any] = field(default_factory=dict)
    check: Callable[[Call], None] = lambda _call: None

    def show(self, call: Call) -> dict[str, Any]:
        """Return what an answer has."""
        held = self.place.read(call.tenant) or {}
        shown = ordered({**self.defaults, **held}, self.order or tuple(self.defaults))
        added = {**self.added, **shown} if held else {}
        return visible({**shown, **added}, (*self.write_only, *self.secrets))

    def change(self, call: Call) -> dict[str, Any]:
        """Change the object. Return what an answer has.

        Raises:
            ApiRefusal: The body is not valid.
        """
        self.check_body(call)
        with call.tenant.backend.exclusive():
            held = {} if self.method == "PUT" else (self.place.read(call.tenant) or {})
            after = {**held, **call.body}
            self.place.write(call, {name: one for name, one in after.items() if one is not None})
        return visible(call.body, self.write_only) if self.method == "PUT" else self.show(call)

    def check_body(self, call: Call) -> None:
        """Check the body of a change.

        Raises:
            ApiRefusal: It is not valid.
        """
        check_keys(call, self.allowed or call.body, required=self.required)
        check_types(call, self.types)
        self.check(call)

    def operations(self) -> Iterator[Operation]:
        """Yield the operations."""
        yield Operation(
            title=f"Get {self.title}", method="GET", path=self.path, scopes=(f"read:{self.noun}",),
            handler=lambda call: select_fields(call.query, self.show(call)), query=FIELDS,
        )  # fmt: skip
        verb = "Update" if self.method == "PATCH" else "Set"
        yield Operation(
            title=f"{verb} {self.title}", method=self.method, path=self.path,
            scopes=(f"update:{self.noun}",), handler=self.change,
        )  # fmt: skip
