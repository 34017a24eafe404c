"""`/_mockidp/openapi.json`: the control API, described from what it is made of.

Spec: OpenAPI 3.1; JSON Schema 2020-12.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable
from dataclasses import is_dataclass
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from mockidp.resources.client import Client
from mockidp.tenant.config.shape import is_required, shape_of
from mockidp.tenant.overrides import descriptions_of
from mockidp.web.control.operation import PREFIX, WITH_BODY, Nothing, Operation
from mockidp.web.exchange import Exchange
from mockidp.web.pages import Pages
from mockidp.web.render import json_response
from mockidp.web.route import Answer, Route

_SCALARS = {str: "string", bool: "boolean", int: "integer", float: "number"}
_MADE_UP = {(Client, "client_id")}
"""What a tenant file may leave out though every answer has it."""
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
                "required": ["detail"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "Where in the body it is (RFC 6901).",
                    },
                    "parameter": {"type": "string", "description": "Where in the query it is."},
                    "detail": {"type": "string"},
                },
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
    if one.method in WITH_BODY:
        described["requestBody"] = {
            "required": one.body is not Nothing,
            "content": {"application/json": {"schema": _body(one, schemas)}},
        }
    answer: dict[str, Any] = {"description": "Done."}
    if one.status != HTTPStatus.NO_CONTENT:
        answer["content"] = {"application/json": {"schema": _answer(one.answer, schemas)}}
    described["responses"] = {str(one.status): answer, "4XX": _PROBLEM}
    return described


def _body(one: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    if one.also is None:
        return schema_of(one.body, schemas)
    schema = _record_schema(one.body, schemas)
    return schema | {"properties": schema["properties"] | one.also}


def _answer(answer: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    schema = schema_of(answer, schemas)
    if get_origin(answer) is not list:
        return schema
    return {"type": "object", "required": ["items"], "properties": {"items": schema}}


def _parameters(one: Operation) -> Iterable[dict[str, Any]]:
    if "{id}" in one.path:
        schema = {"type": "string", "minLength": 1}
        yield {"name": "id", "in": "path", "required": True, "schema": schema}
    descriptions = _descriptions(one.query)
    for name, (field, kind) in shape_of(one.query).fields.items():
        bare = next((each for each in get_args(kind) if each is not NoneType), kind)
        parameter = {
            "name": name,
            "in": "query",
            "required": is_required(field),
            "schema": schema_of(bare, {}) | dict(field.metadata),
        }
        described = {"description": descriptions[field.name]} if field.name in descriptions else {}
        yield parameter | described


def schema_of(kind: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of a type; records go into `schemas` and are referred to."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        (bare,) = (one for one in inner if one is not NoneType)
        return _nullable(schema_of(bare, schemas))
    if is_dataclass(kind) and isinstance(kind, type):
        return _record(kind, schemas)
    if origin in (tuple, list):
        return {"type": "array", "items": schema_of(inner[0], schemas)}
    if origin is Literal:
        return {"type": "string", "enum": list(inner)}
    if kind in _SCALARS or kind is Any:
        return {"type": _SCALARS[kind]} if kind in _SCALARS else {}
    values = schema_of(inner[1], schemas) if inner and inner[1] is not Any else {}
    return {"type": "object"} | ({"additionalProperties": values} if values else {})


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if "null" in schema.get("type", ()) or {"type": "null"} in schema.get("anyOf", ()):
        return schema
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return schema | {"type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def _record(cls: type, schemas: dict[str, Any]) -> dict[str, Any]:
    if cls.__name__ not in schemas:
        schemas[cls.__name__] = {}  # its place, before that of those it holds
        schemas[cls.__name__] = _record_schema(cls, schemas)
    return {"$ref": f"#/components/schemas/{cls.__name__}"}


def _record_schema(cls: type, schemas: dict[str, Any]) -> dict[str, Any]:
    shape, descriptions = shape_of(cls), _descriptions(cls)
    properties: dict[str, Any] = {}
    for name, (field, kind) in shape.fields.items():
        schema = schema_of(kind, schemas)
        if field.metadata.get("one_or_more"):
            schema = {"anyOf": [schema, schema["items"]]}
        if field.metadata.get("text_of"):
            schema = schema | {"items": {"anyOf": [schema["items"], {"type": "string"}]}}
        if shape.is_record and not is_required(field):
            schema = _nullable(schema)
        described = descriptions.get(field.name)
        properties[name] = schema | ({"description": described} if described else {})
    required = [
        name
        for name, (field, _) in shape.fields.items()
        if is_required(field) and (cls, field.name) not in _MADE_UP
    ]
    return {
        "type": "object",
        "description": inspect.getdoc(cls),
        "properties": properties | {name: {} for name in sorted(shape.kept)},
        "additionalProperties": shape.keeps_anything,
        **({"required": required} if required else {}),
    }


def _descriptions(cls: type) -> dict[str, str]:
    """Return what stands below the fields of a record, and of those that it is made from."""
    described: dict[str, str] = {}
    for one in reversed(cls.__mro__):
        if is_dataclass(one):
            described |= descriptions_of(one)
    return described


def make_route(operations: tuple[Operation, ...]) -> Route:
    """Return the route of the document."""

    def answer(_exchange: Exchange, _pages: Pages) -> Answer:
        return json_response(_document())

    @cache
    def _document() -> bytes:
        return json.dumps(describe(operations), indent=1).encode()

    return Route(
        endpoint="control", path="/_mockidp/openapi.json", methods=("GET",), handler=answer
    )
