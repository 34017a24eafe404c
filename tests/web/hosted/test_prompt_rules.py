"""Every prompt has the markup that scripts written for Auth0 operate, and its own part apart."""

import re

import pytest

from helpers.every_page import WithHint, every_page
from helpers.html_page import WORDS_OF_AUTH0
from mockidp.web.pages.pages import template_environment

WITHOUT_FORM = {"account-result"}
PROMPT = re.compile(r'{% extends "(prompt|login)\.html" %}')


def templates():
    """Return the names of all templates that are prompts."""
    loader = template_environment().loader
    sources = {name: loader.get_source(None, name)[0] for name in loader.list_templates()}
    names = {name.removesuffix(".html") for name in sources if PROMPT.search(sources[name])}
    return sorted(names - WITHOUT_FORM)


HARMLESS = every_page(WithHint(), "harmless")


def test_every_prompt_is_among_the_pages():
    assert {*templates(), *WITHOUT_FORM} <= set(HARMLESS)


@pytest.fixture(scope="module", params=templates())
def prompt(request, parse):
    return parse(HARMLESS[request.param])


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
    assert prompt.all("script") == ([{}] if "data-passkey" in prompt.html else [])
    assert not re.search("show password|captcha", prompt.html, re.IGNORECASE)


def test_mockidps_own_part_comes_last_and_matches_no_selector_of_auth0s(prompt):
    start = own_part(prompt)
    assert start > prompt.find("form")[0]
    own = prompt.elements[start:]
    buttons = [attributes for tag, attributes in own if tag == "button"]
    assert all("type" not in one and one.get("name") != "action" for one in buttons)
    assert {one["type"] for tag, one in own if tag == "input"} <= {"hidden", "radio", "search"}
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


DECLINABLE = {"Authorize harmless", "Log out | harmless"}
"""Pages whose question has two answers."""


def test_canceling_is_not_in_the_primary_form(prompt):
    denying = {"deny", "pick"} & {*prompt.forms[0]["actions"]}
    assert denying == ({"deny"} if prompt.title in DECLINABLE else set())


WITHOUT_REFUSAL = {"form_post"}


def test_every_page_has_the_hint_once_and_after_the_form(parse):
    for name, html in HARMLESS.items():
        page = parse(html)
        hints = page.find(**{"data-testid": "mockidp-hint"})
        forms = page.find("form")
        assert (name, len(hints)) == (name, 0 if name in WITHOUT_REFUSAL else 1)
        if name.startswith("lock"):
            assert hints[0] > forms[0], name


def test_the_hint_is_in_mockidps_own_part(prompt):
    (number,) = prompt.find(**{"data-testid": "mockidp-hint"})
    assert number > own_part(prompt)
