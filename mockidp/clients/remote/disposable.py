"""A tenant of one's own at a mock that runs elsewhere: made for a test run, and thrown away."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from mockidp.clients.remote.control_client import ControlClient, escaped
from mockidp.clients.remote.idp import RemoteIdP
from mockidp.codec.write import to_file
from mockidp.errors import MockIdPError
from mockidp.tenant.snapshot_data import snapshot_data
from mockidp.tenant.source import TenantSource, load_document
from mockidp.tenant.tenant import Tenant


class DisposableIdP(RemoteIdP):
    """An additional tenant of a mock."""

    is_served = True
    """It runs elsewhere, and is neither started nor stopped here."""

    def __init__(
        self,
        url: str,
        source: TenantSource | None = None,
        *,
        token: str | None = None,
        ca_file: str | Path | None = None,
    ) -> None:
        """Make the tenant.

        Args:
            url: Where the mock is.
            source: What the tenant is made of; by default it is like the mock's first.
            token: The bearer token that the mock demands (`MOCKIDP_CONTROL_TOKEN`).
            ca_file: The CA to trust beside the system's, for https.

        Raises:
            MockIdPError: No mock is there, it refuses, or the source has mistakes.
        """
        self._first = ControlClient(url, token=token, ca_file=ca_file)
        made = self._first.post("/tenants", _described(source), wanted="url")
        super().__init__(made["url"], token=token, ca_file=ca_file)
        self._name: str = made["name"]

    def delete(self) -> None:
        """Throw the tenant away; one that is gone already, with its mock or not, is no matter."""
        with suppress(MockIdPError):
            self._first.call("DELETE", f"/tenants/{escaped(self._name)}")
        self._first.close()
        self.close()


def _described(source: TenantSource | None) -> dict[str, Any]:
    if source is None:
        return {}
    if isinstance(source, Tenant):
        return {"snapshot": snapshot_data(source.snapshot())}
    return {"tenant": to_file(load_document(source)), "lenient": True}
