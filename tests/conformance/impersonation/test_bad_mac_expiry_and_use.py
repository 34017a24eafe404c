"""The hint for a link that has no state, was used, has expired, or belongs to another server."""

from dataclasses import replace

import pytest

from mockidp.flows.impersonation.causes import reused
from mockidp.protocol.impersonation.bewit import make_bewit


@pytest.mark.parametrize("state", ["", None])
def test_an_empty_state(http, refuse, state, causes):
    link = http.link(state=state)
    answer = http.get(link)
    assert answer.status_code == 401
    assert answer.json["error_description"] == "Impersonation - Bad mac"
    assert causes(http, link) == ["empty_state"]
    assert (
        "Parameter `additionalParameters.state` was empty or absent"
        in answer.headers["Mockidp-Hint"]
    )
    assert "impersonation.require_state" in answer.headers["Mockidp-Hint"]
    refuse(lambda link: link + "&x=1")  # with a state it works


@pytest.mark.parametrize("state", ["", None])
def test_an_empty_state_is_accepted_if_a_setting_allows_it(serve, callback_of, state):
    http = serve(require_state=False)
    _, values = callback_of(http.get(http.link(state=state)))
    assert list(values) == ["code"]


def test_the_expiry_is_checked_before_an_empty_state(http, causes):
    link = http.link(state="")
    http.tenant.clock.advance(120)
    answer = http.get(link)
    assert answer.json["error_description"] == "Impersonation - Access expired"
    assert causes(http, link) == ["expired", "empty_state"]


def test_a_used_link(http, callback_of, causes):
    link = http.link()
    http.tenant.clock.advance(7)
    callback_of(http.get(link))
    http.tenant.clock.advance(20)
    answer = http.get(link)
    assert answer.status_code == 401
    assert answer.json["error_description"] == "Impersonation - Bad mac"
    assert "The link was already used at 22:13:30 UTC" in answer.headers["Mockidp-Hint"]
    assert causes(http, link) == ["already_used"]


def test_a_setting_allows_several_uses(serve, callback_of):
    http = serve(single_use=False)
    link = http.link()
    codes = {callback_of(http.get(link))[1]["code"] for _ in range(3)}
    assert len(codes) == 3
    assert all(http.redeem(code).status_code == 200 for code in codes)
    http.tenant.clock.advance(120)
    assert http.get(link).status_code == 401


def test_the_time_of_use_may_be_unknown():
    assert "already used at another time" in reused(None).hint


@pytest.mark.parametrize("ttl", [120, 7])
def test_an_expired_link(serve, ttl, causes):
    http = serve(ttl=ttl)
    link = http.link()
    http.tenant.clock.advance(ttl - 1)
    assert http.send("HEAD", link).status_code == 302
    http.tenant.clock.advance(1)
    answer = http.get(link)
    assert answer.status_code == 401
    assert answer.json["error_description"] == "Impersonation - Access expired"
    hint = answer.headers["Mockidp-Hint"]
    assert causes(http, link) == ["expired"]
    ended = {120: "22:15:23", 7: "22:13:30"}[ttl]
    assert hint.startswith(f"The link expired at {ended} UTC, {ttl} s after it was made. It is now")


def test_a_link_of_another_server(http, serve, causes):
    link = serve().link()
    answer = http.get(link)
    assert answer.json["error_description"] == "Impersonation - Bad mac"
    assert causes(http, link) == ["unknown_link"]
    assert "made by another server or before a restart" in answer.headers["Mockidp-Hint"]


def test_a_link_of_another_tenant(http, serve, causes):
    link = serve(key_id="elsewhere").link()
    answer = http.get(link)
    assert answer.status_code == 401
    assert answer.json["error_description"] == "Impersonation - Unknown credentials"
    assert causes(http, link) == ["unknown_key"]
    hint = answer.headers["Mockidp-Hint"]
    assert "The bewit's id is 'elsewhere', but this tenant signs as 'global'." in hint


def test_a_link_from_before_a_restart_with_a_fixed_key(serve, causes):
    link = serve(key="k" * 32).link()
    http = serve(key="k" * 32)
    answer = http.get(link)
    assert answer.json["error_description"] == "Impersonation - Bad mac"
    assert causes(http, link) == ["unknown_link"]
    assert "The MAC is right" in answer.headers["Mockidp-Hint"]


def test_an_old_link_of_another_server_has_expired(http, serve, causes):
    link = serve().link()
    http.tenant.clock.advance(500)
    assert causes(http, link) == ["expired"]


def test_a_changed_key(http, causes):
    link = http.link()
    before = http.tenant.document
    changed = replace(before.mockidp.impersonation, key="another")
    http.tenant.change(replace(before, mockidp=replace(before.mockidp, impersonation=changed)))
    answer = http.get(link)
    assert answer.json["error_description"] == "Impersonation - Bad mac"
    assert causes(http, link) == ["other_key"]
    assert "the key has changed since" in answer.headers["Mockidp-Hint"]
    http.tenant.change(before)
    assert http.get(link).status_code == 302


def test_with_a_fixed_key_another_library_can_sign_a_known_link_again(serve, callback_of, parts_of):
    http = serve(key="k" * 32, key_id="outside")
    link = http.link(json={"ttl": 5})
    ext = parts_of(link)["ext"]
    url = link.partition("&")[0]
    bewit = make_bewit(key="k" * 32, id="outside", exp=4102444800, url=url, ext=ext)
    http.tenant.clock.advance(500)
    callback_of(http.get(f"{url}&bewit={bewit}"))


def test_a_used_link_without_a_state_and_with_a_parameter_has_three_causes(
    serve, callback_of, causes, parts_of
):
    http = serve(require_state=False)
    link = http.link(state="")
    callback_of(http.get(link))
    assert causes(http, link + "&a=1") == ["parameter_added", "already_used"]
    strict = serve()
    stateless = strict.link(state="")
    strict.tenant.links.take(parts_of(stateless)["ext"])
    assert causes(strict, stateless + "&a=1") == ["parameter_added", "empty_state", "already_used"]


def test_the_cause_is_logged_and_never_in_the_body(http, caplog):
    with caplog.at_level("INFO", logger="mockidp"):
        answer = http.get(http.link() + "&next=/admin")
    assert "next" not in answer.text
    line = next(line for line in caplog.messages if line.startswith("impersonation_link"))
    assert line.startswith("impersonation_link 401 access_denied hint=")
    assert "`next` was added after the link was signed" in line
