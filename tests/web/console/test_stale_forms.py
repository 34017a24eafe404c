"""A form that was opened before somebody else made a change keeps that change."""

from dataclasses import replace

import pytest

from mockidp.resources.registry import type_of
from mockidp.testing import records

BOB, PATH = "auth0|bob", "/edit/users/auth0%7Cbob"


def bob(console):
    return console.tenant.directory.user(BOB)


def change_meanwhile(console, **fields):
    records.patch(console.tenant, type_of("users"), BOB, fields)


def refuse(console, path, **fields):
    """Send a stale form, and open the answer."""
    answer = console.send(path, **fields)
    assert answer.status_code == 409
    console.page = type(console.page)(answer.text)
    return console.page.text


def test_fields_that_the_form_does_not_change_are_kept(console):
    console.open(PATH)
    change_meanwhile(console, name="Robert", app_metadata={"plan": "gold"})
    console.follow_change(PATH, nickname="bobby")
    assert (bob(console).name, bob(console).nickname) == ("Robert", "bobby")
    assert bob(console).app_metadata == {"plan": "gold"}


def test_a_conflict_shows_both_values_until_one_is_chosen(console):
    console.open(PATH)
    change_meanwhile(console, name="Robert", given_name="Rob")
    page = refuse(console, PATH, name="Bobby")
    assert "Nothing was saved, because somebody has changed the same fields" in page
    assert console.text("saved") == ["Somebody has saved Robert"]
    assert bob(console).name == "Robert"
    console.follow_change(PATH)
    assert (bob(console).name, bob(console).given_name) == ("Bobby", "Rob")


def test_the_same_change_twice_is_no_conflict(console):
    console.open(PATH)
    change_meanwhile(console, name="Robert")
    before = bob(console)
    console.follow_change(PATH, name="Robert")
    assert bob(console) == before


def test_a_conflict_does_not_show_a_secret(console):
    console.open(PATH)
    change_meanwhile(console, password="Other-Passw0rd!")
    page = refuse(console, PATH, password="My-Passw0rd!")
    assert console.text("saved") == ["Somebody has saved another secret."]
    assert "Passw0rd!" not in page
    assert bob(console).password == "Other-Passw0rd!"


def test_a_mistake_in_a_stale_form_shows_what_was_saved_meanwhile(console):
    console.open(PATH)
    change_meanwhile(console, name="Robert")
    answer = console.send(PATH, app_metadata="{")
    assert answer.status_code == 400
    console.page = type(console.page)(answer.text)
    console.follow_change(PATH, app_metadata='{"plan": "gold"}')
    assert (bob(console).name, bob(console).app_metadata) == ("Robert", {"plan": "gold"})


@pytest.mark.parametrize("changes", [{}, {"name": ""}])
def test_an_unchanged_form_is_no_update(console, changes):
    kept = replace(bob(console), name=None, updated_at="2020-01-01T00:00:00.000Z")
    console.tenant.directory.records["users"].store.put(BOB, kept)
    console.open(PATH)
    console.follow_change(PATH, **changes)
    assert bob(console) == kept


def test_a_form_without_all_versions_is_stale(console):
    console.open(PATH)
    refuse(console, PATH, name="Bobby", form_versions="0")
    assert bob(console).name == "Bob"
