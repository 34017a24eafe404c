"""The part of an error page that is mockidp's own: the console, and the request as a command."""

import shlex

import pytest

from helpers.html_page import Page


def command_on(page):
    parsed = Page(page.text)
    found = parsed.find(**{"data-testid": "curl"})
    return parsed.texts[found[0]] if found else None


@pytest.mark.parametrize("path", ["/authorize?client_id=it's&x=%7C", '/authorize?a="b"&c=$(d)'])
def test_the_command_repeats_the_request_as_it_was_sent(idp, path):
    page = idp.request("GET", path)
    assert page.status_code >= 400
    curl, option, url = shlex.split(command_on(page))
    assert (curl, option) == ("curl", "-i")
    assert url.startswith(idp.url)
    assert idp.request("GET", url.removeprefix(idp.url)).text.count('class="error-status"') == 1


def test_a_form_is_not_repeated_as_it_can_contain_a_password(idp):
    page = idp.post("/u/login", state="never", username="a", password="secret-of-alice")
    assert page.status_code == 400
    assert command_on(page) is None
    assert "secret-of-alice" not in page.text


def test_the_page_leads_to_its_step_in_the_journal(idp):
    page = Page(idp.get("/authorize", client_id="nobody").text)
    (link,) = page.find("a", **{"data-testid": "journal"})
    journal = idp.request("GET", page.elements[link][1]["href"]).location
    assert "nobody" in idp.request("GET", journal.partition("#")[0]).text
