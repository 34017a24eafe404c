"""The words of a fault: their definitions, endpoints and contradictions."""

import json
from dataclasses import fields, replace
from typing import get_args

import pytest

from mockidp.codec.descriptions import descriptions_of
from mockidp.codec.mistakes import ConfigError
from mockidp.codec.write import to_file
from mockidp.faults import Fault, When
from mockidp.faults.fault import Refuse, Wrong
from mockidp.faults.refusals import REFUSALS
from mockidp.faults.vocabulary import ENDPOINTS, PLACES, WRONG_AT
from mockidp.faults.words import WORDS
from mockidp.protocol.errors.error_codes import CODES
from mockidp.tenant.config.fault import parse_fault
from mockidp.tenant.config.load import parse_tenant
from mockidp.tenant.config.plain import structure_tenant
from mockidp.tenant.content.overrides import setting_names

NO_WORDS = {"endpoint", "name", "when", "times", "after", "probability"}


def mistakes(**words):
    with pytest.raises(ConfigError) as refused:
        parse_fault(words)
    return [str(mistake) for mistake in refused.value.mistakes]


def test_every_other_field_of_a_fault_is_a_word():
    assert list(WORDS) == [field.name for field in fields(Fault) if field.name not in NO_WORDS]
    assert list(REFUSALS) == list(get_args(Refuse))
    assert {one for names in WRONG_AT.values() for one in names} == set(get_args(Wrong))


def test_every_word_is_described_with_the_bug_that_it_finds():
    described = descriptions_of(Fault)
    assert set(described) == {field.name for field in fields(Fault)}
    for text in (
        *described.values(),
        *(one.finds for one in (*WORDS.values(), *REFUSALS.values())),
    ):
        assert text[0].isupper()
        assert text.endswith(".")


def test_every_word_has_known_endpoints():
    for name, word in (*WORDS.items(), *REFUSALS.items()):
        assert word.places
        assert set(word.places) <= set(PLACES), name


def test_every_endpoint_can_be_delayed_replaced_and_dropped():
    assert all(set(ENDPOINTS) <= set(WORDS[name].places) for name in ("delay", "status", "drop"))


# --- from plain data ---


def test_keywords_and_json_make_the_same_fault():
    fault = parse_fault(
        {
            "endpoint": "id_token",
            "name": "odd",
            "when": {"client": "web", "user": "alice"},
            "times": 2,
            "after": 1,
            "probability": 0.5,
            "set": {"exp": "tomorrow", "roles": ["a", {"b": None}]},
            "remove": ("nonce",),
            "header": {"typ": None},
            "wrong": "aud",
        }
    )
    assert fault == Fault(
        endpoint="id_token",
        name="odd",
        when=When(client="web", user="alice"),
        times=2,
        after=1,
        probability=0.5,
        set={"exp": "tomorrow", "roles": ["a", {"b": None}]},
        remove=("nonce",),
        header={"typ": None},
        wrong=("aud",),
    )
    assert parse_fault(json.loads(json.dumps(to_file(fault)))) == fault


@pytest.mark.parametrize("wrong", ["iss", ["iss"], ["iss", "sub"]])
def test_wrong_accepts_one_value_or_a_list(wrong):
    fault = parse_fault({"endpoint": "id_token", "wrong": wrong})
    assert fault.wrong == ((wrong,) if isinstance(wrong, str) else tuple(wrong))


@pytest.mark.parametrize("name", sorted(set(CODES)))
def test_every_error_of_auth0_is_known(name):
    assert parse_fault({"endpoint": "token", "error": name}).error == name


# --- mistakes ---


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"endpoint": "tokn", "rate_limit": True}, f"fault: endpoint: found the string 'tokn', expected one of {', '.join(PLACES)}; did you mean token?"),
        ({"endpoint": "status", "drop": True}, "fault: endpoint: found the string 'status', expected one of"),
        ({"endpoint": "token", "rate_limits": True}, "fault: rate_limits: found an unknown key, expected one of endpoint, name, when, times"),
        ({"rate_limit": True}, "fault: endpoint: found nothing, expected a value: endpoint is required"),
        ({"endpoint": "token", "rate_limit": "yes"}, "fault: rate_limit: found the string 'yes', expected true or false"),
        ({"endpoint": "token", "when": {"cleint": "web"}, "drop": True}, "fault: when.cleint: found an unknown key, expected one of client, user, audience, grant, method, resource; did you mean client?"),
        ({"endpoint": "management", "when": {"resource": "user"}, "status": 503}, "verifiable-credentials; did you mean users?"),
        ({"endpoint": "management", "when": {"resource": "/users"}, "status": 503}, "fault: when.resource: found the string '/users', expected one of actions, agents, anomaly, "),
        ({"endpoint": "management", "when": {"method": "post"}, "status": 503}, "fault: when.method: found the string 'post', expected one of GET, HEAD, POST, PUT, PATCH, DELETE; did you mean POST?"),
        ({"endpoint": "management", "when": {"method": "UPDATE"}, "status": 503}, "fault: when.method: found the string 'UPDATE', expected one of GET"),
        ({"endpoint": "token", "when": {"resource": "users"}, "status": 503}, "fault: when: found resource at token, expected the endpoint management for a resource"),
        ({"endpoint": "token", "when": "web", "drop": True}, "fault: when: found the string 'web', expected a mapping"),
        ({"endpoint": "token"}, "fault: endpoint: found a fault without an effect, expected an effect: delay, status, rate_limit, malformed_json, content_type, truncate, drop, drip, set, remove, error or refuse"),
        ({"endpoint": "id_token"}, "fault: endpoint: found a fault without an effect, expected an effect: set, remove, header, expired, not_yet_valid, wrong, alg, kid or signature"),
        ({"endpoint": "token", "delay": 0}, "fault: endpoint: found a fault without an effect"),
        ({"endpoint": "token", "body": "x"}, "fault: body: found only body, expected status as well"),
        ({"endpoint": "token", "body": "x", "drip": 1}, "fault: body: found body alone, expected status as well"),
        ({"endpoint": "token", "headers": {"a": "b"}, "drip": 1}, "fault: headers: found headers alone, expected status, rate_limit, error or refuse as well"),
        ({"endpoint": "token", "description": "x", "status": 400}, "fault: description: found description alone, expected error as well"),
        ({"endpoint": "token", "times": 0, "drop": True}, "fault: times: found the number 0, expected a number from 1 to 1000000000"),
        ({"endpoint": "token", "times": True, "drop": True}, "fault: times: found the boolean true, expected a whole number"),
        ({"endpoint": "token", "after": -1, "drop": True}, "fault: after: found the number -1, expected a number from 0 to 1000000000"),
        ({"endpoint": "token", "probability": 1.1, "drop": True}, "fault: probability: found the number 1.1, expected a number from 0 to 1"),
        ({"endpoint": "token", "probability": -0.1, "drop": True}, "fault: probability: found the number -0.1, expected a number from 0 to 1"),
        ({"endpoint": "token", "probability": float("nan"), "drop": True}, "fault: probability: found the number nan, expected a number from 0 to 1"),
        ({"endpoint": "token", "delay": -1}, "fault: delay: found the number -1, expected a number from 0 to 86400"),
        ({"endpoint": "token", "delay": float("inf")}, "fault: delay: found the number inf, expected a number from 0 to 86400"),
        ({"endpoint": "token", "drip": -0.5}, "fault: drip: found the number -0.5, expected a number from 0 to 86400"),
        ({"endpoint": "token", "truncate": -1}, "fault: truncate: found the number -1, expected a number from 0 to 1000000000"),
        ({"endpoint": "token", "status": 103}, "fault: status: found the number 103, expected a number from 200 to 599"),
        ({"endpoint": "token", "status": 600}, "fault: status: found the number 600, expected a number from 200 to 599"),
        ({"endpoint": "token", "error": "invalid_grnt"}, "did you mean invalid_grant?"),
        ({"endpoint": "token", "refuse": "code_usd"}, "expected one of code_used, refresh_token_revoked, login_required, consent_required, otp_expired, user_blocked, provider_failed, link_expired, link_replayed, link_tampered; did you mean code_used?"),
        ({"endpoint": "id_token", "alg": "ES256"}, "fault: alg: found the string 'ES256', expected one of none, HS256"),
        ({"endpoint": "id_token", "wrong": "audience"}, "fault: wrong[0]: found the string 'audience', expected one of iss, aud, azp, nonce, sub, state, issuer"),
        ({"endpoint": "id_token", "wrong": 1}, "fault: wrong: found the number 1, expected a list of strings"),
        ({"endpoint": "token", "set": {"x": {1, 2}}}, "fault: set.x: found {1, 2}, expected a JSON value: a string, number, true, false, null, list or mapping"),
        ({"endpoint": "token", "status": 500, "headers": {"a b": "c"}}, "fault: headers: found a mapping, expected valid names of header fields, unlike 'a b'"),
        ({"endpoint": "token", "status": 500, "headers": {"": "c"}}, "expected valid names of header fields, unlike ''"),
        ({"endpoint": "token", "status": 500, "headers": {"A": "c\r\nB: d"}}, "fault: headers: found a mapping, expected printable ASCII as values, unlike the value of A"),
        ({"endpoint": "token", "status": 500, "headers": {"A": 5}}, "fault: headers.A: found the number 5, expected a string"),
        ({"endpoint": "token", "content_type": "text/\n"}, "fault: content_type: found the string 'text/\\n', expected printable ASCII"),
        ({"endpoint": "token", "expired": True}, "fault: expired: found expired at token, expected expired at id_token, access_token or logout_token"),
        ({"endpoint": "id_token", "drop": True}, "fault: drop: found drop at id_token, expected drop at authorize, login"),
        ({"endpoint": "*", "set": {"a": 1}}, "fault: set: found set at *, expected set at token, par, register, device_code"),
        ({"endpoint": "token", "empty": True}, "fault: empty: found empty at token, expected empty at jwks"),
        ({"endpoint": "jwks", "error": "server_error"}, "fault: error: found error at jwks, expected error at authorize"),
        ({"endpoint": "access_token", "wrong": "nonce"}, "fault: wrong: found wrong nonce at access_token, expected iss, aud, azp or sub"),
        ({"endpoint": "callback", "wrong": "aud"}, "fault: wrong: found wrong aud at callback, expected state"),
        ({"endpoint": "discovery", "wrong": "iss"}, "fault: wrong: found wrong iss at discovery, expected issuer"),
        ({"endpoint": "authorize", "refuse": "code_used"}, "fault: refuse: found code_used at authorize, expected code_used at token"),
        ({"endpoint": "token", "refuse": "link_expired"}, "fault: refuse: found link_expired at token, expected link_expired at impersonation_link"),
        ({"endpoint": "userinfo", "refuse": "code_used"}, "fault: refuse: found refuse at userinfo, expected refuse at authorize, token, connection, callback or impersonation_link"),
        ({"endpoint": "token", "drop": True, "status": 503}, "fault: status: found status together with drop, expected one of the two"),
        ({"endpoint": "token", "rate_limit": True, "error": "server_error"}, "fault: rate_limit: found rate_limit together with error, expected one of the two"),
        ({"endpoint": "token", "error": "server_error", "refuse": "code_used"}, "fault: refuse: found refuse together with error, expected one of the two"),
        ({"endpoint": "token", "status": 400, "refuse": "code_used"}, "fault: status: found status together with refuse, expected one of the two"),
        ({"endpoint": "token", "status": 400, "set": {"a": 1}}, "fault: set: found set together with status, expected one of the two"),
        ({"endpoint": "token", "drop": True, "drip": 1}, "fault: drip: found drip together with drop, expected one of the two"),
        ({"endpoint": "token", "error": "server_error", "status": 500, "body": "x"}, "fault: error: found error together with body, expected one of the two"),
        ({"endpoint": "id_token", "expired": True, "not_yet_valid": True}, "fault: not_yet_valid: found not_yet_valid together with expired, expected one of the two"),
        ({"endpoint": "id_token", "alg": "none", "signature": "broken"}, "fault: signature: found signature together with alg, expected one of the two"),
        ({"endpoint": "jwks", "empty": True, "stale": True}, "fault: stale: found stale together with empty, expected one of the two"),
    ],
)  # fmt: skip
def test_an_invalid_fault_is_reported_with_a_fix(words, expected):
    (message,) = [one for one in mistakes(**words) if expected in one]
    assert message.startswith("fault: ")


def test_each_mistake_is_reported_once():
    assert len(mistakes(endpoint="tokn", rate_limit=True)) == 1
    assert len(mistakes(endpoint="token", drop=True, status=503)) == 1
    assert len(mistakes(endpoint="token")) == 1


def test_all_mistakes_are_reported_together():
    reported = mistakes(endpoint="jwks", expired=True, kid="x", times=0)
    assert [one.split(": ")[1] for one in reported] == ["times", "expired", "kid"]


@pytest.mark.parametrize(
    "words",
    [
        {"endpoint": "token", "delay": 1, "drop": True},
        {"endpoint": "token", "delay": 1, "rate_limit": True, "headers": {"Retry-After": "9"}},
        {"endpoint": "token", "error": "invalid_grant", "status": 400, "headers": {"A": "b"}},
        {
            "endpoint": "token",
            "status": 503,
            "truncate": 3,
            "drip": 0.1,
            "content_type": "text/html",
        },
        {
            "endpoint": "token",
            "set": {"a": 1},
            "remove": ["b"],
            "malformed_json": True,
            "truncate": 9,
        },
        {
            "endpoint": "id_token",
            "expired": True,
            "alg": "none",
            "kid": "x",
            "wrong": ["iss", "azp"],
        },
    ],
)
def test_compatible_words_can_be_combined(words):
    assert parse_fault(words).endpoint == words["endpoint"]


# --- in a tenant file ---

FILE = """\
mockidp:
  faults:
    - endpoint: token
      rate_limit: true
      times: 2
    - endpoint: id_token
      when: {client: web}
      wrong: aud
"""


def test_a_tenant_file_can_contain_faults():
    document = parse_tenant(FILE)
    assert document.mockidp.faults == (
        Fault(endpoint="token", rate_limit=True, times=2),
        Fault(endpoint="id_token", when=When(client="web"), wrong=("aud",)),
    )
    assert structure_tenant(to_file(document)) == document


def test_a_mistake_in_a_file_has_its_path_and_line():
    broken = FILE.replace("times: 2", "status: 503").replace("wrong: aud", "wrong: state")
    with pytest.raises(ConfigError) as refused:
        parse_tenant(broken, source="t.yaml")
    assert str(refused.value).splitlines() == [
        "t.yaml:5: mockidp.faults[0].status: found status together with rate_limit, expected one of the two",
        "t.yaml:8: mockidp.faults[1].wrong: found wrong state at id_token, expected iss, aud, azp, nonce or sub",
    ]


def test_a_fault_without_an_effect_is_reported_with_a_line():
    with pytest.raises(ConfigError) as refused:
        parse_tenant(
            "mockidp:\n  faults:\n    - times: 3\n      endpoint: token\n", source="t.yaml"
        )
    assert str(refused.value).startswith(
        "t.yaml:4: mockidp.faults[0].endpoint: found a fault without an effect"
    )


def test_faults_are_not_a_setting_of_the_command_line():
    assert "faults" not in setting_names()


def test_a_fault_can_be_replaced_with_a_changed_copy():
    fault = Fault(endpoint="token", rate_limit=True)
    assert replace(fault, times=1) == parse_fault(
        {"endpoint": "token", "rate_limit": True, "times": 1}
    )
