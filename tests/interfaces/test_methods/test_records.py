"""The methods for the records of all types: add, get, list, patch, remove."""

import re

import pytest

from helpers.acme import API
from mockidp import MockIdPError
from mockidp.resources.registry import TYPES

# For each type: the arguments of add, a change, what the change looks like, and an unknown name.
CASES = {
    "user": (("carol",), {"blocked": True}, "nobody"),
    "client": (("shop",), {"callbacks": ["http://shop.example/"]}, "nothing"),
    "api": (("https://shop.example/",), {"token_lifetime": 60}, "https://nothing.example/"),
    "client_grant": ((), {"scope": ["read:items"]}, "cgr_unknown"),
    "connection": (("staff",), {"enabled_clients": ["web"]}, "nothing"),
    "role": (("editor",), {"description": "Edits."}, "nothing"),
    "organization": (("acme",), {"display_name": "Acme"}, "nothing"),
    "token_exchange_profile": (("legacy",), {"action": "exchange"}, "nothing"),
    "custom_domain": (("login.shop.example",), {"is_default": True}, "login.nothing.example"),
}
FIELDS = {
    "client_grant": {"client_id": "spa", "audience": API},
    "token_exchange_profile": {"subject_token_type": "urn:acme:legacy"},
}
PLURALS = {kind: f"{kind}s" for kind in CASES}
TITLES = {kind: kind.replace("_", " ") for kind in CASES} | {"api": "API"}


def test_every_type_has_a_case():
    assert {kind.name for kind in TYPES} == CASES.keys()


@pytest.fixture(params=CASES)
def kind(request):
    return request.param


@pytest.fixture
def method(idp, kind):
    """Return a function that calls a method for the type."""

    def call(verb, *arguments, **fields):
        name = f"{verb}_{PLURALS[kind] if verb == 'list' else kind}"
        return getattr(idp, name)(*arguments, **fields)

    return call


@pytest.fixture
def added(method, kind):
    names, _, _ = CASES[kind]
    return method("add", *names, **FIELDS.get(kind, {}))


def name_of(kind, record):
    names, _, _ = CASES[kind]
    return names[0] if names else record.id


def test_an_added_record_is_returned_and_listed(method, kind, added):
    assert method("get", name_of(kind, added)) == added
    assert added in method("list")


def test_an_added_record_has_the_id_of_its_type(kind, added):
    (prefix,) = (one.id_prefix for one in TYPES if one.name == kind)
    assert not prefix or re.fullmatch(f"{prefix}[A-Za-z0-9]{{16}}", added.id)


def test_a_patch_changes_only_the_given_fields(method, kind, added):
    _, change, _ = CASES[kind]
    changed = method("patch", name_of(kind, added), **change)
    for name, value in change.items():
        found = getattr(changed, name)
        assert (list(found) if isinstance(found, tuple) else found) == value
    kept = {name: getattr(added, name) for name in added.__dataclass_fields__}
    now = {name: getattr(changed, name) for name in added.__dataclass_fields__}
    assert {name for name in kept if kept[name] != now[name]} - {"updated_at"} == change.keys()
    assert method("get", name_of(kind, added)) == changed


def test_a_removed_record_is_no_longer_found(method, kind, added):
    before = method("list")
    method("remove", name_of(kind, added))
    assert method("list") == [one for one in before if one != added]
    with pytest.raises(MockIdPError, match=f"There is no {TITLES[kind]} "):
        method("get", name_of(kind, added))


@pytest.mark.parametrize("verb", ["get", "patch", "remove"])
def test_an_unknown_name_is_an_error(method, kind, verb):
    _, _, unknown = CASES[kind]
    with pytest.raises(MockIdPError) as refused:
        method(verb, unknown)
    assert str(refused.value).startswith(f"There is no {TITLES[kind]} ")
    assert ". Known: " in str(refused.value)


def test_an_unknown_field_is_an_error_with_its_place(method, kind, added):
    with pytest.raises(MockIdPError) as refused:
        method("patch", name_of(kind, added), no_such_field=1)
    assert "no_such_field: found an unknown key" in str(refused.value)


def test_a_user_is_found_by_every_name(idp):
    carol = idp.add_user("carol@acme.example")
    assert idp.get_user("carol") == idp.get_user("auth0|carol") == carol
    assert idp.get_user("carol@acme.example") == carol


def test_a_claim_is_listed_patched_and_removed(idp):
    idp.add_claim("plan", value="free")
    idp.add_claim("plan", value="pro", user="alice")
    assert [one.value for one in idp.list_claims()] == ["free", "pro"]
    changed = idp.patch_claim("plan", from_="user.email")
    assert (changed.path, changed.user) == ("user.email", "alice")
    assert [one.path for one in idp.list_claims()] == [None, "user.email"]
    assert idp.patch_claim("plan", value=7, in_="id_token").places == ("id_token",)
    idp.remove_claim("plan")
    assert idp.list_claims() == []


@pytest.mark.parametrize("verb", ["patch_claim", "remove_claim"])
def test_an_unknown_claim_is_an_error(idp, verb):
    idp.add_claim("plan", value=1)
    with pytest.raises(MockIdPError, match=r"^There is no claim 'team'. Known: plan\.$"):
        getattr(idp, verb)("team")


def test_an_error_in_a_patched_claim_has_its_place(idp):
    idp.add_claim("plan", value=1)
    with pytest.raises(MockIdPError, match=r"^claim 'plan': from: found "):
        idp.patch_claim("plan", from_="nowhere")
