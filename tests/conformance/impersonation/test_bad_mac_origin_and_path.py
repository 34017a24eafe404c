"""The hint for a link with another path or origin, or opened with another request."""

import pytest

ORIGIN = "http://localhost:9400"


@pytest.mark.parametrize("after", ["|", "%7c", "%257C"])
def test_a_normalized_escape(refuse, after):
    named, hint = refuse(lambda link: link.replace("%7C", after))
    assert named == ["path_normalized"]
    assert f"In the path, `%7C` was normalized to `{after}`" in hint
    assert "signed /users/auth0%7Calice/impersonate, " in hint
    assert f"opened /users/auth0{after}alice/impersonate" in hint


def test_an_escaped_letter(refuse):
    named, hint = refuse(lambda link: link.replace("alice", "%61lice"))
    assert named == ["path_normalized"]
    assert "In the path, `a` was normalized to `%61`" in hint


def test_unescaped_bytes(http, causes):
    link = http.link(user="auth0%7CZo%C3%AB%20K%2F%C3%B6").replace(
        "%C3%AB", "ë".encode().decode("latin-1")
    )
    assert causes(http, link) == ["path_normalized"]


@pytest.mark.parametrize(
    "after",
    [
        "/users/auth0%7Cbob/impersonate?",
        "/users/auth0%7Calice/impersonate/?",
        "/users/auth0%7Calice?",
        "/users/auth0%7Calice/impersonated?",
        "/users/auth0%7C%F0%9F/impersonate?",
    ],
)
def test_another_path(refuse, after):
    path = "/users/auth0%7Calice/impersonate"
    named, hint = refuse(lambda link: link.replace(f"{path}?", after))
    assert named == ["path"]
    assert hint == f"The path was {path} when it was signed, and is now {after[:-1]}."


def test_a_path_without_links_is_not_found(http):
    link = http.link()
    for path in ("/", "/user/auth0%7Calice/impersonate", "/users/"):
        answer = http.get(link.replace("/users/auth0%7Calice/impersonate", path))
        assert answer.status_code == 404
        assert answer.headers["Mockidp-Hint"]
    answer = http.get(f"{ORIGIN}/users/auth0%7Calice/impersonated")
    assert answer.status_code == 404
    assert "no query parameter `bewit`" in answer.headers["Mockidp-Hint"]


@pytest.mark.parametrize(
    ("after", "named"),
    [
        ("http://127.0.0.1:9400", "the host differs"),
        ("http://localhost:9401", "the port differs"),
        ("http://localhost", "the port differs"),
        ("http://localhost:65535", "the port differs"),
        ("https://localhost:9400", "the scheme differs"),
        ("https://auth.test", "the scheme and host and port differ"),
        ("http://[::1]:9400", "the host differs"),
    ],
)
def test_another_origin(refuse, after, named):
    found, hint = refuse(lambda link: link.replace(ORIGIN, after))
    assert found == ["origin"]
    assert hint.startswith(
        f"The link was made for {ORIGIN} but opened at {after}: {named}. Request the link at "
    )


def test_the_origin_is_compared_without_case_and_default_port(http, callback_of):
    callback_of(http.get(http.link().replace("localhost", "LOCALHOST")))
    callback_of(http.get(http.link(origin="http://localhost:80").replace(":80", "")))


def test_an_authorization_header(refuse):
    named, hint = refuse(
        lambda link: link,
        words="Multiple authentications",
        status=400,
        headers={"Authorization": "Bearer x"},
    )
    assert named == ["authorization_header"]
    assert "The request has an Authorization header." in hint


def test_a_target_that_is_too_long(refuse):
    named, hint = refuse(
        lambda link: link + "&x=" + "y" * 4096,
        words="Resource path exceeds max length",
        status=400,
    )
    assert named == ["too_long"]
    assert "4096" in hint


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_another_method(http, callback_of, method):
    link = http.link()
    answer = http.send(method, link)
    assert answer.status_code == 401
    assert answer.json["error_description"] == "Impersonation - Invalid method"
    assert answer.headers["Mockidp-Hint"] == "A link can only be opened with GET or HEAD."
    callback_of(http.get(link))
