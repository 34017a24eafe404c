"""Settings from options and environment variables, and the rows of the reference."""

import pytest

from mockidp.errors import MockIdPError
from mockidp.tenant.content.overrides import (
    describe_settings,
    environment_name,
    setting_names,
    settings_from,
)
from mockidp.tenant.content.settings import ImpersonationSettings, Settings


def test_texts_are_converted_to_the_types_of_the_settings():
    settings = settings_from(
        Settings(issuer="http://old/", login_lifetime=5),
        {
            "issuer": "",
            "hosts": "idp.example.com, other.example.com,",
            "profile": "oidc",
            "consent_on_localhost": "true",
            "impersonation.enabled": "false",
            "impersonation.ttl": "60",
            "impersonation.key": "s3cret",
        },
    )
    assert settings == Settings(
        hosts=("idp.example.com", "other.example.com"),
        profile="oidc",
        consent_on_localhost=True,
        login_lifetime=5,
        impersonation=ImpersonationSettings(enabled=False, ttl=60, key="s3cret"),
    )


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("impersonation.tll", "1", "found an unknown setting, expected a setting's name; did you mean impersonation.ttl?"),
        ("impersonation", "1", "impersonation: found an unknown setting"),
        ("issuer.url", "1", "issuer.url: found an unknown setting"),
        ("nonsense", "1", "nonsense: found an unknown setting, expected a setting's name"),
        ("impersonation.ttl", "soon", "impersonation.ttl: found the string 'soon', expected a whole number"),
        ("impersonation.ttl", "0", "found the number 0, expected a number from 1 to 31557600"),
        ("impersonation.ttl", "9" * 5000, "expected a whole number"),
        ("consent_on_localhost", "perhaps", "found the string 'perhaps', expected true or false"),
        ("profile", "oicd", "expected one of auth0, oidc; did you mean oidc?"),
        ("issuer", "localhost", "expected an http or https URL"),
        ("browser_url", "localhost:9400", "expected an http or https URL"),
        ("trust_proxy", "2", "found the string '2', expected true or false"),
        ("hosts", "a,http://b", "hosts[1]: found the string 'http://b', expected a host name"),
    ],
)  # fmt: skip
def test_an_invalid_text_is_reported_with_a_remedy(name, text, message):
    with pytest.raises(MockIdPError) as refused:
        settings_from(Settings(), {name: text})
    assert message in str(refused.value)
    assert str(refused.value).startswith("--set: ")


def test_all_overrides_are_checked_and_reported_with_their_source():
    with pytest.raises(MockIdPError) as refused:
        settings_from(Settings(), {"hostz": "a", "login_lifetime": "x"}, source_of=environment_name)
    assert str(refused.value).splitlines() == [
        "MOCKIDP_HOSTZ: hostz: found an unknown setting, expected a setting's name; did you mean hosts?",
        "MOCKIDP_LOGIN_LIFETIME: login_lifetime: found the string 'x', expected a whole number",
    ]


def test_every_setting_has_a_row_in_the_reference():
    rows = {setting.name: setting for setting in describe_settings()}
    assert tuple(rows) == setting_names()
    assert all(row.description.endswith(".") for row in rows.values())
    ttl = rows["impersonation.ttl"]
    assert (ttl.environment, ttl.type_name, ttl.default) == (
        "MOCKIDP_IMPERSONATION_TTL", "whole number", "120",
    )  # fmt: skip
    assert (rows["hosts"].type_name, rows["hosts"].default) == ("list of strings", "")
    assert (rows["profile"].type_name, rows["profile"].default) == ("one of auth0, oidc", "auth0")
    assert (rows["issuer"].type_name, rows["issuer"].default) == ("string", "")
    assert rows["impersonation.single_use"].default == "true"
