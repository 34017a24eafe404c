"""Lists and searches of users do no work for users that are not shown.

Each page is compared with one of a search without an index, and of a sorted list of all users.
"""

from dataclasses import replace

import pytest

from helpers.acme import ACME, DATABASE
from helpers.management import ManagementClient
from mockidp.management.users import search, users
from mockidp.resources.user import User
from mockidp.tenant.state.records import Records

COUNT = 300
DATABASES = (DATABASE, "staff")
PEOPLE = tuple(
    User(
        user_id=f"auth0|{number:03}",
        email=f"user{number // 2}@acme.example",
        username=f"name-{number}" if number % 3 == 0 else None,
        phone_number=f"+1555{number % 50:06}" if number % 5 == 0 else None,
        given_name=f"Group {number % 7}" if number % 11 else None,
        connection=DATABASES[number % 2],
        app_metadata={"plan": "gold" if number % 4 == 0 else "free"},
    )
    for number in range(COUNT)
)


@pytest.fixture(scope="module")
def idp():
    return ManagementClient(document=replace(ACME, users=PEOPLE))


def page(idp, q="", **query):
    """Return the ids on a page of users, and the total."""
    answer = idp.call("GET", "/users", q=q, include_totals="true", **query)
    assert answer.status_code == 200, answer.text
    return [one["user_id"] for one in answer.json["users"]], answer.json["total"]


@pytest.fixture
def shown(monkeypatch):
    """Collect the ids of the users whose JSON is made."""
    collected, show = [], users.show_user
    monkeypatch.setattr(
        users, "show_user", lambda user: collected.append(user.user_id) or show(user)
    )
    return collected


@pytest.fixture
def read(monkeypatch):
    """Collect the ids of the users that are read from a list of all."""
    collected, each = [], Records.each

    def collect(self):
        for one in each(self):
            collected.append(one.user_id)
            yield one

    monkeypatch.setattr(Records, "each", collect)
    return collected


@pytest.mark.parametrize(
    ("q", "ids"),
    [
        ("user_id:auth0|007", ["007"]),
        ('email:"USER3@acme.example"', ["006", "007"]),
        ("username:name-6", ["006"]),
        ("username:NAME-6", []),
        ("phone_number:+1555000005", ["005", "055", "105", "155", "205", "255"]),
        ("email:user3@acme.example AND app_metadata.plan:gold", []),
        ("app_metadata.plan:gold AND email:user4@acme.example", ["008"]),
        ('email:user3@acme.example AND user_id:("auth0|007" OR "auth0|008")', ["007"]),
        ("user_id:(auth0|009 auth0|007)", ["007", "009"]),
        ("username:name-9 OR (email:user1@acme.example)", ["002", "003", "009"]),
        ("+email:user4@acme.example +user_id:auth0|008", ["008"]),
        ("user_id:none", []),
        ("email:name-6", []),
    ],
)
def test_an_index_finds_what_a_search_of_all_users_finds(idp, read, q, ids):
    by_index = page(idp, q)
    assert read == []
    assert by_index == ([f"auth0|{one}" for one in ids], len(ids))
    assert page(idp, f"({q}) OR nickname:none") == by_index
    assert len(read) == COUNT


@pytest.mark.parametrize(
    "q",
    [
        "email:user14*",
        "nickname:user3",
        "-email:user3@acme.example",
        "NOT user_id:auth0|007",
        "+email:user3@acme.example nickname:user3",
        "email:user3@acme.example OR nickname:user4",
        "user3@acme.example",
        '"user3@acme.example"',
        "_exists_:username",
        "email:(NOT user3@acme.example)",
        "user_id:[auth0|007 TO auth0|008]",
        "a:b:c",
    ],
)
def test_other_searches_compare_every_user(idp, read, q):
    page(idp, q)
    assert set(read) == {one.user_id for one in PEOPLE}


def test_a_list_reads_only_its_page(idp, read, shown):
    ids = [one.user_id for one in PEOPLE]
    assert page(idp, per_page=10, page=3) == (ids[30:40], COUNT)
    assert page(idp, per_page=100, page=2) == (ids[200:], COUNT)
    assert page(idp, per_page=100, page=3) == ([], COUNT)
    assert read == []
    assert shown == ids[30:40] + ids[200:]


def test_a_search_makes_the_json_of_its_page_only(idp, read, shown):
    wanted = [one.user_id for one in PEOPLE if one.app_metadata["plan"] == "gold"]
    assert page(idp, "app_metadata.plan:gold", per_page=5, page=2) == (wanted[10:15], len(wanted))
    assert shown == wanted[10:15]
    read.clear()
    answer = idp.call("GET", "/users", q="app_metadata.plan:gold", per_page=5)
    assert [one["user_id"] for one in answer.json] == wanted[:5]
    assert len(read) < 20, "without a total, a search ends with its page"


def test_a_search_whose_page_is_the_last_reads_users_once(idp, read):
    assert page(idp, "nickname:user5")[1] == 2
    assert len(read) == COUNT


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("field", ["given_name", "email", "user_id", "username"])
def test_a_sorted_page_is_a_part_of_the_sorted_list(idp, shown, field, descending):
    have = [one for one in PEOPLE if getattr(one, field) is not None]
    have.sort(key=lambda one: getattr(one, field), reverse=descending)
    ids = [one.user_id for one in (*have, *(one for one in PEOPLE if one not in have))]
    for number in (0, 3, 14, 15):
        part = ids[number * 20 : number * 20 + 20]
        sort = f"{field}:{'-1' if descending else '1'}"
        assert page(idp, sort=sort, per_page=20, page=number) == (part, COUNT)
        assert shown == part
        shown.clear()


def test_a_search_can_be_sorted(idp):
    ids, total = page(
        idp, 'email:("user3@acme.example" OR "user9@acme.example")', sort="user_id:-1"
    )
    assert (ids, total) == (["auth0|019", "auth0|018", "auth0|007", "auth0|006"], 4)


def test_users_that_are_deleted_during_a_search_are_skipped(monkeypatch):
    idp = ManagementClient(document=replace(ACME, users=PEOPLE))
    compare = search.compile_query

    def delete_and_compile(*args):
        idp.tenant.directory.users.store.delete("auth0|009")
        return compare(*args)

    monkeypatch.setattr(search, "compile_query", delete_and_compile)
    assert page(idp, "user_id:(auth0|009 auth0|007)") == (["auth0|007"], 1)
    assert page(idp, "username:name-9") == ([], 0)
