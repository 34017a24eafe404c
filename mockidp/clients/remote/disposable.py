"""An additional tenant of a mock that runs elsewhere, made for a test run and deleted after it."""

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
    """It is served elsewhere, so it is neither started nor stopped."""

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
            url: The mock's URL.
            source: The tenant file, content or `Tenant`; by default a copy of the first tenant.
            token: The bearer token that the mock requires (`MOCKIDP_CONTROL_TOKEN`).
            ca_file: A CA to trust for https, in addition to the system's.

        Raises:
            MockIdPError: No mock answers, it refuses, or the source has errors.
        """
        self._first = ControlClient(url, token=token, ca_file=ca_file)
        made = self._first.post("/tenants", _described(source), wanted="url")
        super().__init__(made["url"], token=token, ca_file=ca_file)
        self._name: str = made["name"]

    def delete(self) -> None:
        """Delete the tenant. It is no error if the tenant or the mock no longer exists."""
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
