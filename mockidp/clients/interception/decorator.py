"""A decorator that runs a function inside a context, and passes its value as argument `idp`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from inspect import Parameter, Signature
from typing import Any, TypeVar

from mockidp.idp import MockIdP

R = TypeVar("R")
Begin = Callable[[], AbstractContextManager[MockIdP]]

_NAME = "idp"
_BY_NAME = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)


def decorate(function: Callable[..., R], begin: Begin) -> Callable[..., R]:
    """Return a function that runs the given one inside a context.

    Raises:
        TypeError: The function is a class or a generator, whose code does not run during the call.
    """
    is_generator = inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function)
    if is_generator or inspect.isclass(function):
        raise TypeError(
            f"{function.__qualname__} is a {'generator' if is_generator else 'class'}. "
            "`intercept` decorates only functions and coroutine functions. "
            f"Use `with intercept(...)` inside {function.__qualname__}."
        )
    signature = inspect.signature(function)
    wrapper: Any = _wrap(function, signature, begin)
    wrapper.__signature__ = _without_idp(signature)
    return wrapper  # type: ignore[no-any-return]  # it has the function's parameters, without idp


def _wrap(function: Callable[..., R], signature: Signature, begin: Begin) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(function):

        @wraps(function)
        async def coroutine(*args: Any, **kwargs: Any) -> Any:
            with begin() as idp:
                args, kwargs = _with_idp(signature, idp, args, kwargs)
                return await function(*args, **kwargs)

        return coroutine

    @wraps(function)
    def plain(*args: Any, **kwargs: Any) -> Any:
        with begin() as idp:
            args, kwargs = _with_idp(signature, idp, args, kwargs)
            return function(*args, **kwargs)

    return plain


def _takes_idp(signature: Signature) -> bool:
    parameter = signature.parameters.get(_NAME)
    return parameter is not None and parameter.kind in _BY_NAME


def _with_idp(
    signature: Signature, idp: MockIdP, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    if not _takes_idp(signature):
        return args, kwargs
    position = list(signature.parameters).index(_NAME)
    if len(args) > position and signature.parameters[_NAME].kind is Parameter.POSITIONAL_OR_KEYWORD:
        return (*args[:position], idp, *args[position:]), kwargs
    return args, {**kwargs, _NAME: idp}


def _without_idp(signature: Signature) -> Signature:
    if not _takes_idp(signature):
        return signature
    kept = [parameter for name, parameter in signature.parameters.items() if name != _NAME]
    return signature.replace(parameters=kept)
