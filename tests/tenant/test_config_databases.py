"""The database of users without `connection`, in files and in Python."""

import pytest

from mockidp import MockIdP, MockIdPError
from mockidp.codec.mistakes import ConfigError
from mockidp.tenant.config.load import parse_tenant
from mockidp.tenant.tenant import Tenant

UPA = "Username-Password-Authentication"
USERS = "users: [{user_id: auth0|a, password: p}]"


def connection_of_user(text):
    return parse_tenant(f"{text}\n{USERS}").users[0].connection


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tenant: {}", UPA),
        ("connections: [{name: corp, strategy: samlp}]", UPA),
        ("databases: [{name: members}]", "members"),
        ("databases: [{name: members, strategy: auth0}]", "members"),
        ("connections: [{name: members, strategy: auth0}, {name: g, strategy: google-oauth2}]",
         "members"),
        (f"databases: [{{name: members}}, {{name: {UPA}}}]", UPA),
        ("tenant: {default_directory: members}", "members"),
        ("tenant: {default_directory: ad}\nconnections: [{name: ad, strategy: ad}]", UPA),
    ],
)  # fmt: skip
def test_a_user_without_a_connection_belongs_to_the_database(text, expected):
    assert connection_of_user(text) == expected
    directory = Tenant(parse_tenant(text)).directory
    assert expected in directory.connections


def test_a_connection_that_is_null_counts_as_missing():
    users = "users: [{user_id: auth0|a, connection: null}]"
    assert parse_tenant(f"databases: [{{name: db}}]\n{users}").users[0].connection == "db"


def test_a_tenant_with_a_database_has_no_other_one():
    assert list(Tenant(parse_tenant("databases: [{name: members}]")).directory.connections) == [
        "members"
    ]


def test_with_several_databases_each_user_must_name_one():
    with pytest.raises(ConfigError) as refused:
        parse_tenant(
            "databases: [{name: members}, {name: staff}]\n"
            "connections: [{name: corp, strategy: samlp}]\n"
            "users:\n"
            "  - {user_id: auth0|a, connection: staff}\n"
            "  - {user_id: auth0|b}\n"
            "  - nobody\n",
            source="t.yaml",
        )
    of_b, of_text = str(refused.value).splitlines()
    assert of_b == (
        "t.yaml:5: users[1].connection: found nothing, expected one of the databases members, staff"
    )
    expected = "expected a mapping with user_id"
    assert of_text == f"t.yaml:6: users[2]: found the string 'nobody', {expected}"


def test_an_address_is_unique_within_the_database():
    with pytest.raises(ConfigError, match="expected each email once in a connection"):
        parse_tenant(
            "databases: [{name: db}]\n"
            "users: [{user_id: auth0|a, email: a@b.c}, {user_id: auth0|b, email: a@b.c, connection: db}]"
        )


def test_a_user_whom_a_test_adds_belongs_to_the_only_database():
    with MockIdP(tenant={"databases": [{"name": "members"}]}) as idp:
        assert idp.add_user("ann").connection == "members"


def test_a_user_whom_a_test_adds_must_name_one_of_several_databases():
    tenant = {"databases": [{"name": "members"}, {"name": "staff"}]}
    with MockIdP(tenant=tenant) as idp:
        assert idp.add_user("ann", connection="staff").connection == "staff"
        with pytest.raises(MockIdPError) as refused:
            idp.add_user("bob")
    assert str(refused.value) == (
        "user 'auth0|bob': connection: found nothing, expected one of the databases members, staff"
    )


@pytest.mark.parametrize(
    ("user_id", "connection"),
    [
        ("google-oauth2|1", "google-oauth2"),
        ("samlp|corp|zoe@corp.example", "corp"),
        ("samlp|other|zoe@corp.example", UPA),
        ("email|erin", "email"),
        ("facebook|1", UPA),
        ("auth0|alice", UPA),
    ],
)
def test_the_id_of_a_user_names_a_social_or_enterprise_connection(user_id, connection):
    text = (
        "connections: [{name: google-oauth2, strategy: google-oauth2}, {name: corp, strategy: "
        "samlp}, {name: google-2, strategy: google-oauth2}, {name: email, strategy: email}]\n"
        f"users: [{{user_id: '{user_id}', email: a@b.example}}]\n"
    )
    assert parse_tenant(text).users[0].connection == connection
    directory = Tenant(parse_tenant(text.partition("users")[0])).directory
    with MockIdP(parse_tenant(text.partition("users")[0])) as idp:
        assert directory is not None
        assert idp.add_user(user_id).connection == connection
