"""`intercept` as a decorator."""

import asyncio
import inspect
from unittest import mock

import pytest
import requests

from mockidp import MockIdP, intercept

DOMAIN = "acme.eu.auth0.com"


def get_jwks():
    return requests.get(f"https://{DOMAIN}/.well-known/jwks.json", timeout=5).status_code


@pytest.fixture
def number():
    return 7


@intercept(DOMAIN)
def test_a_test_is_intercepted():
    assert get_jwks() == 200


@intercept(DOMAIN)
def test_a_test_receives_the_tenant_in_addition_to_its_fixtures(idp, number, tmp_path):
    assert isinstance(idp, MockIdP)
    assert idp.url == f"https://{DOMAIN}"
    assert (get_jwks(), number, tmp_path.exists()) == (200, 7, True)


@pytest.mark.parametrize("status", [500, 503])
@intercept(DOMAIN)
def test_marks_may_be_above_the_decorator(status, idp):
    idp.fault("jwks", status=status)
    assert get_jwks() == status


@intercept(DOMAIN)
@pytest.mark.parametrize("status", [500, 503])
def test_marks_may_be_below_the_decorator(status, *, idp):
    idp.fault("jwks", status=status)
    assert get_jwks() == status


@intercept(DOMAIN)
@mock.patch("os.getcwd")
def test_mock_patches_keep_their_arguments(getcwd, idp, number):
    assert (get_jwks(), number) == (200, 7)
    assert isinstance(getcwd, mock.Mock)


@intercept("b.example")
@intercept(DOMAIN)
def test_decorators_can_be_nested(idp):
    assert idp.url == f"https://{DOMAIN}"
    assert requests.get("https://b.example/authorize", timeout=5).status_code == 400


class TestMethods:
    @intercept(DOMAIN)
    def test_a_method_is_intercepted(self, idp):
        assert (get_jwks(), len(idp.journal)) == (200, 1)


@intercept(DOMAIN)
async def coroutine(number, idp):
    await asyncio.sleep(0)
    return get_jwks(), number, len(idp.journal)


def test_a_coroutine_function_is_intercepted_while_it_runs():
    assert inspect.iscoroutinefunction(coroutine)
    assert asyncio.run(coroutine(7)) == (200, 7, 1)


def test_each_call_has_its_own_tenant():
    @intercept(DOMAIN)
    def count(idp):
        get_jwks()
        return len(idp.journal)

    assert [count(), count()] == [1, 1]


def test_a_decorated_function_may_be_recursive():
    @intercept(DOMAIN)
    def count(depth, idp):
        get_jwks()
        return [len(idp.journal), *(count(depth - 1) if depth else [])]

    assert count(2) == [1, 1, 1]


def test_other_arguments_are_passed_on():
    @intercept(DOMAIN)
    def echo(first, idp, second="2", *rest, **named):
        return first, idp.url, second, rest, named

    url = f"https://{DOMAIN}"
    assert echo(1) == (1, url, "2", (), {})
    assert echo(1, 2, 3, a=4) == (1, url, 2, (3,), {"a": 4})
    assert echo(first=1, second=2) == (1, url, 2, (), {})


def test_a_positional_only_parameter_idp_is_not_filled():
    @intercept(DOMAIN)
    def echo(idp, /):
        return idp

    assert echo("mine") == "mine"


def test_the_decorated_function_keeps_name_and_signature():
    def function(number: int, idp: MockIdP) -> str:
        """Describe it."""

    decorated = intercept(DOMAIN)(function)
    assert (decorated.__name__, decorated.__doc__) == ("function", "Describe it.")
    assert list(inspect.signature(decorated).parameters) == ["number"]


def test_an_error_of_the_function_is_raised():
    @intercept(DOMAIN)
    def fail():
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        fail()


def generator():
    yield


async def asynchronous_generator():
    yield


@pytest.mark.parametrize("decorated", [generator, asynchronous_generator, TestMethods])
def test_generators_and_classes_are_rejected(decorated):
    with pytest.raises(TypeError, match=r"with intercept\(\.\.\.\)"):
        intercept(DOMAIN)(decorated)
