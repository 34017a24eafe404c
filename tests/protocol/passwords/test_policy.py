"""Password policies, compared with what Auth0's library `password-sheriff` 2.0 answers."""

import json
from pathlib import Path

import pytest

from mockidp.protocol.passwords.content import is_common, personal_part
from mockidp.protocol.passwords.policy import password_policy

SHERIFF = json.loads(Path(__file__).with_name("password_sheriff.json").read_text())


@pytest.mark.parametrize("level", SHERIFF["policies"])
def test_a_report_is_that_of_auth0s_library(level):
    reports = [one for one in SHERIFF["reports"] if one["level"] == level]
    assert len(reports) == 29
    for one in reports:
        made = json.dumps(password_policy(level).report(one["password"]))
        assert made == json.dumps(one["report"]), one["password"]


@pytest.mark.parametrize(("level", "text"), SHERIFF["policies"].items())
def test_the_text_of_a_policy_is_that_of_auth0s_library(level, text):
    assert str(password_policy(level)) == text


def test_a_connection_can_ask_for_more_characters():
    assert str(password_policy("low", 12)) == "* At least 12 characters in length"
    assert str(password_policy("good", 12)).startswith("* At least 12 characters in length\n")


def test_the_rules_that_are_not_met_are_named_in_words():
    assert password_policy("excellent").unmet("aaa") == [
        "At least 10 characters in length",
        "Contain at least 3 of the following 4 types of characters",
        'No more than 2 identical characters in a row (e.g., "aaa" not allowed)',
    ]
    assert password_policy("excellent").unmet("Abcdefgh1!") == []


@pytest.mark.parametrize("password", ["password", "PassWord", "qwerty", "Acme2024"])
def test_a_common_password_is_found_in_any_case(password):
    assert is_common(password, ["ACME2024"])
    assert not is_common(f"{password} and more", ["ACME2024"])


@pytest.mark.parametrize(
    ("password", "name"),
    [
        ("John1234", "name"),
        ("my-JOHN.doe!", "name"),
        ("xx.doe.1", ""),
        ("johnny", "name"),
        ("alpha-Johny.D", "nickname"),
        ("acme.example", ""),
        ("al", ""),
    ],
)
def test_a_name_of_the_user_in_a_password_is_found_in_any_case(password, name):
    known = {"name": "john" if name == "name" else None, "nickname": "Johny.D", "username": "al",
             "email": "john.doe@acme.example"}  # fmt: skip
    assert personal_part(password, known) == name


def test_only_the_whole_first_part_of_an_address_is_found():
    known = {"email": "john.doe@acme.example"}
    assert personal_part("1John.Doe1", known) == "email"
    assert personal_part("JohnDoe", known) == ""
