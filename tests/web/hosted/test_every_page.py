"""Every page: well-formed, self-contained, labeled, and unharmed by hostile values."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.every_page import every_page
from mockidp.flows.accounts import page_errors as account_errors
from mockidp.flows.login import page_errors
from mockidp.flows.login.page_errors import PageError
from mockidp.tenant.texts import ENGLISH, built_in_texts
from mockidp.web import hosted
from mockidp.web.pages.pages import Pages, template_environment

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


HARMLESS = every_page(Pages(), "harmless")


@pytest.fixture(scope="module", params=sorted(HARMLESS))
def page(request, parse):
    return parse(HARMLESS[request.param])


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
    assert all(field["id"] in labelled or "aria-label" in field for field in visible)


def test_no_page_loads_anything(page):
    assert not {"img", "iframe", "object", "embed", "base"} & {t for t, _ in page.elements}
    assert page.all("link") == [{"rel": "icon", "href": "data:,"}]
    loading = [a for tag, a in page.elements if tag != "a" and LOADING & set(a)]
    assert loading == page.all("link")
    assert "url(" not in page.html
    assert "@import" not in page.html


def test_only_form_post_and_passkeys_have_a_script_and_no_page_has_inline_handlers(parse):
    parsed = {name: parse(html) for name, html in HARMLESS.items()}
    scripts = {name: len(one.all("script")) for name, one in parsed.items()}
    assert {name for name, count in scripts.items() if count} == {
        "form_post", "login-id-passkey", "passkey-enrollment",
    }  # fmt: skip
    for one in parsed.values():
        assert not [a for _, a in one.elements if any(n.startswith("on") for n in a)]


def test_every_form_is_posted_but_a_search(page):
    for one in page.forms:
        is_search = one["form"].get("role") == "search"
        assert one["form"]["method"] == ("get" if is_search else "post")


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_value_leaves_every_page_as_it_is(pages, parse, value):
    for name, html in every_page(pages, value).items():
        parsed, expected = parse(html), parse(HARMLESS[name])
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
    loader = template_environment().loader
    sources = "".join(loader.get_source(None, name)[0] for name in loader.list_templates())
    modules = (*vars(page_errors).values(), *vars(account_errors).values())
    codes = {one.code for one in modules if isinstance(one, PageError)}
    codes |= {one.code for _, one in account_errors.SIGN_UP_ERRORS.values()}
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
