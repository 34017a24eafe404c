"""Fuzz the control API from its OpenAPI document: no 5xx, and every answer as described."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app
from mockidp.web.control.operation import PREFIX, NoParameters
from mockidp.web.control.operations import OPERATIONS

pytestmark = pytest.mark.usefixtures("no_tracebacks")

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]


def load():
    """Describe a tenant with records, so that some of the random requests are valid."""
    return schemathesis.openapi.from_wsgi("/_mockidp/openapi.json", create_app(Tenant()))


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_random_requests_cause_no_bug(operation, mode):
    described = load()[PREFIX + operation.path][operation.method]
    if mode is GenerationMode.NEGATIVE and not (described.body or described.query):
        return  # nothing can be invalid

    # An invalid query may become valid in transit: an empty object is not sent at all.
    is_query = operation.query is not NoParameters
    checks = [one for one in CHECKS if not (is_query and one is negative_data_rejection)]

    @settings(
        max_examples=15,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(described.as_strategy(generation_mode=mode))
    def fuzz(case):
        if isinstance(case.query.get("wait_seconds"), int | float):
            case.query["wait_seconds"] = min(case.query["wait_seconds"], 0)
        case.call_and_validate(checks=checks)

    fuzz()
