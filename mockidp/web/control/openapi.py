"""`/_mockidp/openapi.json`: the OpenAPI document of the control API, derived from its operations.

Spec: OpenAPI 3.1; JSON Schema 2020-12.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, get_origin

from mockidp.codec.kind import bare
from mockidp.codec.schema import Schemas, all_descriptions
from mockidp.codec.shape import shape_of
from mockidp.resources.client import Client
from mockidp.testing.method import WITH_BODY, NoParameters
from mockidp.web.control.operation import PREFIX, ControlOperation
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import json_response
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

_GENERATED = {(Client, "client_id")}
"""Fields that a tenant file may omit, although they are required. Every answer has them."""
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
                        "description": "Its location in the body (RFC 6901).",
                    },
                    "parameter": {"type": "string", "description": "Its query parameter."},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def describe(operations: Iterable[ControlOperation]) -> dict[str, Any]:
    """Return the OpenAPI document of some operations."""
    paths: dict[str, dict[str, Any]] = {}
    schemas = Schemas(optional=_GENERATED)
    for one in operations:
        paths.setdefault(PREFIX + one.path, {})[one.method.lower()] = _operation(one, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "mockidp control API",
            "version": version("mockidp-server"),
            "description": "Controls a local mock. Errors are problem details (RFC 9457).",
        },
        "paths": paths,
        "components": {
            "schemas": {"Problem": _PROBLEM_SCHEMA, **schemas.records},
            "responses": {
                "Problem": {
                    "description": "Refused. `errors` has the location of each error.",
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


def _operation(one: ControlOperation, schemas: Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {"operationId": one.name, "summary": one.summary}
    parameters = list(_parameters(one))
    if parameters:
        described["parameters"] = parameters
    if one.method in WITH_BODY:
        described["requestBody"] = {
            "required": one.body is not NoParameters,
            "content": {"application/json": {"schema": _body(one, schemas)}},
        }
    answer: dict[str, Any] = {"description": "Done."}
    if one.status != HTTPStatus.NO_CONTENT:
        answer["content"] = {"application/json": {"schema": _answer(one.answer, schemas)}}
    described["responses"] = {str(one.status): answer, "4XX": _PROBLEM}
    return described


def _body(one: ControlOperation, schemas: Schemas) -> dict[str, Any]:
    if one.also is None:
        return schemas.of(one.body)
    schema = schemas.of_record(one.body)
    return schema | {"properties": schema["properties"] | one.also}


def _answer(answer: Any, schemas: Schemas) -> dict[str, Any]:
    schema = schemas.of(answer)
    if get_origin(answer) is not list:
        return schema
    return {"type": "object", "required": ["items"], "properties": {"items": schema}}


def _parameters(one: ControlOperation) -> Iterable[dict[str, Any]]:
    if "{id}" in one.path:
        schema = {"type": "string", "minLength": 1}
        yield {"name": "id", "in": "path", "required": True, "schema": schema}
    descriptions = all_descriptions(one.query)
    for name, field in shape_of(one.query).fields.items():
        parameter = {
            "name": name,
            "in": "query",
            "required": field.is_required,
            "schema": Schemas().of_kind(bare(field.kind)) | dict(field.metadata),
        }
        text = descriptions.get(field.attribute)
        yield parameter | ({"description": text} if text else {})


def make_route(operations: tuple[ControlOperation, ...]) -> Route:
    """Return the route of the document."""

    def answer(_exchange: Exchange, _pages: Pages) -> Reply:
        return Reply(json_response(_document()))

    @cache
    def _document() -> bytes:
        return json.dumps(describe(operations), indent=1).encode()

    return Route(
        endpoint="control", path="/_mockidp/openapi.json", methods=("GET",), handler=answer
    )
