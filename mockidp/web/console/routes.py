"""The modules of the console's pages."""

from collections.abc import Mapping

from mockidp.protocol.urls.rules import TEST_PAGE
from mockidp.resources.registry import TYPES
from mockidp.web.console.navigation import area_of
from mockidp.web.console.visit import ROOT
from mockidp.web.routing.route_module import route_modules
from mockidp.web.routing.route_table import ID

_PATHS: Mapping[str, str | tuple[str, ...]] = {
    "overview": f"{ROOT}/",
    "assets": f"{ROOT}/static/{ID}",
    "token": f"{ROOT}/session",
    "journal.pages": (
        f"{ROOT}/journal", f"{ROOT}/journal/clear", f"{ROOT}/journal/{ID}",
        f"{ROOT}/journal/requests/{ID}",
        f"{ROOT}/journal/flows/{ID}", f"{ROOT}/journal/flows/{ID}/{ID}",
    ),
    "journal.live": f"{ROOT}/journal/live",
    "link_doctor": (f"{ROOT}/link", f"{ROOT}/link/make"),
    "inspector": f"{ROOT}/inspect",
    "outbox": (f"{ROOT}/outbox", f"{ROOT}/outbox/clear"),
    "faults": (
        f"{ROOT}/faults", f"{ROOT}/faults/add",
        f"{ROOT}/faults/remove", f"{ROOT}/faults/remove-all",
    ),
    "clock": f"{ROOT}/clock",
    "settings": (f"{ROOT}/settings", f"{ROOT}/settings/{ID}"),
    "state": (f"{ROOT}/reset", f"{ROOT}/download/snapshot", f"{ROOT}/download/tenant"),
    "keys": (f"{ROOT}/keys", f"{ROOT}/keys/rotate", f"{ROOT}/keys/revoke"),
    "test_client.page": (TEST_PAGE, f"{TEST_PAGE}/login"),
    "records.pages": (
        f"{ROOT}/sign-in-as/users/{ID}",
        *(f"{ROOT}{path}"
        for name in (area_of(kind).name for kind in TYPES)
        for path in (
            f"/{name}", f"/{name}/{ID}", f"/new/{name}", f"/edit/{name}/{ID}",
            f"/delete/{name}/{ID}",
        )),
    ),
}  # fmt: skip
MODULES = route_modules("mockidp.web.console", _PATHS)
