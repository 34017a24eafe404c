"""`RemoteIdP`: the verbs of `MockIdP`, for a mock that runs elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeVar, Unpack
from urllib.parse import quote

from mockidp.clients.remote.clock import RemoteClock
from mockidp.clients.remote.control_client import SNAPSHOT_PATIENCE, ControlClient
from mockidp.clients.remote.faults import RemoteFault, RemoteFaultPlan
from mockidp.clients.remote.journal import RemoteJournal
from mockidp.clients.remote.records import RemoteRecords
from mockidp.codec.wire import from_wire
from mockidp.codec.write import to_file
from mockidp.errors import MockIdPError
from mockidp.faults import FaultContext
from mockidp.tenant.config.fault import parse_fault
from mockidp.tenant.snapshot import Snapshot, check_snapshot
from mockidp.tenant.snapshot_data import snapshot_data, snapshot_from
from mockidp.testing.assertions import Assertions
from mockidp.testing.explain import Explanation
from mockidp.testing.mint import token_fault
from mockidp.testing.words import (
    FaultWords,
    Place,
    SpoiledTokenWords,
    WhenFields,
)

T = TypeVar("T")


class RemoteIdP(RemoteRecords, Assertions):
    """A tenant that runs elsewhere, such as in a service container.

    Each verb does what it does on `MockIdP`, by one call of the control API.
    """

    def __init__(
        self, url: str, *, token: str | None = None, ca_file: str | Path | None = None
    ) -> None:
        """Prepare; nothing is called yet.

        Args:
            url: Where the tenant is, such as `http://localhost:9400`, or with the path prefix of
                a disposable one.
            token: The bearer token that the mock demands (`MOCKIDP_CONTROL_TOKEN`).
            ca_file: The CA to trust beside the system's, for https.

        Raises:
            MockIdPError: The URL is none.
        """
        self._control = ControlClient(url, token=token, ca_file=ca_file)

    def close(self) -> None:
        """Close the connections to it; a later verb opens another."""
        self._control.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def url(self) -> str:
        """The tenant's URL, without a slash at its end."""
        return self._control.url

    @property
    def issuer(self) -> str:
        """The tenant's issuer, with a slash at its end."""
        settings = self._control.get("/tenant").get("mockidp", {})
        return (settings.get("issuer") or self.url).rstrip("/") + "/"

    # --- without a flow ---

    def access_token(
        self,
        *,
        audience: str | Sequence[str] | None = None,
        scope: str | None = None,
        user: str | None = None,
        client: str | None = None,
        claims: Mapping[str, Any] | None = None,
        expires_in: int | None = None,
        url: str | None = None,
        **words: Unpack[SpoiledTokenWords],
    ) -> str:
        """Return an access token: as `MockIdP.access_token`."""
        asked = {
            "audience": audience,
            "scope": scope,
            "user": user,
            "client": client,
            "expires_in": expires_in,
            "url": url,
            **_wrong("access_token", claims, words),
        }
        return str(self._control.post("/tokens", _given(asked))["access_token"])

    def id_token(
        self,
        *,
        user: str,
        client: str | None = None,
        nonce: str | None = None,
        scope: str | None = None,
        claims: Mapping[str, Any] | None = None,
        expires_in: int | None = None,
        url: str | None = None,
        **words: Unpack[SpoiledTokenWords],
    ) -> str:
        """Return an ID token: as `MockIdP.id_token`."""
        asked = {
            "user": user,
            "client": client,
            "nonce": nonce,
            "scope": scope,
            "expires_in": expires_in,
            "url": url,
            **_wrong("id_token", claims, words),
        }
        return str(self._control.post("/id-tokens", _given(asked))["id_token"])

    def impersonation_link(
        self,
        user: str,
        *,
        impersonator: str | None = None,
        client: str | None = None,
        state: str | None = None,
        callback_url: str | None = None,
        response_type: str | None = None,
        response_mode: Literal["form_post"] | None = None,
        scope: str | None = None,
        audience: str | None = None,
        ttl: int | str | None = None,
        url: str | None = None,
    ) -> str:
        """Return a link that logs an admin in as a user: as `MockIdP.impersonation_link`."""
        asked = {
            "user": user,
            "impersonator": impersonator,
            "client": client,
            "state": state,
            "callback_url": callback_url,
            "response_type": response_type,
            "response_mode": response_mode,
            "scope": scope,
            "audience": audience,
            "ttl": int(ttl) if isinstance(ttl, str) and ttl.isdecimal() else ttl,
            "base_url": url,
        }
        return str(self._control.post("/impersonation-links", _given(asked))["url"])

    # --- what happens next ---

    def sign_in_as(self, user: str, *, client: str | None = None) -> None:
        """Let a user answer the next authorization request: as `MockIdP.sign_in_as`."""
        self._control.post("/sign-ins", _given({"user": user, "client": client}))

    def unblock(self, user: str) -> None:
        """Lift a user's blocks by brute-force protection: as `MockIdP.unblock`."""
        self._control.call("DELETE", f"/users/{quote(user, safe='')}/blocks")

    def explain(self, thing: str) -> Explanation:
        """Say what a thing is, and what is wrong: as `MockIdP.explain`."""
        return from_wire(Explanation, self._control.post("/explain", {"thing": thing}))

    # --- what goes wrong, when, and what came of it ---

    def fault(
        self,
        endpoint: Place,
        *,
        when: WhenFields | Callable[[FaultContext], bool] | None = None,
        **words: Unpack[FaultWords],
    ) -> RemoteFault:
        """Let something go wrong from now on: as `MockIdP.fault`, but for functions as `when`."""
        if callable(when):
            raise MockIdPError(
                "A function cannot be sent to a mock that runs elsewhere: say `when` by client, "
                "user, audience or grant."
            )
        fault = parse_fault({"endpoint": endpoint, "when": when or {}, **words})
        return RemoteFault(self._control, self._control.post("/faults", to_file(fault)))

    @property
    def faults(self) -> RemoteFaultPlan:
        """The faults that are not cancelled, in the order in which they were asked for."""
        return RemoteFaultPlan(self._control)

    @property
    def clock(self) -> RemoteClock:
        """The tenant's time: frozen, set, advanced."""
        return RemoteClock(self._control)

    @property
    def journal(self) -> RemoteJournal:
        """The last exchanges, and queries over them."""
        return RemoteJournal(self._control)

    def rotate_keys(self) -> str:
        """Sign with the next key from now on; return its `kid`."""
        return str(self._control.post("/keys/rotate")["kid"])

    def reset(self) -> None:
        """Be as at the start, clock and seed included, without faults and journal."""
        self._control.post("/reset")

    def snapshot(self) -> Snapshot:
        """Return what the tenant is now; faults and the journal are no part of it."""
        return snapshot_from(self._control.get("/snapshot", wait=SNAPSHOT_PATIENCE))

    def restore(self, snapshot: Snapshot) -> None:
        """Be what the tenant was when a snapshot was taken.

        Raises:
            MockIdPError: It is no snapshot.
        """
        self._control.call("PUT", "/snapshot", snapshot_data(check_snapshot(snapshot)))

    def __repr__(self) -> str:
        return f"<RemoteIdP at {self.url}>"


def _wrong(endpoint: str, claims: Mapping[str, Any] | None, words: Mapping[str, Any]) -> Any:
    """Return what is to be wrong with a token, checked as it is in one process."""
    said = to_file(token_fault(endpoint, claims, words)) or {}
    said.pop("endpoint", None)
    return {"claims" if name == "set" else name: value for name, value in said.items()}


def _given(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is not None: what is left out has the mock's own default."""
    return {name: value for name, value in asked.items() if value is not None}
