"""An additional tenant of a mock that runs elsewhere, created for a test run and then deleted."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from mockidp.clients.remote.control_client import ControlClient, escaped
from mockidp.clients.remote.idp import RemoteIdP
from mockidp.codec.write import to_file
from mockidp.errors import MockIdPError
from mockidp.tenant.source import TenantSource, load_document
from mockidp.tenant.state.snapshot_data import snapshot_data
from mockidp.tenant.tenant import Tenant


class DisposableIdP(RemoteIdP):
    """An additional tenant of a mock."""

    is_served = True
    """The mock serves it, so it is neither started nor stopped here."""

    def __init__(
        self,
        url: str,
        source: TenantSource | None = None,
        *,
        token: str | None = None,
        ca_file: str | Path | None = None,
    ) -> None:
        """Create the tenant.

        Args:
            url: The mock's URL.
            source: The tenant file, content or `Tenant`; by default a copy of the first tenant.
            token: The bearer token that the mock requires (`MOCKIDP_CONTROL_TOKEN`).
            ca_file: A CA to trust for https, in addition to the system's.

        Raises:
            MockIdPError: No mock answers, the mock refuses, or the source has errors.
        """
        self._first = ControlClient(url, token=token, ca_file=ca_file)
        created = self._first.post("/tenants", _describe(source), wanted="url")
        super().__init__(created["url"], token=token, ca_file=ca_file)
        self._name: str = created["name"]

    def delete(self) -> None:
        """Delete the tenant. Do nothing if the tenant or the mock no longer exists."""
        with suppress(MockIdPError):
            self._first.call("DELETE", f"/tenants/{escaped(self._name)}")
        self._first.close()
        self.close()


def _describe(source: TenantSource | None) -> dict[str, Any]:
    if source is None:
        return {}
    if isinstance(source, Tenant):
        return {"snapshot": snapshot_data(source.snapshot())}
    return {"tenant": to_file(load_document(source)), "lenient": True}
