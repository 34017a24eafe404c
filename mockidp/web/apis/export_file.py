"""The file of a job that exports users, at the `location` of the job.

Auth0's is the URL of a file at its cloud storage, which contains a secret and needs no token.
"""

from __future__ import annotations

from base64 import b64decode

from werkzeug import Response

from mockidp.management.refusals import not_found
from mockidp.protocol.management.job import Job
from mockidp.tenant.state.stores import TICKET
from mockidp.tenant.tenant import Tenant
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import NEVER_CACHED
from mockidp.web.response.reply import Reply

PATH = "/exports/{id}"


def _find(tenant: Tenant, ticket: str) -> Job | None:
    key = next((key for key, _ in tenant.jobs.scan(TICKET, ticket)), "")
    return tenant.jobs.get(key)  # None for one that has expired


def send_file(exchange: Exchange, _pages: Pages) -> Reply:
    """Return the file that the parameter `ticket` names.

    Raises:
        ApiRefusal: There is no such file.
    """
    ticket = exchange.query().get("ticket")
    found = _find(exchange.tenant, ticket) if ticket else None
    with exchange.tenant.trace.check("file", found=found is not None):
        if found is None:
            raise not_found(
                "Not Found",
                hint="No job has a file with this `ticket`. Jobs are deleted after a day.",
            )
    headers = {"Content-Type": "application/gzip", "Cache-Control": NEVER_CACHED}
    return Reply(Response(b64decode(found.content), headers=headers))
