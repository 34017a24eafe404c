"""Code in hints: an element on pages, backticks in the header."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.html_page import Page
from helpers.tenant_client import TenantClient, hint
from mockidp.web.hosted.lock_words import WORDS
from mockidp.web.pages.code_spans import code_spans
from mockidp.web.pages.pages import Pages, template_environment
from mockidp.web.pages.prompt_text import PromptText


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Set `name`.", "Set <code>name</code>."),
        ("`a`, `b c` and d", "<code>a</code>, <code>b c</code> and d"),
        ("`<script>alert(1)</script>`", "<code>&lt;script&gt;alert(1)&lt;/script&gt;</code>"),
        (
            '<b>`a`</b> & "`\'`"',
            "&lt;b&gt;<code>a</code>&lt;/b&gt; &amp; &#34;<code>&#39;</code>&#34;",
        ),
        ("` `, `a ` and ` a`", "` `, `a ` and ` a`"),
        ("one ` alone", "one ` alone"),
        ("`a` and ` alone", "<code>a</code> and ` alone"),
        ("empty `` and ```", "empty `` and ```"),
        ("", ""),
    ],
)
def test_a_pair_of_backticks_is_an_element(text, html):
    assert code_spans(text) == html


@given(st.text("`<>&\"'a ", max_size=30))
def test_no_text_becomes_markup(text):
    page = Page(str(code_spans(text)))
    assert {tag for tag, _ in page.elements} <= {"code"}
    assert page.text.replace("`", "") == text.replace("`", "")


SCRIPT = "`<script>alert(1)</script>` and ` alone"


@pytest.mark.parametrize("template", ["prompt", "lock", "error", "console"])
def test_a_page_shows_no_script_of_a_hint(template):
    shown = Page(_render(template))
    (number,) = shown.find(**{"data-testid": "mockidp-hint"})
    assert shown.text_of(number).endswith("<script>alert(1)</script> and ` alone")
    codes = [shown.text_of(one) for one in shown.find("code")]
    assert "<script>alert(1)</script>" in codes


def _render(template):
    pages = Pages()
    if template == "error":
        return pages.error(
            tenant_name="Acme", error="e", description="d", tracking_id="t", status=400, hint=SCRIPT
        )
    if template == "console":
        return (
            template_environment()
            .from_string('{% from "console/parts.html" import hint %}{{ hint(text) }}')
            .render(text=SCRIPT)
        )
    if template == "lock":
        return pages.prompt(
            "lock-forgot-password", tenant_name="Acme", client_name="Web", state="s",
            action_url="/a", hint=SCRIPT, message="", invalid={}, back_url="/b", username="",
            words=PromptText({one: one for one in WORDS}),
        )  # fmt: skip
    return pages.prompt(
        "logout", tenant_name="Acme", client_name="Web", state="s", action_url="/a",
        hint=SCRIPT, username="", parameters={},
    )  # fmt: skip


def test_the_header_keeps_the_backticks():
    answer = TenantClient().get("/authorize?client_id=web&redirect_uri=https%3A%2F%2Fx.example")
    assert "`" in hint(answer)
    page = Page(answer.text)
    (number,) = page.find(**{"data-testid": "mockidp-hint"})
    assert hint(answer).replace("`", "") in page.text_of(number)
    assert page.find("code")
