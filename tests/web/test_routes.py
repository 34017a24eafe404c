"""Every route of Auth0's endpoints and pages: wrong methods, HEAD, OPTIONS, a trailing slash."""

import pytest

from helpers.tenant_client import hint
from mockidp.web import endpoints, hosted

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NOT_FOUND = {"error": "not_found", "error_description": "Not Found"}


def _by_path():
    """Return the methods of each path, and whether other origins may call it."""
    found = {}
    for route in (*endpoints.routes(), *hosted.routes()):
        methods, _ = found.get(route.path, ((), ""))
        found[route.path] = ((*methods, *route.methods), route.cors)
    return found


ROUTES = [
    pytest.param(path.replace("<path:_>", "auth0%7Calice"), *rest, id=path)
    for path, rest in sorted(_by_path().items())
]


@pytest.mark.parametrize(("path", "methods", "cors"), ROUTES)
def test_other_methods_are_404_and_the_hint_names_the_right_ones(idp, path, methods, cors):
    use = " or ".join(sorted(methods))
    for method in set(METHODS) - set(methods):
        answer = idp.request(method, path)
        assert (answer.status_code, answer.json) == (404, NOT_FOUND), method
        assert hint(answer) == f"This path does not accept {method}. Use {use}."


@pytest.mark.parametrize(("path", "methods", "cors"), ROUTES)
def test_head_is_answered_like_get_without_a_body(idp, path, methods, cors):
    head = idp.request("HEAD", path)
    assert head.data == b""
    expected = idp.request("GET", path).status_code if "GET" in methods else 404
    assert head.status_code == expected


@pytest.mark.parametrize(("path", "methods", "cors"), ROUTES)
def test_options_is_answered_where_other_origins_may_call(idp, path, methods, cors):
    headers = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "POST"}
    answer = idp.request("OPTIONS", path, headers=headers)
    if cors == "none":
        assert answer.status_code == 404
        assert "Access-Control-Allow-Origin" not in answer.headers
    else:
        assert answer.status_code == 204
        assert answer.headers["Access-Control-Allow-Methods"] == ", ".join(methods)
        assert answer.headers["Access-Control-Allow-Origin"]


@pytest.mark.parametrize(("path", "methods", "cors"), ROUTES)
def test_a_slash_at_the_end_changes_nothing(idp, path, methods, cors):
    for method in methods:
        without, with_slash = (idp.request(method, one) for one in (path, f"{path}/"))
        assert with_slash.status_code == without.status_code, method
        assert hint(with_slash) == hint(without)
