"""Every page: well-formed, self-contained, labeled, and unharmed by hostile values."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.html_page import WORDS_OF_AUTH0
from mockidp.flows.accounts import page_errors as account_errors
from mockidp.flows.login import page_errors
from mockidp.flows.login.page_errors import PageError
from mockidp.resources.organization import Organization
from mockidp.tenant.texts import ENGLISH, built_in_texts, texts_of
from mockidp.web import hosted
from mockidp.web.hosted import mfa
from mockidp.web.hosted.picker import UserChoice, offer
from mockidp.web.pages import Pages
from mockidp.web.qr_code import qr_code

LOADING = {"src", "srcset", "href", "poster", "data", "background", "formaction"}
HOSTILE = [
    '"><script>alert(1)</script>',
    "' onfocus='alert(1)' x='",
    "</style></title></textarea><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }} {% raw %}",
    "山田太郎",
    "مستخدم \u202etset",
    "\x00\x1f\ufffe",
    "a\ud800b",
    "  ",
    "W" * 10_000,
]


def every_page(pages, value):
    """Render all pages, with the value in every argument."""
    user = UserChoice(user_id=value, username=value, name=value)
    common = {"tenant_name": value, "action_url": value}
    request = {**common, "client_name": value, "state": value, "username": value}
    refused = PageError(value, value)
    errors = {"": refused, "username": refused, "password": refused}
    login = {**request, **offer([user, user]), "errors": errors, "hint": value, "inviter": value}
    return {
        "login": pages.prompt(
            "login", **login, requires_username=False, sign_up_url="/u/signup", reset_url="/u/reset"
        ),
        "login-id": pages.prompt("login-id", **login, requires_username=True, is_phone=False),
        "login-id-phone": pages.prompt("login-id", **login, requires_username=False, is_phone=True),
        **{
            screen: pages.prompt(screen, **login, address=value, edit_url="/u/login/identifier")
            for screen in ("login-passwordless-email-code", "login-passwordless-sms-otp")
        },
        "login-password": pages.prompt("login-password", **login, edit_url="/u/login/identifier"),
        "organization-selection": pages.prompt(
            "organization-selection",
            **{**request, "errors": {**errors, "organizationName": refused}},
            typed=value,
            offers_personal_account=True,
        ),
        "organization-picker": pages.prompt(
            "organization-picker",
            **request,
            errors=errors,
            organizations=[
                Organization(id=value, name="a", display_name=value),
                Organization(id="org_b", name="b"),
            ],
            offers_personal_account=True,
        ),
        "device-code-activation": pages.prompt(
            "device-code-activation",
            **{**request, "errors": {"code": refused}, "state": ""},
            user_code=value,
        ),
        "device-code-confirmation": pages.prompt(
            "device-code-confirmation", **request, user_code=value
        ),
        **{
            name: pages.prompt(
                name,
                **request,
                errors=errors,
                email=value,
                needs_username=True,
                policy=value,
                login_url="/u/login",
                edit_url="/u/signup/identifier",
            )
            for name in ("signup", "signup-id", "signup-password")
        },
        "reset-password-request": pages.prompt(
            "reset-password-request", **request, errors=errors, requires_username=True, back_url="/"
        ),
        "reset-password-email": pages.prompt("reset-password-email", **request),
        "reset-password": pages.prompt(
            "reset-password", **request, errors={"password-reset": refused}, policy=value
        ),
        "account-result": pages.prompt(
            "account-result",
            **request,
            texts=texts_of("reset-password-success", "en", {}),
            heading="eventTitle",
            description="description",
            back_url="/",
            hint=value,
        ),
        **{
            screen: pages.prompt(
                screen,
                **request,
                errors={**errors, "code": refused, "phone": refused, "email": refused},
                hint=value,
                address=value,
                qr_code=qr_code("x"),
                uri=value,
                secret=value,
                recovery_code=value,
                is_enrollment="enrollment" in screen,
                choices=["otp", "phone", "email", "push-notification", "recovery-code"],
                code=value,
            )
            for screen in mfa.SCREENS
        },
        "consent": pages.prompt("consent", **request, audience=value, scopes=[value, "openid"]),
        "error": pages.error(
            tenant_name=value,
            error=value,
            description=value,
            tracking_id=value,
            status=400,
            hint=value,
        ),
        "logout_confirm": pages.logout_confirm(**common, parameters={"state": value, value: "x"}),
        "signed_out": pages.signed_out(tenant_name=value),
        "form_post": pages.form_post(redirect_uri=value, parameters={"state": value, value: "x"}),
    }


@pytest.fixture(scope="module", params=sorted(every_page(Pages(), "")))
def page(request, pages, parse):
    return parse(every_page(pages, "harmless")[request.param])


def test_every_page_says_that_it_is_a_mock(page):
    assert "mockidp - a mock identity provider for tests" in page.text


def test_every_page_is_a_whole_html_document(page):
    assert page.html.startswith("<!DOCTYPE html>\n<html lang=")
    assert [tag for tag, _ in page.elements if tag in {"html", "head", "title", "body", "main", "h1"}] == [
        "html", "head", "title", "body", "main", "h1",
    ]  # fmt: skip
    assert {"charset": "utf-8"} in page.all("meta")


def test_every_id_is_unique_and_every_reference_has_its_target(page):
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    references = [
        attributes[name]
        for _, attributes in page.elements
        for name in ("for", "aria-labelledby", "aria-describedby")
        if name in attributes
    ]
    assert set(references) <= set(ids)


def test_every_visible_field_has_a_label(page):
    labelled = {label["for"] for label in page.all("label")}
    visible = [
        field
        for field in page.all("input")
        if field["type"] != "hidden" and field.get("aria-hidden") != "true"
    ]
    assert all(field["id"] in labelled for field in visible)


def test_no_page_loads_anything(page):
    assert not {"img", "iframe", "object", "embed", "base"} & {t for t, _ in page.elements}
    assert page.all("link") == [{"rel": "icon", "href": "data:,"}]
    loading = [a for tag, a in page.elements if tag != "a" and LOADING & set(a)]
    assert loading == page.all("link")
    assert "url(" not in page.html
    assert "@import" not in page.html


def test_only_the_form_post_page_has_a_script_and_none_has_inline_handlers(pages, parse):
    scripts = {
        name: len(parse(html).all("script")) for name, html in every_page(pages, "x").items()
    }
    assert {name for name, count in scripts.items() if count} == {"form_post"}
    for html in every_page(pages, "x").values():
        assert not [a for _, a in parse(html).elements if any(n.startswith("on") for n in a)]


def test_every_form_is_posted(page):
    assert {form["form"]["method"] for form in page.forms} <= {"post"}


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_value_leaves_every_page_as_it_is(pages, parse, value):
    hostile, harmless = every_page(pages, value), every_page(pages, "harmless")
    for name, html in hostile.items():
        parsed, expected = parse(html), parse(harmless[name])
        assert [tag for tag, _ in parsed.elements] == [tag for tag, _ in expected.elements]
        assert [sorted(a) for _, a in parsed.elements] == [sorted(a) for _, a in expected.elements]
        html.encode("utf-8")


@given(value=st.text())
def test_any_text_is_whole_in_a_hidden_field(pages, parse, value):
    parameters = {"code": "c", "state": value}
    parsed = parse(pages.form_post(redirect_uri="http://localhost:3000/cb", parameters=parameters))
    assert parsed.values(0) == parameters


HANDLERS = Path(hosted.__file__).parent
REASONS = ("Expired", "Used", "Generic")


def test_every_text_belongs_to_a_template_or_an_error():
    loader = Pages()._environment.loader
    sources = "".join(loader.get_source(None, name)[0] for name in loader.list_templates())
    modules = (*vars(page_errors).values(), *vars(account_errors).values())
    codes = {one.code for one in modules if isinstance(one, PageError)}
    codes |= {one.code for _, one in account_errors._OF_SIGN_UPS.values()}
    keys = {
        key
        for screens in built_in_texts(ENGLISH).values()
        for texts in screens.values()
        for key in texts
    }
    of_handlers = "".join(one.read_text() for one in HANDLERS.glob("*.py"))
    unused = {key for key in keys - codes if f'"{key}"' not in sources + of_handlers}
    # The name of an error is a part of these keys.
    assert unused <= {f"{part}{why}" for part in ("eventTitle", "description") for why in REASONS}


# --- prompts: the pages that scripts written for Auth0 operate ---


class WithHint(Pages):
    """Pages with a hint on every prompt."""

    def prompt(self, name, /, **values):
        return super().prompt(name, **{"hint": "What happened. What to do."} | values)


WITHOUT_FORM = {"account-result"}
PROMPT = re.compile(r'{% extends "(prompt|login)\.html" %}')


def templates():
    """Return the names of all templates that are prompts."""
    loader = Pages()._environment.loader
    sources = {name: loader.get_source(None, name)[0] for name in loader.list_templates()}
    names = {name.removesuffix(".html") for name in sources if PROMPT.search(sources[name])}
    return sorted(names - WITHOUT_FORM)


def test_every_prompt_is_among_the_pages(pages):
    assert {*templates(), *WITHOUT_FORM} <= set(every_page(pages, "x"))


@pytest.fixture(scope="module", params=templates())
def prompt(request, parse):
    return parse(every_page(WithHint(), "harmless")[request.param])


def own_part(prompt):
    """Return the number of the first element of mockidp's own part."""
    return min(
        number
        for attributes in ({"data-testid": "picker"}, {"class": "mockidp"})
        for number in prompt.find("section", **attributes)
    )


def test_the_first_form_is_the_primary_one_with_auth0s_markup(prompt):
    form = prompt.forms[0]["form"]
    assert form["data-form-primary"] == "true"
    assert all(stem.startswith("_form-") for stem in form["class"].split())
    assert [one["form"].get("data-form-primary") for one in prompt.forms[1:]].count("true") == 0
    assert prompt.all("body") == [{"class": "_widget-auto-layout"}]


def test_the_first_button_is_the_primary_one(prompt):
    first, *others = prompt.all("button")
    assert first["type"] == "submit"
    assert first["data-action-button-primary"] == "true"
    assert first["name"] in {"action", "organization"}
    stems = {stem.removeprefix("_form-") for stem in prompt.forms[0]["form"]["class"].split()}
    assert {f"_button-{stem}" for stem in stems} <= {*first["class"].split()}
    assert not [one for one in others if "data-action-button-primary" in one]


def test_no_class_is_a_hash(prompt):
    classes = " ".join(attributes.get("class", "") for _, attributes in prompt.elements)
    assert not re.search(r"\bc?[0-9a-f]{8,}\b", classes)


def test_a_prompt_works_without_scripts_and_asks_for_nothing_of_its_own(prompt):
    assert prompt.all("script") == []
    assert not re.search("show password|captcha", prompt.html, re.IGNORECASE)


def test_mockidps_own_part_comes_last_and_matches_no_selector_of_auth0s(prompt):
    start = own_part(prompt)
    assert start > prompt.find("form")[0]
    own = prompt.elements[start:]
    buttons = [attributes for tag, attributes in own if tag == "button"]
    assert all("type" not in one and one.get("name") != "action" for one in buttons)
    assert {one["type"] for tag, one in own if tag == "input"} <= {"hidden"}
    assert not [one for _, one in own if any(n.startswith("data-action-button") for n in one)]
    assert not [one for _, one in own if re.search("_form|_button|ulp-", one.get("class", ""))]


def test_no_name_in_mockidps_own_part_contains_a_word_that_scripts_look_for(prompt):
    start = own_part(prompt)
    names = [
        prompt.text_of(number)
        for number, (tag, _) in enumerate(prompt.elements)
        if number > start and tag in {"h2", "h3", "label", "legend", "summary", "button"}
    ]
    names += [one.get("aria-label", "") for _, one in prompt.elements[start:]]
    assert [name for name in names if WORDS_OF_AUTH0.search(name)] == []


def test_canceling_is_not_in_the_primary_form(prompt):
    denying = {"deny", "pick"} & {*prompt.forms[0]["actions"]}
    assert denying == ({"deny"} if prompt.title == "Authorize harmless" else set())


def test_the_hint_is_in_mockidps_own_part(prompt):
    (number,) = prompt.find(**{"data-testid": "mockidp-hint"})
    assert number > own_part(prompt)
