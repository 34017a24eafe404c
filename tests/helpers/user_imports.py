"""The job of the Management API that imports users."""

import json
from io import BytesIO

from helpers.acme import DATABASE
from helpers.tenant_client import bearer

PATH = "/api/v2/jobs/users-imports"


def connection_id(idp, name=DATABASE):
    return idp.call("GET", "/connections", name=name).json[0]["id"]


def send(idp, users, **fields):
    """Send a file with users, which may also be text."""
    text = users if isinstance(users, (str, bytes)) else json.dumps(users)
    data = text if isinstance(text, bytes) else text.encode()
    form = {"connection_id": connection_id(idp), "users": (BytesIO(data), "users.json"), **fields}
    present = {name: one for name, one in form.items() if one is not None}
    return idp.request("POST", PATH, data=present, headers=bearer(idp.access_token))
