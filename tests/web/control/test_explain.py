"""Explain links, bewits and callbacks: what they are, and whether they would be accepted."""

from urllib.parse import parse_qs, urlsplit

import pytest

from mockidp.testing.methods.explain import NOT_CHECKED, explain

pytestmark = pytest.mark.usefixtures("no_tracebacks")

CALLBACK = "http://localhost:3000/callback"


def test_nothing_to_explain(control):
    answer = control.call("explain")
    assert answer.status_code == 400
    assert answer.json["errors"][0]["pointer"] == "/thing"


def test_a_valid_link(control):
    link = control.link()
    control.tenant.clock.advance(20)
    result = control.explain(f"  {link}#fragment\n")
    assert result["kind"] == "impersonation link"
    assert result["accepted"] is True
    assert result["reasons"] == [
        "The link is valid and logs in as auth0|alice. It expires in 100 s."
    ]
    decoded = result["decoded"]
    assert decoded["id"] == "global"
    assert decoded["exp"] == 1_700_000_123
    assert decoded["expires"] == "2023-11-14 22:15:23 UTC"
    assert decoded["user"] == "auth0|alice"
    assert decoded["impersonator"] == "auth0|admin"
    assert decoded["client"] == "web"
    assert decoded["state"] == "S"
    assert decoded["callback_url"] == CALLBACK
    assert decoded["response_type"] == "code"
    assert control.open(link).status_code == 302, "to explain a link does not use it up"


CHECKS = [
    "length", "pattern", "presence", "method", "authorization", "encoding", "structure",
    "attributes", "expiry", "credentials", "mac", "known", "unused", "origin", "state",
]  # fmt: skip


def test_a_valid_link_passes_every_check_and_has_no_differences(control):
    link = control.link()
    assert control.explain(link)["link"] == {
        "checks": [{"name": name, "passed": True} for name in CHECKS],
        "received": link,
        "signed": link,
        "spans": [],
    }


def test_a_changed_link_is_compared_with_the_original(control):
    link = control.link()
    changed = link.replace("%7C", "|") + "&next=/a"
    comparison = control.explain(changed)["link"]
    assert (comparison["signed"], comparison["received"]) == (link, changed)
    assert comparison["spans"] == [
        {
            "kind": "escape",
            "signed": "%7C",
            "received": "|",
            "signed_at": link.index("%7C"),
            "received_at": link.index("%7C"),
        },
        {
            "kind": "added",
            "signed": "",
            "received": "&next=/a",
            "signed_at": len(link),
            "received_at": len(link) - 2,
        },
    ]
    passed = [check["passed"] for check in comparison["checks"]]
    assert passed == [True] * 10 + [False] + [None] * 4


@pytest.mark.parametrize(
    ("prepare", "failed"),
    [
        (lambda control: control.link().partition("=")[0] + "=", "presence"),
        (lambda control: control.link() + "=", "encoding"),
        (lambda control: control.link().replace("http:", "https:"), "origin"),
        (lambda control: control.link(state=None), "state"),
    ],
)
def test_the_check_that_failed_is_named(control, prepare, failed):
    checks = control.explain(prepare(control))["link"]["checks"]
    assert [check["name"] for check in checks if check["passed"] is False] == [failed]
    place = CHECKS.index(failed)
    assert [check["passed"] for check in checks] == [True] * place + [False] + [None] * (
        len(CHECKS) - place - 1
    )


def test_a_used_link_has_no_differences(control):
    link = control.link()
    assert control.open(link).status_code == 302
    comparison = control.explain(link)["link"]
    assert comparison["spans"] == []
    assert [one["name"] for one in comparison["checks"] if one["passed"] is False] == ["unused"]


def test_an_unknown_link_is_not_compared(control):
    link = control.link()
    control.tenant.links.restore(())
    comparison = control.explain(link)["link"]
    assert (comparison["signed"], comparison["received"], comparison["spans"]) == (None, link, [])
    assert [one["name"] for one in comparison["checks"] if one["passed"] is False] == ["known"]


def test_only_links_are_compared(control):
    assert control.explain("nonsense")["link"] is None


@pytest.mark.parametrize(
    ("alter", "words", "hint"),
    [
        (lambda link: link + "&next=/a", "Bad mac", "parameter `next` was added after the link was signed."),
        (lambda link: link.replace("%7C", "|"), "Bad mac", "In the path, `%7C` was normalized"),
        (lambda link: link.replace("%7C", "→"), "Bad mac", "The path was /users/auth0%7Calice"),
        (lambda link: link.replace("http:", "https:"), "Bad mac", "the scheme differs."),
        (lambda link: link.replace("localhost", "127.0.0.1"), "Bad mac", "the host differs."),
        (lambda link: link.replace(":9400", ""), "Bad mac", "the port differs."),
        (lambda link: link + "=", "Invalid bewit encoding", "Text `=` was appended"),
        (lambda link: link[:-3], "Bad mac", "was cut off"),
        (lambda link: link.partition("=")[0] + "=", "Empty bewit", "the link was cut off"),
        (lambda link: link.replace("/users", "").replace("/impersonate", "") + "x" * 4096,
         "Resource path exceeds max length", "longer than 4096"),
        (lambda link: link.replace("/users/auth0%7Calice/impersonate", ""), "Unauthorized", "The path was"),
    ],
)  # fmt: skip
def test_a_link_that_would_not_open(control, alter, words, hint):
    result = control.explain(alter(control.link()))
    assert result["kind"] == "impersonation link"
    assert result["accepted"] is False
    assert result["reasons"][0] == f"Impersonation - {words}"
    assert hint in result["reasons"][1]


def test_another_spelling_of_the_same_origin(control):
    link = control.link().replace("http://localhost", "HTTP://LOCALHOST")
    assert control.explain(link)["accepted"] is True


def test_an_expired_link(control):
    link = control.link()
    control.tenant.clock.advance(121)
    result = control.explain(link)
    assert result["reasons"][0] == "Impersonation - Access expired"
    assert result["decoded"]["expires"] == "2023-11-14 22:15:23 UTC"


def test_a_used_link(control):
    link = control.link()
    control.open(link)
    assert "already used at 22:13:23 UTC" in control.explain(link)["reasons"][1]


def test_a_link_without_a_state(control):
    assert (
        "`additionalParameters.state` was empty or absent"
        in control.explain(control.link(state=None))["reasons"][1]
    )


@pytest.mark.parametrize(
    "origin", ["ftp://localhost:9400", "http://", "http://a b", "http://x:y", "://"]
)
def test_an_invalid_origin(control, origin):
    result = control.explain(control.link().replace("http://localhost:9400", origin))
    assert (result["kind"], result["accepted"]) == ("unknown", False)
    assert result["reasons"][0].startswith("The URL begins with")


def test_a_bewit_alone(control):
    link = control.link()
    result = control.explain(link.partition("bewit=")[2])
    assert (result["kind"], result["accepted"]) == ("bewit", True)
    assert result["reasons"][0] == f"The bewit belongs to the link `{link}`."
    assert result["reasons"][1].startswith("The link is valid")
    assert result["decoded"]["user"] == "auth0|alice"
    control.open(link)
    used = control.explain(link.partition("bewit=")[2])
    assert used["accepted"] is False
    assert "already used" in used["reasons"][2]


def test_a_bewit_of_another_server(control, make_control):
    result = control.explain(make_control().link().partition("bewit=")[2])
    assert (result["kind"], result["accepted"]) == ("bewit", False)
    assert "This tenant has no link with the id " in result["reasons"][0]


def test_a_bewit_that_was_changed(control):
    bewit = control.link().partition("bewit=")[2]
    result = control.explain(bewit[:40] + ("A" if bewit[40] != "A" else "B") + bewit[41:])
    assert result["accepted"] is False
    assert "and another bewit. The bewit was changed." in result["reasons"][0]


def test_a_callback_with_a_code(control):
    location = control.open(control.link()).headers["Location"]
    result = control.explain(location)
    assert (result["kind"], result["accepted"]) == ("callback", True)
    assert result["reasons"] == ["Parameter `code`: The code is valid for client web."]
    assert result["decoded"]["state"] == "S"
    control.tenant.clock.advance(60)
    result = control.explain(location)
    assert result["accepted"] is False
    assert result["reasons"] == ["Parameter `code`: The code expired at 2023-11-14 22:14:23 UTC."]


def test_a_callback_with_a_used_code(control):
    location = control.open(control.link()).headers["Location"]
    code = parse_qs(urlsplit(location).query)["code"][0]
    assert control.explain(code)["reasons"] == ["The authorization code is valid for client web."]
    control.tenant.codes.take(code)
    assert control.explain(location)["reasons"] == [
        "Parameter `code`: The code was used or revoked at 22:13:23 UTC."
    ]
    assert control.explain(code)["accepted"] is False


def test_a_callback_with_an_unknown_code_and_no_state(control):
    result = control.explain("com.acme.app://callback?code=x")
    assert result["accepted"] is False
    assert result["reasons"] == [
        "Parameter `code`: This tenant never issued this code, or issued it before a restart.",
        "The callback has no `state`.",
    ]


def test_a_callback_with_an_error(control):
    result = control.explain(f"{CALLBACK}?error=login_required&error_description=Login%20required")
    assert (result["kind"], result["accepted"]) == ("callback", False)
    assert result["reasons"] == [
        "The login was refused with the error 'login_required' and the description 'Login required'."
    ]


def test_a_callback_with_tokens_in_its_fragment(control):
    location = control.open(control.link(response_type="token")).headers["Location"]
    result = control.explain(location)
    assert (result["kind"], result["accepted"]) == ("callback", True)
    assert (
        result["reasons"][0]
        == "Parameter `access_token`: The opaque access token is valid for /userinfo only."
    )
    assert result["reasons"][1].startswith(
        "Parameter `id_token`: This tenant signed the token for the audience 'web'."
    )
    changed = control.explain(location.replace("access_token=", "access_token=x"))
    assert changed["accepted"] is False
    assert (
        changed["reasons"][0]
        == "Parameter `access_token`: This tenant never issued this token or code."
    )


def test_a_url_with_none_of_these(control):
    result = control.explain("http://[/x")
    assert (result["kind"], result["accepted"]) == ("url", None)
    reason = "The URL contains no bewit, code, token or error, and no request to /authorize."
    assert result["reasons"] == [reason]


def test_without_a_server_nothing_is_checked(control):
    link = control.link()
    result = explain(link, None)
    assert (result.kind, result.accepted, result.reasons) == (
        "impersonation link",
        None,
        (NOT_CHECKED,),
    )
    assert result.decoded["id"] == "global"
    bewit = explain(link.partition("bewit=")[2], None)
    assert (bewit.kind, bewit.accepted, bewit.decoded) == ("bewit", None, result.decoded)
    callback = explain(f"{CALLBACK}?code=x&state=S", None)
    assert (callback.kind, callback.accepted) == ("callback", None)
    assert callback.reasons == (f"Parameter `code`: {NOT_CHECKED}",)
    opaque = explain("x" * 32, None)
    assert (opaque.kind, opaque.accepted) == ("unknown", None)
    assert explain(f"{link}=", None).decoded == {}
