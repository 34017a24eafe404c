"""The declaration of a test method, from which Python, HTTP and OpenAPI are derived.

`MockIdP` calls the declared function. `RemoteIdP` sends the parameters to the declared path, where
the control API calls the same function.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from mockidp.codec.pieces import Members
from mockidp.codec.wire import from_wire
from mockidp.codec.write import to_file, to_wire
from mockidp.frozen import frozen
from mockidp.protocol.json_reader import JsonReader
from mockidp.tenant.config.plain import structure_record
from mockidp.tenant.tenant import Tenant

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")
P = TypeVar("P")
A = TypeVar("A")
Q = TypeVar("Q", bound="DataclassInstance")
WITH_BODY = ("POST", "PUT", "PATCH")
MINIMUM, MAXIMUM = "minimum", "maximum"
"""Keys in the metadata of a query's field: the bounds of its value, named as in JSON Schema."""


class Target(Protocol):
    """The tenant that a method acts on, and the URL at which the caller reaches it."""

    @property
    def tenant(self) -> Tenant:
        """The tenant."""

    @property
    def url(self) -> str:
        """The tenant's URL, without a slash at the end."""


@frozen
class Form(Generic[T]):
    """The JSON form of a value.

    Attributes:
        schema: The type that OpenAPI describes: a record, a list of records, or `Mapping`.
        write: Returns the value as JSON.
        read: Returns the value of JSON data.
        read_in_pieces: Returns the value of a large JSON document while it is received.
        write_in_pieces: Returns the JSON of a large value, most of which is made when it is sent.
    """

    schema: Any
    write: Callable[[T], Any]
    read: Callable[[Any], T]
    read_in_pieces: Callable[[JsonReader], T] | None = None
    write_in_pieces: Callable[[T], Members] | None = None


@frozen
class NoParameters:
    """A body or query without parameters."""


@frozen
class Patch:
    """The parameters of a method with an id in its path and a JSON merge patch as its body."""

    id: str
    fields: Mapping[str, Any]


def _write_none(_value: object) -> None:
    """Return the JSON of an empty answer."""


def _read_none(_data: object) -> None:
    """Return the value of an empty answer."""


def parameters(cls: type[T]) -> Form[T]:
    """Return the form of a parameter record. Fields with their default values are not sent."""
    return Form(schema=cls, write=to_file, read=partial(structure_record, cls, source=""))


def answer(cls: type[T]) -> Form[T]:
    """Return the form of an answer record."""
    return Form(schema=cls, write=to_wire, read=partial(from_wire, cls))


def list_of(item: Form[T]) -> Form[list[T]]:
    """Return the form of a list. Over HTTP it is the key `items` of an object."""
    return Form(
        schema=list[item.schema],  # type: ignore[name-defined]  # for OpenAPI only
        write=lambda values: [item.write(value) for value in values],
        read=lambda data: [item.read(one) for one in data["items"]],
    )


NO_PARAMETERS = parameters(NoParameters)
NO_ANSWER: Form[None] = Form(schema=None, write=_write_none, read=_read_none)
PATCH: Form[Patch] = Form(
    schema=Mapping, write=lambda patch: patch.fields, read=lambda data: Patch(**data)
)
"""Its data has the id from the path as `id`, and the body as `fields`."""
ID: Form[str] = Form(schema=NoParameters, write=str, read=str)
"""The only parameter is the `{id}` in the path."""


@frozen
class Method(Generic[P, A]):
    """A test method.

    The first line of the function's docstring is the summary in OpenAPI.

    Attributes:
        name: The name in Python; in camel case, it is the `operationId`.
        http: The HTTP method and the path below `/_mockidp/v1`. With `{id}` in the path, an
            unknown id is answered with 404.
        function: The implementation, which runs in the process of the tenant.
        parameters: The form of the request: the body or, without a body, the query or the id.
        answer: The form of the response.
        status: The HTTP status of success.
        python: The Python methods for this call, if there are others than `name`. Dotted names are
            methods of an attribute, such as `clock.freeze`.
        source: Returns the name of the parameters in error messages. Only for a body in the layout
            of a tenant file.
        holds_state: Whether body or answer may be as large as the whole state of a tenant.
    """

    name: str
    http: str
    function: Callable[[Target, P], A]
    parameters: Form[P]
    answer: Form[A]
    status: int = 200
    python: tuple[str, ...] = ()
    source: Callable[[P], str] | None = None
    holds_state: bool = False

    @property
    def verb(self) -> str:
        """The HTTP method."""
        return self.http.partition(" ")[0]

    @property
    def path(self) -> str:
        """The path below `/_mockidp/v1`."""
        return self.http.partition(" ")[2]

    @property
    def has_body(self) -> bool:
        """Whether the parameters are sent as JSON body."""
        return self.verb in WITH_BODY

    @property
    def has_id(self) -> bool:
        """Whether there is an `{id}` in the path."""
        return "{id}" in self.path

    @property
    def python_names(self) -> tuple[str, ...]:
        """The Python methods for this call."""
        return self.python or (self.name,)

    @property
    def operation_id(self) -> str:
        """The `operationId` in OpenAPI."""
        first, *others = self.name.split("_")
        return first + "".join(other.capitalize() for other in others)

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return (self.function.__doc__ or "").partition("\n")[0]


class MethodCaller(ABC):
    """A caller of declared methods, in this process or over HTTP."""

    @abstractmethod
    def _call(self, method: Method[P, A], parameters: P, /) -> A:
        """Return the answer to a call of a declared method."""

    @abstractmethod
    def _call_and_wait(self, method: Method[Q, A], parameters: Q, timeout: float, /) -> A:
        """Return the answer to a call of a method that waits for `wait_seconds` at most.

        Raises:
            TimedOut: What it waits for has not happened in time.
        """
