"""Find clients by the organizations of their client grants: `q` of the list of clients.

Auth0: two queries are permitted, without other filters and paged by checkpoint. Source:
docs/fidelity.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mockidp.management.listing import CHECKPOINT, FIELDS
from mockidp.management.operation import Call
from mockidp.management.refusals import invalid_query

_QUERY = re.compile(
    r'client_grant\.(?:organization_id:"?(?P<organization>[\w-]+)"?|allow_any_organization:true)'
)
_WITH_QUERY = CHECKPOINT | FIELDS | {"q", "include_totals"}


def find_by_grants(call: Call) -> frozenset[str]:
    """Return the ids of the clients whose client grants `q` selects.

    Raises:
        ApiRefusal: The query is not permitted, or sent with other parameters.
    """
    sent, other = call.query["q"], sorted(call.query.keys() - _WITH_QUERY)
    found = _QUERY.fullmatch(sent.strip())
    with call.tenant.trace.check("q", sent=sent, other=other):
        if found is None:
            raise invalid_query(
                "Invalid query string",
                at="q",
                hint="Send client_grant.organization_id:ID or "
                "client_grant.allow_any_organization:true.",
            )
        if other or "take" not in call.query:
            raise invalid_query(
                "The query requires checkpoint paging and no other filters",
                at="q",
                hint="Send `q` with `take` and `from`, and without other parameters.",
            )
    return frozenset(_clients_with_grants(call, found["organization"]))


def _clients_with_grants(call: Call, organization_id: str | None) -> Iterator[str]:
    directory = call.tenant.directory
    organization = directory.organization(organization_id) if organization_id else None
    for grant in directory.client_grants.values():
        client = directory.client(grant.client_id)
        if client is None:
            continue
        if organization_id is None:
            is_found = grant.allow_any_organization
        else:
            names = (client.client_id, client.name)
            is_found = organization is not None and organization.has_client_grant(grant.id, names)
        if is_found and grant.subject_type == "client":
            yield client.client_id
