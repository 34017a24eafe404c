"""Lists of groups: filters, pages and excluded attributes (RFC 7644 3.4.2)."""

import pytest

from helpers.scim import DANA, GROUP, SCOPES, Directory, error
from helpers.tenant_client import hint


@pytest.fixture
def idp():
    idp = Directory(scopes=SCOPES)
    idp.provision()
    return idp


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('displayName eq "admins"', ["Admins"]),
        ('externalId eq "g2"', ["Staff"]),
        ('externalId eq "G2"', []),
        ('displayName eq "nobody"', []),
        (f'{GROUP}:displayName eq "Staff"', ["Staff"]),
        (None, ["Admins", "Staff"]),
    ],
)
def test_rfc7644_3_4_2_2__a_filter_selects_groups(idp, text, found):
    idp.push_group()
    idp.later(1)
    idp.push_group(displayName="Staff", externalId="g2")
    answer = idp.scim("GET", "/Groups", **({"filter": text} if text else {}))
    assert [one["displayName"] for one in answer.json["Resources"]] == found
    assert answer.json["totalResults"] == len(found)


def test_groups_are_listed_in_pages(idp):
    for number in range(3):
        idp.push_group(displayName=f"G{number}")
        idp.later(1)
    answer = idp.scim("GET", "/Groups", startIndex="2", count="1")
    assert [one["displayName"] for one in answer.json["Resources"]] == ["G1"]
    assert (answer.json["totalResults"], answer.json["itemsPerPage"]) == (3, 1)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('displayName sw "A"', "'sw' is not supported. Auth0 supports `eq`."),
        ('members eq "1"', "A filter of groups does not have the attribute members."),
        (
            'displayName eq "A" or externalId eq "g1"',
            "'or' is not expected there. A filter of groups is one comparison.",
        ),
    ],
)
def test_auth0_scim__another_filter_is_refused(idp, text, why):
    answer = idp.scim("GET", "/Groups", filter=text)
    assert error(answer)[:2] == (400, "invalidFilter")
    assert why in hint(answer)


def test_rfc7644_3_4_2_5__members_are_excluded(idp):
    made = idp.push_group(DANA)
    query = {"excludedAttributes": "Members, id, meta"}
    expected = {name: one for name, one in made.items() if name != "members"}
    assert idp.scim("GET", f"/Groups/{made['id']}", **query).json == expected
    assert idp.scim("GET", "/Groups", **query).json["Resources"] == [expected]
    assert "excludedAttributes has no effect" in hint(idp.scim("GET", "/Users", **query))
