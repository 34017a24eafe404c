"""What a click in the picker does: log in as usual, with other claims, as if blocked, with MFA."""

import json
from dataclasses import replace
from html import unescape

import pytest

from helpers.acme import ACME, with_settings
from helpers.html_page import Page
from helpers.mfa import MfaClient
from helpers.providers import AtProvider
from helpers.tenant_client import TenantClient, claims_of, hint, sent_to_callback
from mockidp.protocol.tokens.custom_claim import CustomClaim

PLAN = "https://acme.example/plan"
SCOPE = "openid profile email offline_access"


def pick(idp, answer, user="auth0|alice", *, login=None, **form):
    login = login or idp.authorize(scope=SCOPE).location
    return idp.submit(login, action="pick", user_id=user, answer=answer, **form)


def pick_with_claims(idp, claims, **form):
    return pick(idp, "claims", claims=json.dumps(claims), **form)


def id_token(idp, answer):
    code = sent_to_callback(idp.follow(answer))["code"]
    return claims_of(idp.redeem(code).json["id_token"])


def typed_in(page):
    """Return the text of the editor. As in a browser, the first line break belongs to the markup."""
    return Page(page.text).forms[0]["fields"]["claims"]["value"].removeprefix("\n")


def text_of(page, test_id):
    parsed = Page(page.text)
    (number,) = parsed.find(**{"data-testid": test_id})
    return parsed.texts[number]


@pytest.mark.parametrize("answer", ["usual", ""])
def test_a_click_logs_in_as_usual(idp, answer):
    assert id_token(idp, pick(idp, answer))["sub"] == "auth0|alice"


def test_an_unknown_answer_is_refused(idp):
    page = pick(idp, "never")
    assert page.status_code == 400
    assert "That answer cannot be chosen here" in page.text
    assert hint(page) == "Field `answer` is 'never'. Send one of usual, claims, blocked, mfa."


# --- claims ---


def test_the_editor_shows_the_claims_that_can_be_changed_and_the_whole_token(idp):
    page = pick(idp, "claims")
    assert page.status_code == 200
    typed = json.loads(typed_in(page))
    preview = json.loads(text_of(page, "id-token-preview"))
    assert typed["email"] == "alice@acme.example"
    assert not {"sub", "iss", "aud", "exp", "iat"} & set(typed)
    assert typed.items() <= preview.items()
    assert (preview["sub"], preview["aud"]) == ("auth0|alice", "web")


def test_claims_that_were_not_edited_are_those_of_a_usual_login(idp):
    unedited = typed_in(pick(idp, "claims"))
    edited = id_token(idp, pick(idp, "claims", claims=unedited))
    idp = idp.another_browser()
    usual = id_token(idp, pick(idp, "usual"))
    assert {**edited, "sid": usual["sid"]} == usual


def test_the_preview_is_what_happens(idp):
    login = idp.authorize(scope=SCOPE).location
    claims = {PLAN: "gold", "name": "Somebody"}
    page = pick_with_claims(idp, claims, login=login, show="preview")
    preview = json.loads(text_of(page, "id-token-preview"))
    issued = id_token(idp, pick_with_claims(idp, claims, login=login))
    assert (issued[PLAN], issued["name"]) == ("gold", "Somebody")
    assert {name: one for name, one in issued.items() if name != "sid"} == preview


def test_the_claims_are_those_of_one_login_and_of_its_refreshed_tokens(idp):
    code = sent_to_callback(idp.follow(pick_with_claims(idp, {PLAN: "gold"})))["code"]
    tokens = idp.redeem(code).json
    assert claims_of(tokens["id_token"])[PLAN] == "gold"
    refreshed = idp.refresh(tokens["refresh_token"]).json
    assert claims_of(refreshed["id_token"])[PLAN] == "gold"
    again = idp.another_browser()
    assert PLAN not in id_token(again, pick(again, "usual"))


def test_the_claims_are_only_in_the_id_token(idp):
    code = sent_to_callback(idp.follow(pick_with_claims(idp, {PLAN: "gold"})))["code"]
    assert PLAN not in idp.userinfo(idp.redeem(code).json["access_token"]).json


def test_claims_win_over_those_of_the_tenant_file():
    idp = TenantClient(with_settings(ACME, claims=(CustomClaim(claim=PLAN, value="file"),)))
    assert json.loads(typed_in(pick(idp, "claims")))[PLAN] == "file"
    assert id_token(idp, pick_with_claims(idp, {PLAN: "page"}))[PLAN] == "page"


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("{", "Line 1", "This is not JSON"),
        ('{\n "a": 1\n "b": 2}', "Line 3", "This is not JSON: Expecting ',' delimiter"),
        ("[]", "Line 1", "The JSON has to be an object"),
        ('{\n  "sub": "auth0|bob"\n}', "Line 2", "a claim that Auth0 does not restrict"),
        ('{"a": 1,\n "phone_number": "1"}', "Line 2", "phone_number needs the scope phone"),
        ('{"https://auth0.com/a": 1}', "Line 1", "a namespace of your own"),
        ('{"a": NaN}', "Line 1", "numbers must be finite"),
    ],
)
def test_a_mistake_is_marked_at_its_line(idp, text, line, why):
    page = pick(idp, "claims", claims=text)
    assert page.status_code == 400
    assert typed_in(page) == text
    shown = text_of(page, "claims-problems")
    assert line in shown
    assert why in shown
    assert f"{line}: " in hint(page)
    assert text.split("\n")[int(line[-1]) - 1] in shown
    assert Page(page.text).find(**{"data-testid": "id-token-preview"}) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[" * 20_000, "nested too deeply"),
        ('{"\\u0073ub": 1}', "a claim that Auth0 does not restrict"),
    ],
)
def test_a_mistake_without_a_line_is_reported(idp, text, why):
    page = pick(idp, "claims", claims=text)
    assert page.status_code == 400
    assert why in unescape(text_of(page, "claims-problems"))


def test_claims_that_are_too_large_together_with_those_of_the_file_are_reported():
    large = CustomClaim(claim=PLAN, value="x" * 90_000)
    idp = TenantClient(with_settings(ACME, claims=(large,)))
    page = pick(idp, "claims", claims=json.dumps({"a": "x" * 20_000}))
    assert page.status_code == 400
    assert "Auth0 accepts at most" in text_of(page, "claims-problems")


def test_windows_line_ends_of_a_browser_do_not_shift_the_lines(idp):
    page = pick(idp, "claims", claims='{\r\n  "sub": 1\r\n}')
    assert "Line 2" in text_of(page, "claims-problems")


def test_without_openid_the_page_says_that_there_is_no_id_token(idp):
    login = idp.authorize(scope="email").location
    assert "so no ID token will be issued" in pick(idp, "claims", login=login).text


def test_claims_work_on_the_identifier_page_and_at_an_identity_provider():
    idp = AtProvider()
    login = idp.authorize(scope="openid").location
    user = next(one for one in idp.tenant.directory.users if one.startswith("google"))
    answer = pick_with_claims(idp, {PLAN: "gold"}, login=login, user=user)
    assert answer.location.startswith("/login/callback")
    assert id_token(idp, answer)[PLAN] == "gold"


def test_the_claims_chosen_for_one_user_are_not_those_of_another(idp):
    login = idp.authorize(scope=SCOPE).location
    pick_with_claims(idp, {PLAN: "gold"}, login=login)
    back = idp.submit(login, username="bob@acme.example", password="Passw0rd!", action="default")
    claims = id_token(idp, back)
    assert claims["sub"] == "auth0|bob"
    assert PLAN not in claims


# --- blocked ---


def test_a_login_is_refused_as_if_the_user_were_blocked(idp):
    parameters = sent_to_callback(pick(idp, "blocked"))
    assert parameters["error"] == "unauthorized"
    assert parameters["error_description"] == "user is blocked"
    assert "code" not in parameters
    assert not idp.tenant.directory.user("auth0|alice").blocked
    assert id_token(idp, pick(idp, "usual"))["sub"] == "auth0|alice"


def test_the_refusal_equals_that_of_a_blocked_user(idp):
    refused = sent_to_callback(pick(idp, "blocked"))
    blocked = [
        replace(one, blocked=True) if one.user_id == "auth0|alice" else one for one in ACME.users
    ]
    really = TenantClient(replace(ACME, users=tuple(blocked)))
    assert sent_to_callback(really.follow(pick(really, "usual"))) == refused


def test_the_hint_of_a_blocked_login_names_the_choice(idp):
    answer = pick(idp, "blocked")
    assert hint(answer) == (
        "On the login page, user auth0|alice was chosen to be blocked for this login only."
    )


# --- a second factor ---


def test_a_second_factor_is_asked_for_although_no_policy_requires_it():
    idp = MfaClient(policies=())
    assert "code" in sent_to_callback(idp.follow(pick(idp, "usual")))
    idp = idp.another_browser()
    answer = idp.follow(pick(idp, "mfa"))
    assert answer.location.startswith("/u/mfa-otp-enrollment-qr?")


def test_without_a_factor_none_can_be_asked_for(idp):
    page = pick(idp, "mfa")
    assert page.status_code == 400
    assert "No second factor can be asked for here" in page.text
    assert hint(page) == "No second factor is enabled. Enable one in `guardianFactors`."
