"""scim2-client, a SCIM 2.0 client that checks each answer against the schemas of RFC 7643."""

import contextlib
import ssl

import httpx2
import pytest
import requests
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import (
    EnterpriseUser,
    ForbiddenException,
    Group,
    InvalidFilterException,
    InvalidValueException,
    NotFoundException,
    PatchOp,
    PatchOperation,
    ResourceType,
    ScimProvider,
    SearchRequest,
    UnauthorizedException,
    UniquenessException,
    User,
)

from helpers.client_facts import shows
from mockidp import MockIdP

CorporateUser = User[EnterpriseUser]
PROVIDER = ScimProvider(
    models=[User, EnterpriseUser, Group],
    resource_types=[ResourceType.from_resource(one) for one in (CorporateUser, Group)],
)
TENANT = {"connections": [{"name": "corp", "strategy": "okta", "scim_configuration": {}}]}
ID = "okta|corp|00u1"
CLIENT = "scim2-client"
SCOPES = [
    f"{verb}:{kind}"
    for kind in ("users", "groups")
    for verb in ("get", "post", "put", "patch", "delete")
]
REFUSES = (
    "SCIM user that exists",
    "SCIM user that does not exist",
    "SCIM user without an id",
    "SCIM filter that Auth0 does not support",
    "SCIM token without the scope",
    "SCIM token that was deleted",
    "SCIM group with a name that exists",
    "SCIM group that does not exist",
)


@pytest.fixture(scope="module")
def served():
    """Serve the tenant on http and https."""
    with MockIdP(TENANT, tls=True) as idp:
        yield idp


@pytest.fixture
def idp(served):
    """The tenant, in its initial state."""
    yield served
    served.reset()


@pytest.fixture(params=["http", "https"])
def url(idp, request):
    """The URL of the tenant."""
    return idp.url if request.param == "http" else idp.tls_url


@pytest.fixture
def connect(idp, url):
    """Return a function that creates a SCIM token, and returns a client that uses it."""
    with contextlib.ExitStack() as opened:

        def connect(*scopes):
            base = f"/connections/{idp.get_connection('corp').id}"
            token = requests.post(
                f"{idp.url}/api/v2{base}/scim-configuration/tokens",
                json={"scopes": scopes} if scopes else {},
                headers={"Authorization": f"Bearer {idp.management_token()}"},
                timeout=10,
            ).json()["token"]
            client = httpx2.Client(
                base_url=f"{url}/scim/v2{base}",
                headers={"Authorization": f"Bearer {token}"},
                verify=ssl.create_default_context(cafile=idp.ca_file),
            )
            return SyncSCIMClient(opened.enter_context(client), provider=PROVIDER)

        yield connect


def dana(**fields):
    """Return a user."""
    emails = [User.Emails(value="dana@corp.example", primary=True)]
    user = {"user_name": "dana@corp.example", "external_id": "00u1", "emails": emails}
    made = CorporateUser(**user | {"display_name": "Dana Doe", "active": True} | fields)
    made[EnterpriseUser] = EnterpriseUser(department="Research")
    return made


@shows(CLIENT, "SCIM users", over="http, https")
def test_it_manages_users(idp, connect):
    scim = connect()
    made = scim.create(dana())
    assert (made.id, made.active, made[EnterpriseUser].department) == (ID, True, "Research")
    assert made.meta.location.endswith("/Users/okta%7Ccorp%7C00u1")
    assert scim.query(CorporateUser, ID) == made

    found = scim.query(
        CorporateUser, query_parameters=SearchRequest(filter='userName eq "dana@corp.example"')
    )
    assert [one.id for one in found.resources] == [ID]

    made.display_name = "D. Doe"
    assert scim.replace(made).display_name == "D. Doe"
    assert idp.get_user(ID).name == "D. Doe"

    operation = PatchOperation(op=PatchOperation.Op.replace_, path="active", value=False)
    changed = scim.modify(CorporateUser, ID, PatchOp[CorporateUser](operations=[operation]))
    assert changed.active is False
    assert idp.get_user(ID).blocked

    assert scim.delete(CorporateUser, ID) is None
    assert ID not in {one.user_id for one in idp.list_users()}


def patch(op, path, value=None):
    """Return a patch of a group."""
    return PatchOp[Group](operations=[PatchOperation(op=op, path=path, value=value)])


@shows(CLIENT, "SCIM groups", over="http, https")
def test_it_manages_groups(connect):
    scim = connect(*SCOPES)
    scim.create(dana())
    made = scim.create(Group(display_name="Admins", external_id="g1"))
    assert made.meta.location.endswith(f"/Groups/{made.id}")
    assert scim.query(Group, made.id) == made

    member = Group.Members(value=ID)
    changed = scim.modify(Group, made.id, patch(PatchOperation.Op.add, "members", [member]))
    assert [(one.value, one.type) for one in changed.members] == [(ID, "User")]
    found = scim.query(
        Group, query_parameters=SearchRequest(filter='displayName eq "admins"')
    ).resources
    assert [one.id for one in found] == [made.id]
    path = f'members[value eq "{ID}"]'
    changed = scim.modify(Group, made.id, patch(PatchOperation.Op.remove, path))
    assert not changed.members

    changed.display_name, changed.members = "Staff", [member]
    replaced = scim.replace(changed)
    assert (replaced.display_name, replaced.members[0].value) == ("Staff", ID)
    assert scim.delete(Group, made.id) is None
    assert scim.query(CorporateUser, ID).id == ID


@shows(CLIENT, refuses=REFUSES, over="http, https")
def test_it_raises_the_errors_of_the_rfc(idp, connect):
    scim = connect(*SCOPES)
    scim.create(dana())
    with pytest.raises(UniquenessException):
        scim.create(dana())
    with pytest.raises(NotFoundException):
        scim.query(CorporateUser, "okta|corp|nobody")
    with pytest.raises(InvalidValueException, match="externalId is required"):
        scim.create(dana(external_id=None))
    with pytest.raises(InvalidFilterException):
        scim.query(CorporateUser, query_parameters={"filter": 'userName sw "d"'})
    scim.create(Group(display_name="Admins"))
    with pytest.raises(UniquenessException):
        scim.create(Group(display_name="Admins"))
    with pytest.raises(NotFoundException):
        scim.query(Group, "grp_unknown")
    reader = connect("get:users")
    assert reader.query(CorporateUser, ID).id == ID
    with pytest.raises(ForbiddenException, match="post:users"):
        reader.create(dana(external_id="2"))
    idp.reset()
    with pytest.raises(UnauthorizedException):
        reader.query(CorporateUser, ID)
