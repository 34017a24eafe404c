"""Lists of users: filters and pages (RFC 7644 3.4.2)."""

import pytest

from helpers.scim import DANA, dana, error
from helpers.tenant_client import hint

ZOE = "okta|corp|zoe"


@pytest.fixture
def idp(idp):
    idp.provision(title="Engineer")
    return idp


@pytest.mark.parametrize(
    "text",
    [
        'userName eq "DANA@corp.example"',
        'username EQ "dana@corp.example"',
        'externalId eq "00u1"',
        f'id eq "{DANA}"',
        'emails.value eq "Dana@corp.example"',
        'emails[primary eq true].value eq "dana@corp.example"',
        'name.familyName eq "doe" and name.givenName eq "dana"',
        'title eq "nothing" or title eq "engineer" and active eq true',
        '(title eq "nothing" or title eq "engineer") and active eq true',
        'urn:ietf:params:scim:schemas:core:2.0:User:userName eq "dana@corp.example"',
        'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "research"',
    ],
)
def test_rfc7644_3_4_2_2__a_filter_selects_users(idp, text):
    assert idp.search(text) == [DANA]


@pytest.mark.parametrize(
    "text",
    [
        'externalId eq "00U1"',
        'userName eq "nobody"',
        'emails[primary eq false].value eq "dana@corp.example"',
        'emails[type eq "work"].value eq "dana@corp.example"',
        'active eq "true"',
        "active eq false",
        'title eq "engineer" and (active eq false or userName eq "zoe")',
        "title.length eq 8",
    ],
)
def test_rfc7644_3_4_2_2__a_filter_without_matches_is_an_empty_list(idp, text):
    assert idp.scim("GET", filter=text).json == {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": 0,
        "startIndex": 1,
        "itemsPerPage": 0,
        "Resources": [],
    }


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('userName sw "d"', "'sw' is not supported. Auth0 supports `eq`, `and` and `or`."),
        ('userName is "d"', "'is' is not an operator."),
        ("userName pr", "'pr' is not supported."),
        ('not (userName eq "d")', "The mapping of the connection does not have the attribute not."),
        ('userNam eq "d"', "Did you mean userName?"),
        ('userName eq "d" userName', "'userName' is not expected there."),
        ('(userName eq "d"', "A parenthesis is not closed."),
        ("userName eq", "It ends too early."),
        ("(" * 21, "It has more than 20 parentheses."),
        ("userName eq dana", "Value dana is not JSON. Put a string in double quotes."),
        ('userName eq "d', "is not part of a filter."),
        ("name..first eq 1", "is not an attribute path."),
        ('emails[type eq "\\q"].value eq "d"', "is not an attribute path."),
        (f'userName eq "{"x" * 1000}"', "It has more than 1000 characters."),
    ],
)
def test_rfc7644_3_4_2_2__another_filter_is_refused(idp, text, why):
    answer = idp.scim("GET", filter=text)
    assert error(answer)[:2] == (400, "invalidFilter")
    assert why in hint(answer)


@pytest.mark.parametrize(
    ("query", "ids", "start"),
    [
        ({}, [ZOE, DANA], 1),
        ({"count": "1"}, [ZOE], 1),
        ({"startIndex": "2"}, [DANA], 2),
        ({"startIndex": "3"}, [], 3),
        ({"startIndex": "-4", "count": "500"}, [ZOE, DANA], 1),
        ({"count": "0"}, [], 1),
        ({"count": "-1"}, [], 1),
    ],
)
def test_rfc7644_3_4_2_4__a_page_is_selected(idp, query, ids, start):
    body = idp.scim("GET", **query).json
    assert [one["id"] for one in body["Resources"]] == ids
    assert (body["startIndex"], body["itemsPerPage"]) == (start, len(ids))
    assert body["totalResults"] == 2


@pytest.mark.parametrize("name", ["startIndex", "count"])
def test_a_page_has_to_be_a_number(idp, name):
    answer = idp.scim("GET", **{name: "many"})
    assert error(answer) == (400, "invalidValue", f"Invalid {name}")
    assert f"`{name}` is 'many'. Send a whole number." in hint(answer)


def test_another_query_parameter_has_no_effect_and_a_hint_says_so(idp):
    assert "Query parameter sortBy has no effect." in hint(idp.scim("GET", sortBy="userName"))
    assert "no effect" not in hint(idp.scim("GET", aadOptscim062020=""))
    answer = idp.scim("POST", body=dana(externalId="2", userName="2", emails=None), attributes="id")
    assert "Query parameter attributes has no effect." in hint(answer)
