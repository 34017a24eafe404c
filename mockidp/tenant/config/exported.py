"""Fill in the client ids and secrets that the Deploy CLI leaves out of an export.

A client without `client_id` gets its name in lower case with hyphens (`My SPA`: `my-spa`), with a
number appended if another client has that id or name (`my-spa-2`). A confidential client without
`client_secret` gets its id with `-secret` appended, such as `my-web-secret`; in base64url if
`jwt_configuration.secret_encoded` is true. Both are the same at every start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from mockidp.codec.mistakes import show_path
from mockidp.codec.node import Node
from mockidp.protocol.tokens.base64url import base64url
from mockidp.tenant.config.place import Place

_NAMELESS = "client"


def client_ids(root: Node) -> Iterator[str]:
    """Yield each client's id; empty if it is missing."""
    for _, fields in _clients(root):
        yield _text(fields, "client_id")


def complete_clients(root: Node) -> tuple[str, ...]:
    """Add the missing ids and secrets to the clients' nodes; return their paths."""
    ids = _make_ids(root)
    made: list[str] = []
    for client, fields in _clients(root):
        line = client.node.line
        if client.path in ids:
            fields["client_id"] = Node(line, ids[client.path])
            made.append(show_path((*client.path, "client_id")))
        client_id = _text(fields, "client_id")
        if client_id and _needs_secret(fields) and _is_missing(fields, "client_secret"):
            fields["client_secret"] = Node(line, _make_secret(fields))
            made.append(show_path((*client.path, "client_secret")))
    return tuple(made)


def _make_secret(fields: dict[str, Node]) -> str:
    secret = _text(fields, "client_id") + "-secret"
    encoded = _mapping(fields, "jwt_configuration").get("secret_encoded")
    return base64url(secret.encode()) if encoded and encoded.value is True else secret


def make_client_id(name: str) -> str:
    """Return the id of a client with this name and without `client_id`."""
    return re.sub(r"[^\w]+", "-", name.lower()).strip("-") or _NAMELESS


def _make_ids(root: Node) -> dict[tuple[str | int, ...], str]:
    """Return an id for each client that has a name and no id, by path.

    Grants and connections refer to clients by id or name, so an id must not be the name of another
    client. A client whose name is already its id comes first.
    """
    clients = list(_clients(root))
    taken = {_text(fields, "client_id") for _, fields in clients}
    names = [_text(fields, "name") for _, fields in clients]
    without = [
        (client, _text(fields, "name"))
        for client, fields in clients
        if _is_missing(fields, "client_id") and _text(fields, "name")
    ]
    made = {}
    for client, name in sorted(without, key=lambda one: one[1] != make_client_id(one[1])):
        base = make_client_id(name)
        candidates = (base if number == 1 else f"{base}-{number}" for number in count(1))
        free = (one for one in candidates if one not in taken and (one == name or one not in names))
        made[client.path] = next(free)
        taken.add(made[client.path])
    return made


def _clients(root: Node) -> Iterator[tuple[Place, dict[str, Node]]]:
    for client in Place(root, ()).items("clients"):
        if isinstance(client.node.value, dict):
            yield client, client.node.value


def _needs_secret(fields: dict[str, Node]) -> bool:
    """Return whether the client uses a secret: to authenticate, or for HS256 ID tokens."""
    is_public = _text(fields, "token_endpoint_auth_method") == "none"
    signs = not _is_missing(_mapping(fields, "client_authentication_methods"), "private_key_jwt")
    jwt = _mapping(fields, "jwt_configuration")
    return not (is_public or signs) or _text(jwt, "alg") == "HS256"


def _mapping(fields: dict[str, Node], key: str) -> dict[str, Node]:
    value = fields[key].value if key in fields else None
    return value if isinstance(value, dict) else {}


def _is_missing(fields: dict[str, Node], key: str) -> bool:
    return key not in fields or fields[key].value is None


def _text(fields: dict[str, Node], key: str) -> str:
    value = fields[key].value if key in fields else None
    return value if isinstance(value, str) else ""
