"""The table of routes, without a request."""

import pytest

from mockidp.web.routing.route import Route
from mockidp.web.routing.route_table import ID, RouteTable


def route(path, *methods, **fields):
    return Route(
        endpoint=f"{'/'.join(methods)} {path}", path=path, methods=methods, handler=None, **fields
    )


PLAIN = route("/users", "GET", "POST")
ONE = route(f"/users/{ID}", "GET", "DELETE")
OWN = route("/users/me", "GET")
TOKEN = route("/users/me/token", "POST", cors="any")
LINKS = route(f"/users/{ID}/links", "POST")
PAGE = route("/pages/", "GET")
TABLE = RouteTable((ONE, PLAIN, LINKS, OWN, TOKEN, PAGE))


@pytest.mark.parametrize(
    ("method", "path", "found"),
    [
        ("GET", "/users", PLAIN),
        ("GET", "/users/", PLAIN),
        ("HEAD", "/users", PLAIN),
        ("POST", "/users", PLAIN),
        ("GET", "/users/auth0|bob", ONE),
        ("GET", "/users/a/b", ONE),
        ("GET", "/users/a/", ONE),
        ("DELETE", "/users/a/links", ONE),
        ("POST", "/users/a/links", LINKS),
        ("POST", "/users/a/b/links/", LINKS),
        ("GET", "/users/me", OWN),
        ("DELETE", "/users/me", ONE),
        ("OPTIONS", "/users/me/token", TOKEN),
        ("GET", "/pages/", PAGE),
        ("GET", "/pages", PAGE),
    ],
)
def test_it_finds_the_route_that_says_most_about_a_path(method, path, found):
    assert TABLE.find(path, method) is found


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/", ()),
        ("GET", "/user", ()),
        ("GET", "/usersx", ()),
        ("GET", "/users//", ()),
        ("GET", "/users//x", ()),
        ("GET", "/pages/x", ()),
        ("PUT", "/users", ("GET", "HEAD", "POST")),
        ("HEAD", "/users/a/links", ("DELETE", "GET", "HEAD", "POST")),
        ("PUT", "/users/me", ("DELETE", "GET", "HEAD")),
        ("PUT", "/users/me/token", ("DELETE", "GET", "HEAD", "OPTIONS", "POST")),
    ],
)
def test_it_names_the_methods_of_a_path(method, path, allowed):
    assert TABLE.methods_at(path) == allowed
    assert method in allowed or TABLE.find(path, method) is None
