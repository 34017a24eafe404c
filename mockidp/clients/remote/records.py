"""The verbs of `RemoteIdP` that add or change who and what a tenant knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, Unpack
from urllib.parse import quote

from mockidp.clients.remote.control_client import ControlClient, Refused
from mockidp.codec.node import node_of
from mockidp.protocol.custom_claim import CLAIM_PLACES, UNSET, ClaimPlace, CustomClaim
from mockidp.resources.client import Client
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.user import User, user_id_of
from mockidp.tenant.config.plain import structure_record
from mockidp.testing.claims import claim_fields
from mockidp.testing.words import ClientFields, ResourceServerFields, UserFields

T = TypeVar("T")


class RemoteRecords:
    """Each verb is one call of the control API."""

    _control: ControlClient

    def add_user(self, user: str, /, **fields: Unpack[UserFields]) -> User:
        """Add a user, or replace it: as `MockIdP.add_user`."""
        return self._add("/users", User, {**fields, "user_id": user}, f"user {user_id_of(user)!r}")

    def add_client(self, client_id: str, /, **fields: Unpack[ClientFields]) -> Client:
        """Add a client, or replace it: as `MockIdP.add_client`."""
        return self._add(
            "/clients", Client, {**fields, "client_id": client_id}, f"client {client_id!r}"
        )

    def patch_client(self, client_id: str, /, **fields: Unpack[ClientFields]) -> Client:
        """Change some fields of a client: as `MockIdP.patch_client`."""
        path = f"/clients/{quote(client_id, safe='')}"
        return self._send("PATCH", path, Client, fields, f"client {client_id!r}")

    def add_api(self, identifier: str, /, **fields: Unpack[ResourceServerFields]) -> ResourceServer:
        """Add an API, or replace it: as `MockIdP.add_api`."""
        return self._add(
            "/apis", ResourceServer, {**fields, "identifier": identifier}, f"API {identifier!r}"
        )

    def add_claim(
        self,
        claim: str,
        /,
        *,
        from_: str | None = None,
        value: Any = UNSET,
        in_: ClaimPlace | Sequence[ClaimPlace] = CLAIM_PLACES,
        client: str | None = None,
        audience: str | None = None,
        user: str | None = None,
        scope: str | None = None,
    ) -> CustomClaim:
        """Add a custom claim to tokens and /userinfo: as `MockIdP.add_claim`."""
        limits = {"client": client, "audience": audience, "user": user, "scope": scope}
        fields = claim_fields(from_=from_, value=value, in_=in_, **limits)
        return self._add("/claims", CustomClaim, {"claim": claim, **fields}, f"claim {claim!r}")

    def _add(self, path: str, cls: type[T], fields: Mapping[str, Any], source: str) -> T:
        return self._send("POST", path, cls, fields, source)

    def _send(
        self, method: str, path: str, cls: type[T], fields: Mapping[str, Any], source: str
    ) -> T:
        node_of(fields, source)  # reports where a value is that JSON does not have
        try:
            changed = self._control.call(method, path, fields)
        except Refused as refused:
            raise refused.about(source) from None
        return structure_record(cls, changed, source=path)
