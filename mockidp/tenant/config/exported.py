"""What the Deploy CLI leaves out of an export, made so that the export can be used as it is.

A client without `client_id` gets its name in lower case with hyphens (`My SPA`: `my-spa`); a
confidential one without `client_secret` gets its id with `-secret` behind, such as
`my-web-secret`. Both are the same at every start, and easily guessed, as befits a mock.
"""

from __future__ import annotations

import re

from mockidp.tenant.config.mistakes import show_path
from mockidp.tenant.config.node import Node


def complete_clients(root: Node) -> tuple[str, ...]:
    """Add the missing ids and secrets to the clients' nodes; return the paths of those."""
    sections = root.value if isinstance(root.value, dict) else {}
    clients = sections.get("clients", root).value
    made: list[str] = []
    for index, client in enumerate(clients if isinstance(clients, list) else ()):
        if isinstance(client.value, dict):
            made += [show_path(("clients", index, key)) for key in _complete(client, client.value)]
    return tuple(made)


def _complete(client: Node, fields: dict[str, Node]) -> list[str]:
    made = []
    if "client_id" not in fields and (made_id := make_client_id(_text(fields, "name"))):
        fields["client_id"] = Node(client.line, made_id)
        made.append("client_id")
    if (
        _needs_secret(fields)
        and _is_missing(fields, "client_secret")
        and _text(fields, "client_id")
    ):
        fields["client_secret"] = Node(client.line, _text(fields, "client_id") + "-secret")
        made.append("client_secret")
    return made


def make_client_id(name: str) -> str:
    """Return the id that a client of that name gets when its file has none."""
    return re.sub(r"[^\w]+", "-", name.lower()).strip("-")


def _needs_secret(fields: dict[str, Node]) -> bool:
    """Tell whether the client authenticates with a secret, or has ID tokens signed with it."""
    jwt = fields["jwt_configuration"].value if "jwt_configuration" in fields else None
    is_confidential = _text(fields, "token_endpoint_auth_method") != "none"
    return is_confidential or (isinstance(jwt, dict) and _text(jwt, "alg") == "HS256")


def _is_missing(fields: dict[str, Node], key: str) -> bool:
    return key not in fields or fields[key].value is None


def _text(fields: dict[str, Node], key: str) -> str:
    value = fields[key].value if key in fields else None
    return value if isinstance(value, str) else ""
