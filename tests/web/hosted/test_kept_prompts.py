"""A prompt that differs from an earlier one only in `state` is not rendered again."""

import pytest

from mockidp.flows.login.page_errors import PageError
from mockidp.web.hosted.picker import UserChoice, offer
from mockidp.web.pages import pages as module
from mockidp.web.pages.pages import Pages

USERS = [UserChoice(user_id=f"auth0|{name}", username=name) for name in ("alice", "bob")]


class CountingPages(Pages):
    """Counts the pages that are rendered."""

    rendered = 0

    def render(self, template, /, **values):
        self.rendered += 1
        return super().render(template, **values)


@pytest.fixture
def pages():
    return CountingPages()


def login(pages, state, **changed):
    return pages.prompt(
        "login",
        **{
            "tenant_name": "Acme",
            "client_name": "Shop",
            "state": state,
            "action_url": f"/u/login?state={state}",
            "username": "",
            "requires_username": False,
            "sign_up_url": f"/u/signup?state={state}",
            **offer(USERS, total=2),
            **changed,
        },
    )


def test_two_logins_share_all_but_the_state(pages):
    first, second = login(pages, "st-1_A"), login(pages, "another")
    assert pages.rendered == 1
    assert "another" not in first
    assert "st-1_A" not in second
    assert second.count("another") == first.count("st-1_A") == 7
    assert second == login(Pages(), "another") == first.replace("st-1_A", "another")


@pytest.mark.parametrize(
    "changed",
    [
        {"tenant_name": "Other"},
        {"client_name": "Other"},
        {"action_url": "/login?state=b"},
        {"username": "alice"},
        {"requires_username": True},
        {"sign_up_url": ""},
        {"hint": "Something else."},
        {"inviter": "Ann"},
        {"locale": "de"},
        {"texts": {**module.texts_of("login", "en", {}), "title": "Hello"}},
        {"screens": ("login-id",)},
        offer(USERS[:1], total=1),
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_every_other_value_counts(pages, changed):
    login(pages, "a")
    assert login(pages, "b", **changed) == login(Pages(), "b", **changed)
    assert pages.rendered == 2


def test_pages_with_an_error_are_rendered_each_time(pages):
    errors = {"password": PageError("wrong-credentials", "Wrong password")}
    login(pages, "a")
    assert "Wrong username or password" in login(pages, "a", errors=errors)
    assert login(pages, "b", errors=errors) == login(Pages(), "b", errors=errors)
    assert pages.rendered == 3


@pytest.mark.parametrize("state", ["", '"><script>', "a&b", "a b", "a\ud800b"])
def test_no_page_is_kept_for_a_state_that_needs_escapes(pages, state):
    login(pages, "a")
    assert login(pages, state) == login(Pages(), state)
    assert pages.rendered == 2


def test_a_page_of_values_that_cannot_be_compared_is_rendered_each_time(pages):
    assert login(pages, "a", users=USERS[:0], providers=[]) == login(
        pages, "a", users=USERS[:0], providers=[]
    )
    assert pages.rendered == 2


def test_few_pages_are_kept(pages):
    for number in range(100):
        login(pages, "a", client_name=f"Client {number}")
    kept = pages._kept.cache_info()
    assert kept.currsize == kept.maxsize == 16
