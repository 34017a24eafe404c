"""Search and sorting of users: the documented subset of Lucene's syntax."""

from dataclasses import replace

import pytest

from helpers.acme import ACME
from helpers.tenant_client import hint
from mockidp.resources.organization import Organization, OrganizationMember
from mockidp.resources.user import User

SALES = Organization(name="sales", members=(OrganizationMember(user_id="auth0|dora"),))
PEOPLE = (
    User(
        user_id="auth0|anna",
        nickname="anna",
        email="Anna.Smith@one.example",
        name="Anna Smith",
        given_name="Anna",
        email_verified=True,
        username="anna-s",
        created_at="2024-01-31T23:59:59.500Z",
        app_metadata={"plan": {"name": "Gold"}, "seats": 5, "tags": ["a", {"kind": "vip"}]},
        extra={"logins_count": 9, "last_ip": "10.0.0.1"},
    ),
    User(
        user_id="auth0|boris",
        nickname="boris",
        email="boris@two.example",
        name="Boris Smithers",
        blocked=True,
        created_at="2024-02-01T00:00:00.000Z",
        user_metadata={"theme": "dark"},
        extra={"logins_count": 10},
    ),
    User(
        user_id="auth0|dora",
        nickname="dora",
        email="dora+1@two.example",
        name='Dora "D" Jones',
        phone_number="+15551234567",
        email_verified=True,
        created_at="2024-03-05T10:00:00.000Z",
        app_metadata={"plan": {"name": "gold"}, "site": "http://d.example"},
    ),
)


@pytest.fixture(scope="module")
def found():
    """Return a function that returns the names of the users that a query finds."""
    from helpers.management import ManagementClient

    idp = ManagementClient(document=replace(ACME, users=PEOPLE, organizations=(SALES,)))

    def names(q, **query):
        answer = idp.call("GET", "/users", q=q, **query)
        assert answer.status_code == 200, answer.text
        return " ".join(one["user_id"].removeprefix("auth0|") for one in answer.json)

    names.idp = idp
    return names


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("", "anna boris dora"),
        # fields
        ('email:"boris@two.example"', "boris"),
        ("email:boris@two.example", "boris"),
        ("email:dora+1@two.example", "dora"),
        ("email:ANNA.smith@ONE.example", "anna"),
        ("username:anna-s", "anna"),
        ("username:Anna-S", ""),
        ("user_id:auth0|boris", "boris"),
        ('user_id:"auth0|boris"', "boris"),
        ('name:"anna smith"', "anna"),
        ("name:anna", ""),
        ('name:"Dora \\"D\\" Jones"', "dora"),
        ("name:Anna\\ Smith", "anna"),
        ("last_ip:10.0.0.1", "anna"),
        ("phone_number:+15551234567", "dora"),
        ('phone_number:"+15551234567"', "dora"),
        ("email_verified:false", "boris"),
        ("blocked:true", "boris"),
        ("logins_count:9", "anna"),
        ("unknown:x", ""),
        # terms without a field
        ("smith", "anna"),
        ("SMITH", "anna"),
        ('"Anna Smith"', "anna"),
        ("smith*", "anna boris"),
        ("gold", ""),
        ("dark", ""),
        # operators
        ("email_verified:false AND blocked:true", "boris"),
        ("email_verified:true AND blocked:true", ""),
        ("username:anna-s OR blocked:true", "anna boris"),
        ("username:anna-s blocked:true", "anna boris"),
        ("NOT blocked:true", "anna dora"),
        ("-blocked:true", "anna dora"),
        ("_exists_:email -blocked:true", "anna dora"),
        ("email_verified:true AND NOT username:anna-s", "dora"),
        ("+email_verified:true username:anna-s", "anna dora"),
        ("(username:anna-s OR blocked:true) AND email_verified:true", "anna"),
        ('username:(anna-s OR "none")', "anna"),
        ("user_id:(auth0|anna auth0|dora)", "anna dora"),
        ("email:(NOT boris@two.example)", "anna dora"),
        # existence
        ("_exists_:username", "anna"),
        ("NOT _exists_:username", "boris dora"),
        ("_exists_:user_metadata", "boris"),
        ("_exists_:app_metadata.plan", "anna dora"),
        ('_exists_:"user_metadata.theme"', "boris"),
        # ranges
        ("logins_count:[9 TO 10]", "anna boris"),
        ("logins_count:{9 TO 10]", "boris"),
        ("logins_count:[9 TO 10}", "anna"),
        ("logins_count:[9 TO *]", "anna boris"),
        ("logins_count:{* TO 10}", "anna"),
        ("created_at:[2024-01-31 TO 2024-01-31]", "anna"),
        ("created_at:{2024-01-31 TO 2024-03-05}", "boris"),
        ("created_at:[2024-02 TO 2024-03]", "boris dora"),
        ("created_at:[* TO 2024-02-01T00:00:00Z]", "anna boris"),
        ('created_at:["2024-02-01T00:00:01.000Z" TO *}', "dora"),
        ("nickname:[a TO boris]", "anna boris"),
        # wildcards
        ("email:bor*", "boris"),
        ("email:BOR*", "boris"),
        ("nickname:bori?", "boris"),
        ("nickname:bor?", ""),
        ("user_id:auth0|b*", "boris"),
        ('name:"Anna*"', ""),
        ("name:Anna\\*", ""),
        ("name:Anna*\\ Smith", "anna"),
        # paths
        ('email.domain:"two.example"', "boris dora"),
        ("email.domain:TWO.example", "boris dora"),
        ("identities.connection:Username-Password-Authentication", "anna boris dora"),
        ("identities.provider:auth0 AND username:anna-s", "anna"),
        ("app_metadata.plan.name:Gold", "anna"),
        ("app_metadata.seats:5", "anna"),
        ("app_metadata.tags:a", "anna"),
        ("app_metadata.tags.kind:vip", "anna"),
        ("app_metadata.plan.name.deep:Gold", ""),
        ("app_metadata.site:http\\://d.example", "dora"),
        ('app_metadata.site:"http://d.example"', "dora"),
        ("user_metadata.theme:dark", "boris"),
        ("a:b:c", ""),
        ("app_metadata.site:http:x", ""),
    ],
)  # fmt: skip
def test_a_query_finds_users(found, q, expected):
    assert found(q, search_engine="v3") == expected


@pytest.mark.parametrize(("last", "count"), [("a", 1), ("b", 0)])
def test_many_wildcards_take_no_time(idp, last, count):
    idp.call("PATCH", "/users/auth0%7Calice", {"name": "a" * 200})
    assert len(idp.call("GET", "/users", q=f"name:{'aaa*' * 40}{last}").json) == count


def test_organizations_are_searched_by_their_id(found):
    organization = found.idp.tenant.directory.organizations["sales"]
    assert found(f"organization_id:{organization.id}") == "dora"
    assert found("organization_id:org_none") == ""


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ('name:"Anna', "cannot be parsed"),
        ("(name:anna", "cannot be parsed"),
        ("name:", "cannot be parsed"),
        ("AND", "cannot be parsed"),
        ("name:an*", "at least 3 characters"),
        ("*", "_exists_"),
        ("name:*son", "at least 3 characters"),
        ("app_metadata.plan.name:Gol*", "whole values"),
        ("user_metadata.theme:dar?", "whole values"),
        ("app_metadata.seats:[1 TO 9]", "not by a range"),
        ("[a TO b]", "needs a field"),
        ("anna~2", "does not have"),
        ('"anna smith"~2', "does not have"),
        ("anna^2", "does not have"),
        ("name:/ann./", "does not have"),
        ("logins_count:>5", "does not have"),
        ("(" * 200 + "anna" + ")" * 200, "levels"),
        ("NOT " * 200 + "anna", "levels"),
        ("name:(" * 1200 + "anna" + ")" * 1200, "levels"),
        ("(" * 2000 + "anna" + ")" * 2000 + "^2", "levels"),
        ("anna^1.2.3", "cannot be parsed"),
        ('"anna smith"~1.5', "cannot be parsed"),
    ],
)
def test_a_query_with_a_mistake_is_refused(found, q, words):
    answer = found.idp.call("GET", "/users", q=q)
    assert answer.status_code == 400
    assert answer.json == {
        "statusCode": 400,
        "error": "Bad Request",
        "message": "Query validation error: 'Invalid query string'.",
        "errorCode": "invalid_query_string",
    }
    assert words in hint(answer)


def test_many_terms_are_one_level(found):
    assert found(" OR ".join(["username:x"] * 500 + ["username:anna-s"])) == "anna"


@pytest.mark.parametrize("engine", ["v1", "v2", "x"])
def test_other_search_engines_are_refused(found, engine):
    answer = found.idp.call("GET", "/users", search_engine=engine)
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_query_string")
    assert "v3" in hint(answer)


def test_a_connection_is_ignored_and_the_hint_says_so(found):
    answer = found.idp.call("GET", "/users", connection="none")
    assert len(answer.json) == 3
    assert 'q=identities.connection:"NAME"' in hint(answer)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("created_at:1", "anna boris dora"),
        ("created_at:-1", "dora boris anna"),
        ("logins_count:-1", "boris anna dora"),
        ("username:1", "anna boris dora"),
        ("email:-1", "dora boris anna"),
        ("identities:1", "anna boris dora"),
        ("email_verified:1", "boris anna dora"),
    ],
)
def test_users_are_sorted(found, sort, expected):
    assert found("", sort=sort) == expected


@pytest.mark.parametrize("sort", ["created_at", "created_at:2", "app_metadata:1", ""])
def test_an_invalid_order_is_refused(found, sort):
    answer = found.idp.call("GET", "/users", sort=sort)
    assert answer.status_code == 400
    assert answer.json["message"].endswith("on property sort.")
    assert "created_at:-1" in hint(answer)


def test_totals_and_pages_are_those_of_the_search(found):
    query = {"q": "smith*", "include_totals": "true", "per_page": 1, "page": 1}
    page = found.idp.call("GET", "/users", **query, fields="user_id").json
    assert page == {
        "start": 1, "limit": 1, "length": 1, "users": [{"user_id": "auth0|boris"}], "total": 2,
    }  # fmt: skip


def test_a_search_finds_a_change_at_once(found):
    idp = found.idp
    assert found("user_metadata.theme:light") == ""
    path = "/users/auth0|dora"
    idp.call("PATCH", path, {"user_metadata": {"theme": "light"}})
    assert found("user_metadata.theme:light") == "dora"
    idp.call("PATCH", path, {"user_metadata": {}})
    assert found("user_metadata.theme:light") == ""
    idp.call("PATCH", path, {"user_metadata": None})  # for the other tests


@pytest.mark.parametrize("q", ["blocked:false", 'name:x OR blocked:"false"'])
def test_a_search_for_users_who_are_not_blocked_has_a_hint(idp, q):
    answer = idp.call("GET", "/users", q=q)
    assert answer.json == []
    assert "Search for `NOT blocked:true`" in hint(answer)
    assert idp.call("GET", "/users", q="NOT blocked:true").json
