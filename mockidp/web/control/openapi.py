"""`/_mockidp/openapi.json`: the control API, described from what it is made of.

Spec: OpenAPI 3.1; JSON Schema 2020-12.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass
from functools import cache
from importlib.metadata import version
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from mockidp.tenant.config.shape import is_required, shape_of
from mockidp.web.control.operation import PREFIX, Nothing, Operation
from mockidp.web.exchange import Exchange
from mockidp.web.pages import Pages
from mockidp.web.render import json_response
from mockidp.web.route import Answer, Route

_SCALARS = {str: "string", bool: "boolean", int: "integer", float: "number"}
_PROBLEM = {"$ref": "#/components/responses/Problem"}
_PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}


def describe(operations: Iterable[Operation]) -> dict[str, Any]:
    """Return the OpenAPI document of some operations."""
    paths: dict[str, dict[str, Any]] = {}
    schemas: dict[str, Any] = {"Problem": _PROBLEM_SCHEMA}
    for one in operations:
        paths.setdefault(PREFIX + one.path, {})[one.method.lower()] = _operation(one, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "mockidp control API",
            "version": version("mockidp-server"),
            "description": "Steers a local mock. Errors are problem details (RFC 9457).",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {
                "Problem": {
                    "description": "Refused; `errors` has the place of each mistake.",
                    "content": {
                        "application/problem+json": {
                            "schema": {"$ref": "#/components/schemas/Problem"}
                        }
                    },
                }
            },
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def _operation(one: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {"operationId": one.name, "summary": one.summary}
    parameters = list(_parameters(one))
    if parameters:
        described["parameters"] = parameters
    if one.method in ("POST", "PUT", "PATCH"):
        schema = {"type": "object"} if one.body is Mapping else schema_of(one.body, schemas)
        described["requestBody"] = {
            "required": one.body is not Nothing,
            "content": {"application/json": {"schema": schema}},
        }
    answer: dict[str, Any] = {"description": "Done."}
    if one.status != 204:  # noqa: PLR2004 - no content
        schema = {"type": "object"} if one.answer is None else schema_of(one.answer, schemas)
        if get_origin(one.answer) is list:
            schema = {"type": "object", "required": ["items"], "properties": {"items": schema}}
        answer["content"] = {"application/json": {"schema": schema}}
    described["responses"] = {str(one.status): answer, "4XX": _PROBLEM}
    return described


def _parameters(one: Operation) -> Iterable[dict[str, Any]]:
    if one.path.endswith("{id}"):
        yield {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    for name, (field, kind) in shape_of(one.query).fields.items():
        yield {
            "name": name,
            "in": "query",
            "required": is_required(field),
            "schema": schema_of(kind, {}),
        }


def schema_of(kind: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of a type; records go into `schemas` and are referred to."""
    if get_origin(kind) in (Union, UnionType):
        (bare,) = (one for one in get_args(kind) if one is not NoneType)
        return _nullable(schema_of(bare, schemas))
    if is_dataclass(kind) and isinstance(kind, type):
        return _record(kind, schemas)
    if get_origin(kind) in (tuple, list):
        return {"type": "array", "items": schema_of(get_args(kind)[0], schemas)}
    return _plain(kind)


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if "type" in schema and "enum" not in schema:
        return schema | {"type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def _plain(kind: Any) -> dict[str, Any]:
    if get_origin(kind) is Literal:
        return {"type": "string", "enum": list(get_args(kind))}
    if kind in _SCALARS:
        return {"type": _SCALARS[kind]}
    return {"type": "object"} if get_origin(kind) is not None else {}


def _record(cls: type, schemas: dict[str, Any]) -> dict[str, Any]:
    if cls.__name__ not in schemas:
        shape = shape_of(cls)
        schemas[cls.__name__] = {}  # for a record that holds itself
        schema: dict[str, Any] = {
            "type": "object",
            "properties": {
                name: schema_of(kind, schemas) for name, (_, kind) in shape.fields.items()
            },
            "additionalProperties": bool(shape.kept) or shape.keeps_anything,
        }
        required = [name for name, (field, _) in shape.fields.items() if is_required(field)]
        if required:
            schema["required"] = required
        schemas[cls.__name__] = schema
    return {"$ref": f"#/components/schemas/{cls.__name__}"}


def make_route(operations: tuple[Operation, ...]) -> Route:
    """Return the route of the document."""

    def answer(_exchange: Exchange, _pages: Pages) -> Answer:
        return json_response(_document())

    @cache
    def _document() -> bytes:
        return json.dumps(describe(operations), indent=1).encode()

    return Route(area="control", path="/_mockidp/openapi.json", methods=("GET",), handler=answer)
