"""A link without a state, used, expired, or of another server: since when, and whose."""

from dataclasses import replace

import pytest

from mockidp.flows.impersonation.causes import reused
from mockidp.protocol.bewit import make_bewit


@pytest.mark.parametrize("state", ["", None])
def test_an_empty_state(face, refuse, state, causes):
    link = face.link(state=state)
    answer = face.get(link)
    assert answer.status_code == 401
    assert answer.json["error_description"] == "Impersonation - Bad mac"
    assert causes(face, link) == ["empty_state"]
    assert (
        "Parameter `additionalParameters.state` was empty or absent"
        in answer.headers["Mockidp-Hint"]
    )
    assert "impersonation.require_state" in answer.headers["Mockidp-Hint"]
    refuse(lambda link: link + "&x=1")  # with a state it works


@pytest.mark.parametrize("state", ["", None])
def test_an_empty_state_is_a_switch(serve, callback_of, state):
    face = serve(require_state=False)
    _, values = callback_of(face.get(face.link(state=state)))
    assert list(values) == ["code"]


def test_an_empty_state_is_judged_after_the_expiry(face, causes):
    link = face.link(state="")
    face.tenant.clock.advance(120)
    answer = face.get(link)
    assert answer.json["error_description"] == "Impersonation - Access expired"
    assert causes(face, link) == ["expired", "empty_state"]


def test_a_used_link(face, callback_of, causes):
    link = face.link()
    face.tenant.clock.advance(7)
    callback_of(face.get(link))
    face.tenant.clock.advance(20)
    answer = face.get(link)
    assert answer.status_code == 401
    assert answer.json["error_description"] == "Impersonation - Bad mac"
    assert "The link was already used at 22:13:30 UTC" in answer.headers["Mockidp-Hint"]
    assert causes(face, link) == ["already_used"]


def test_single_use_is_a_switch(serve, callback_of):
    face = serve(single_use=False)
    link = face.link()
    codes = {callback_of(face.get(link))[1]["code"] for _ in range(3)}
    assert len(codes) == 3
    assert all(face.redeem(code).status_code == 200 for code in codes)
    face.tenant.clock.advance(120)
    assert face.get(link).status_code == 401


def test_a_link_that_is_lost_in_a_race_was_used_at_another_time():
    assert "already used at another time" in reused(None).hint


@pytest.mark.parametrize("ttl", [120, 7])
def test_an_expired_link(serve, ttl, causes):
    face = serve(ttl=ttl)
    link = face.link()
    face.tenant.clock.advance(ttl - 1)
    assert face.send("HEAD", link).status_code == 302
    face.tenant.clock.advance(1)
    answer = face.get(link)
    assert answer.status_code == 401
    assert answer.json["error_description"] == "Impersonation - Access expired"
    hint = answer.headers["Mockidp-Hint"]
    assert causes(face, link) == ["expired"]
    ended = {120: "22:15:23", 7: "22:13:30"}[ttl]
    assert hint.startswith(f"The link expired at {ended} UTC, {ttl} s after it was made. It is now")


def test_a_link_of_another_server(face, serve, causes):
    link = serve().link()
    answer = face.get(link)
    assert answer.json["error_description"] == "Impersonation - Bad mac"
    assert causes(face, link) == ["unknown_link"]
    assert "made by another server or before a restart" in answer.headers["Mockidp-Hint"]


def test_a_link_of_another_tenant(face, serve, causes):
    link = serve(key_id="elsewhere").link()
    answer = face.get(link)
    assert answer.status_code == 401
    assert answer.json["error_description"] == "Impersonation - Unknown credentials"
    assert causes(face, link) == ["unknown_key"]
    hint = answer.headers["Mockidp-Hint"]
    assert "The bewit's id is 'elsewhere', but this tenant signs as 'global'." in hint


def test_a_link_from_before_a_restart_with_a_fixed_key(serve, causes):
    link = serve(key="k" * 32).link()
    face = serve(key="k" * 32)
    answer = face.get(link)
    assert answer.json["error_description"] == "Impersonation - Bad mac"
    assert causes(face, link) == ["unknown_link"]
    assert "The MAC is right" in answer.headers["Mockidp-Hint"]


def test_an_old_link_of_another_server_has_expired(face, serve, causes):
    link = serve().link()
    face.tenant.clock.advance(500)
    assert causes(face, link) == ["expired"]


def test_the_key_changed(face, causes):
    link = face.link()
    before = face.tenant.document
    changed = replace(before.mockidp.impersonation, key="another")
    face.tenant.change(replace(before, mockidp=replace(before.mockidp, impersonation=changed)))
    answer = face.get(link)
    assert answer.json["error_description"] == "Impersonation - Bad mac"
    assert causes(face, link) == ["other_key"]
    assert "the key has changed since" in answer.headers["Mockidp-Hint"]
    face.tenant.change(before)
    assert face.get(link).status_code == 302


def test_a_fixed_key_lets_another_library_sign_a_known_link_anew(serve, callback_of, parts_of):
    face = serve(key="k" * 32, key_id="outside")
    link = face.link(json={"ttl": 5})
    ext = parts_of(link)["ext"]
    url = link.partition("&")[0]
    bewit = make_bewit(key="k" * 32, id="outside", exp=4102444800, url=url, ext=ext)
    face.tenant.clock.advance(500)
    callback_of(face.get(f"{url}&bewit={bewit}"))


def test_a_used_link_without_a_state_and_with_a_parameter_has_three_causes(
    serve, callback_of, causes, parts_of
):
    face = serve(require_state=False)
    link = face.link(state="")
    callback_of(face.get(link))
    assert causes(face, link + "&a=1") == ["parameter_added", "already_used"]
    stern = serve()
    stateless = stern.link(state="")
    stern.tenant.links.take(parts_of(stateless)["ext"])
    assert causes(stern, stateless + "&a=1") == ["parameter_added", "empty_state", "already_used"]


def test_the_cause_is_logged_and_never_in_the_body(face, caplog):
    with caplog.at_level("INFO", logger="mockidp"):
        answer = face.get(face.link() + "&next=/admin")
    assert "next" not in answer.text
    line = next(line for line in caplog.messages if line.startswith("impersonation_link"))
    assert line.startswith("impersonation_link 401 access_denied hint=")
    assert "`next` was added after the link was signed" in line
