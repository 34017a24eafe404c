"""Two organizations in a running tenant of the example, which is restored at the end."""

from contextlib import contextmanager

import requests

from mockidp import RemoteIdP

API = "https://api.acme.example/"
CONNECTION = "Username-Password-Authentication"


@contextmanager
def two_organizations(url):
    """Add red, of which alice and the machine are members, and blue. Return their ids.

    Tokens have the names of organizations as well.
    """
    remote = RemoteIdP(url)
    before = remote.snapshot()
    remote.patch_client("acme-web", organization_usage="allow")
    [grant] = [
        one
        for one in remote.list_client_grants()
        if (one.client_id, one.audience) == ("acme-m2m", API)
    ]
    remote.patch_client_grant(grant.id, organization_usage="require")
    red = remote.add_organization(
        "red",
        connections=[{"name": CONNECTION}],
        members=[{"user_id": "auth0|alice"}],
        client_grants=[{"client_id": "acme-m2m"}],
    )
    blue = remote.add_organization("blue", connections=[{"name": CONNECTION}])
    names = {"tenant": {"allow_organization_name_in_authentication_api": True}}
    requests.patch(f"{url}/_mockidp/v1/tenant", json=names, timeout=10).raise_for_status()
    yield red.id, blue.id
    remote.restore(before)
