"""Register a made-up resource type, use it on every interface, and write the results."""

import json
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from mockidp.frozen import frozen
from mockidp.resources.checks import check_not_empty
from mockidp.resources.record import Record
from mockidp.resources.registry import TYPES
from mockidp.resources.resource_type import Reference, ResourceType


@frozen
class Lounge(Record):
    """A place for waiting."""

    name: str
    """Its name."""
    id: str = ""
    """Its id."""
    host: str | None = None
    """The id of the user who is the host."""
    apis: tuple[str, ...] = ()
    """Identifiers of its APIs."""


TYPES.append(
    ResourceType(
        name="lounge",
        title="lounge",
        plural="lounges",
        record=Lounge,
        key="name",
        sections={"lounges": "Places for waiting."},
        id_prefix="lng_",
        unique=("name",),
        checks={(Lounge, "name"): check_not_empty},
        references=(
            Reference(path="host", to="users", expected="a user's id", is_strict=True),
            Reference(path="apis", to="apis", expected="an API's identifier", on_delete="delete"),
        ),
    )
)

FILE = """
resourceServers: [{identifier: https://api.acme.example/}]
users: [{user_id: auth0|alice}, {user_id: auth0|bob}]
lounges:
  - {name: First, host: auth0|alice, apis: [https://api.acme.example/]}
  - {name: Second, host: auth0|bob}
"""
BROKEN = """
users: [{user_id: auth0|alice}]
lounges:
  - {name: First, host: auth0|alcie, seats: 3}
  - {name: First}
  - {name: " "}
"""


def run(directory: Path) -> dict[str, Any]:
    """Use the type in tenant files, over HTTP, in snapshots, the console, OpenAPI and `check`."""
    from werkzeug.test import Client

    from mockidp.cli.check import check
    from mockidp.tenant.config.load import load_tenant
    from mockidp.tenant.tenant import Tenant
    from mockidp.web.app import create_app

    good, bad = directory / "good.yaml", directory / "bad.yaml"
    good.write_text(FILE)
    bad.write_text(BROKEN)
    http = Client(create_app(Tenant(load_tenant(good), seed=1)))

    def send(method: str, path: str, body: object = None) -> Any:
        answer = http.open(f"/_mockidp/v1{path}", method=method, json=body)
        return answer.json if answer.data else answer.status_code

    found: dict[str, Any] = {
        "check": CliRunner().invoke(check, [str(good), "--json"]).output,
        "errors": CliRunner().invoke(check, [str(bad)]).output.replace(str(bad), "FILE"),
        "listed": send("GET", "/lounges"),
        "added": send("POST", "/lounges", {"name": "Third", "host": "auth0|alice"}),
        "unknown": send("GET", "/lounges/lng_Y"),
        "refused": send("POST", "/lounges", {"name": "Fourth", "host": "auth0|nobody"}),
        "patched": send("PATCH", "/lounges/Second", {"host": None}),
    }
    found["by_id"] = send("GET", f"/lounges/{found['added']['id']}")
    snapshot = send("GET", "/snapshot")
    found["api_deleted"] = send("DELETE", "/apis/https%3A%2F%2Fapi.acme.example%2F")
    found["user_deleted"] = send("DELETE", "/users/auth0%7Calice")
    found["after"] = send("GET", "/tenant")["lounges"]
    found["restored"] = send("PUT", "/snapshot", snapshot)
    found["restored_lounges"] = send("GET", "/tenant")["lounges"]
    found["deleted"] = send("DELETE", "/lounges/Third")
    found["page"] = http.get("/_mockidp/lounges").text
    found["file"] = http.get("/_mockidp/download/tenant").text
    openapi = http.get("/_mockidp/openapi.json").json
    found["paths"] = sorted(path for path in openapi["paths"] if "lounge" in path)
    found["schema"] = openapi["components"]["schemas"]["Lounge"]
    found["section"] = openapi["components"]["schemas"]["TenantDocument"]["properties"]["lounges"]
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(Path(sys.argv[1]))))
