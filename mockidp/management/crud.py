"""The operations of the five calls that most resources have."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from http import HTTPStatus
from typing import Any

from mockidp.management.listing import FIELDS
from mockidp.management.operation import Call, Operation

Handler = Callable[[Call], Any]


def crud_operations(
    title: str,
    path: str,
    noun: str,
    *,
    page: Handler,
    create: Handler,
    get: Handler,
    patch: Handler,
    delete: Handler,
    query: Collection[str],
    created: int = HTTPStatus.CREATED,
) -> Iterator[Operation]:
    """Yield the operations to list, create, get, update and delete records.

    Args:
        title: What a record is called in Auth0's titles, such as `resource server`.
        path: The path of the list.
        noun: The noun of the scopes.
        page: Returns a page of the list.
        create: Creates a record.
        get: Returns a record.
        patch: Changes a record.
        delete: Deletes a record.
        query: The query parameters of the list.
        created: The status of an answer to POST.
    """
    one, article = f"{path}/{{id}}", "an" if title[0] in "aeio" else "a"
    of = {verb: (f"{verb}:{noun}",) for verb in ("read", "create", "update", "delete")}
    yield Operation(
        title=f"Get {_plural(title)}", method="GET", path=path, scopes=of["read"],
        handler=page,
        query=frozenset(query),
    )  # fmt: skip
    yield Operation(
        title=f"Create {article} {title}", method="POST", path=path, scopes=of["create"],
        handler=create, status=created,
    )  # fmt: skip
    yield Operation(
        title=f"Get {article} {title}", method="GET", path=one, scopes=of["read"], handler=get,
        query=FIELDS,
    )  # fmt: skip
    yield Operation(
        title=f"Update {article} {title}", method="PATCH", path=one, scopes=of["update"],
        handler=patch,
    )  # fmt: skip
    yield Operation(
        title=f"Delete {article} {title}", method="DELETE", path=one, scopes=of["delete"],
        handler=delete, status=HTTPStatus.NO_CONTENT,
    )  # fmt: skip


def _plural(title: str) -> str:
    return f"{title[:-1]}ies" if title.endswith("y") else f"{title}s"
