"""The job that exports users to a file.

Auth0: the completed job has the `location` of a compressed file, with a JSON object in each line,
or CSV. Source: docs/fidelity.md.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from itertools import islice
from typing import Any

from mockidp.management.body import check_keys, check_keys_of, check_number, text
from mockidp.management.connections.connections import CONNECTIONS
from mockidp.management.jobs.jobs import create_job
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body
from mockidp.management.users.user_object import show_user
from mockidp.protocol.management.job import Job
from mockidp.resources.user import User

_FORMATS = ("json", "csv")
_CSV_FIELDS = (
    "user_id", "email", "email_verified", "name", "nickname", "given_name", "family_name",
    "username", "phone_number", "picture", "created_at", "updated_at",
)  # fmt: skip
"""The columns of a CSV file whose job names no fields."""
_MOST = 10**9
_STEP = re.compile(r"[^.\[\]]+")
_INDEX = re.compile(r"[0-9]{1,9}")
Columns = Mapping[str, str]
"""Paths in a user by the names of columns."""


def _export(call: Call) -> Any:
    check_keys(call, ("connection_id", "format", "limit", "fields"))
    file_format = call.body.get("format", "json")
    with call.tenant.trace.check("format", sent=file_format):
        if file_format not in _FORMATS:
            raise invalid_body(
                "Expected json or csv", at="format", hint="Send json or csv as `format`."
            )
    columns = _columns(call)
    if "limit" in call.body:
        check_number(call, "limit", least=1, most=_MOST)
    details = {**call.body, "format": file_format}
    if (connection_id := text(call, "connection_id")) is not None:
        details["connection"] = CONNECTIONS.find(call, connection_id).name
    file = _write(file_format, _users(call, details.get("connection")), columns)
    # Like Auth0's, the URL contains a secret and needs no token.
    ticket = call.tenant.ids.opaque_token()
    location = f"{call.url}/api/v2/exports/users.{file_format}.gz?ticket={ticket}"
    job = Job(
        kind="users_export",
        created_at=call.tenant.now(),
        details=details,
        results={"location": location},
        ticket=ticket,
        content=b64encode(gzip.compress(file.encode(), mtime=0)).decode(),
    )
    return create_job(call, job)


def _columns(call: Call) -> Columns:
    sent = call.body.get("fields", [])
    columns = {}
    with call.tenant.trace.check("fields"):
        if not (isinstance(sent, list) and all(isinstance(one, dict) for one in sent)):
            raise invalid_body(
                "Expected type array of objects", at="fields", hint='Send [{"name": "email"}].'
            )
        for one in sent:
            check_keys_of(one, ("name", "export_as"), required=("name",))
            if not all(isinstance(value, str) for value in one.values()):
                raise invalid_body(
                    "Expected type string", at="fields", hint="Names of fields are strings."
                )
            columns[one.get("export_as") or one["name"]] = one["name"]
    return columns


def _users(call: Call, connection: str | None) -> Sequence[User]:
    directory = call.tenant.directory
    users: Iterable[User] = directory.users.each()
    if connection is not None:
        users = directory.users.find("connection", connection)
    limit = call.body.get("limit")
    return list(islice(users, None if limit is None else int(limit)))


def _write(file_format: str, users: Sequence[User], columns: Columns) -> str:
    shown = map(show_user, users)
    if file_format == "json":
        rows = (_row(user, columns) if columns else user for user in shown)
        return "".join(json.dumps(row) + "\n" for row in rows)
    columns = columns or {name: name for name in _CSV_FIELDS}
    file = StringIO()
    writer = csv.DictWriter(file, fieldnames=list(columns))
    writer.writeheader()
    writer.writerows({k: _cell(v) for k, v in _row(user, columns).items()} for user in shown)
    return file.getvalue()


def _row(user: Mapping[str, Any], columns: Columns) -> dict[str, Any]:
    found = {name: _look_up(user, path) for name, path in columns.items()}
    return {name: value for name, value in found.items() if value is not None}


def _look_up(value: Any, path: str) -> Any:
    """Return the value at a path such as `identities[0].connection`, or None."""
    for step in _STEP.findall(path):
        if isinstance(value, list) and _INDEX.fullmatch(step) and int(step) < len(value):
            value = value[int(step)]
        elif isinstance(value, Mapping):
            value = value.get(step)
        else:
            return None
    return value


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


OPERATIONS = (
    Operation(
        title="Create export users job", method="POST", path="/jobs/users-exports",
        scopes=("read:users",), handler=_export,
    ),
)  # fmt: skip
