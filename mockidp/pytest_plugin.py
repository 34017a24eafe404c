"""The fixtures. Imported in every pytest run of everyone who has mockidp: nothing heavy here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mockidp.idp import MockIdP, TenantSource


@pytest.fixture(scope="session")
def idp_tenant() -> TenantSource | None:
    """Say which tenant is served; to be overridden."""
    return None


@pytest.fixture(scope="session")
def idp_listen_address() -> str:
    """Say where http is served; to be overridden."""
    return "localhost:0"


@pytest.fixture(scope="session")
def idp_server(idp_tenant: TenantSource | None, idp_listen_address: str) -> Iterator[MockIdP]:
    """Serve the tenant for the whole session."""
    from mockidp.idp import MockIdP  # noqa: PLC0415 - only where it is used

    with MockIdP(idp_tenant, listen=idp_listen_address) as idp:
        yield idp


@pytest.fixture
def idp(idp_server: MockIdP) -> Iterator[MockIdP]:
    """Return the tenant, as it was at the start."""
    idp_server.reset()
    yield idp_server
    idp_server.reset()
