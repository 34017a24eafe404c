"""Each kind of input of the benchmarks at 16 kB gets a response in time.

A request that takes longer than the client's 20 seconds fails, whatever the machine. Inputs of
this size are answered within milliseconds, unless the time for one grows faster than its size.
"""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("no_tracebacks")

INPUTS = Path(__file__).parents[3] / "benchmarks" / "inputs.py"
_spec = spec_from_file_location("inputs", INPUTS)
inputs = module_from_spec(_spec)
_spec.loader.exec_module(inputs)


@pytest.fixture(autouse=True)
def _no_faults_of_other_inputs(wire):
    # Setting thousands of headers on each answer takes quadratic time.
    wire.tenant.faults.clear()


@pytest.mark.parametrize("kind", inputs.KINDS)
def test_sixteen_kilobytes_of_any_kind_are_answered(wire, kind):
    for size in (1, 1_000, 16_000):
        data = inputs.KINDS[kind](size)
        assert len(data) < size * 7 + 1_000
        status = int(wire.exchange(data)[9:12])
        assert status not in {413, 414, 431, 500}, data


@pytest.mark.parametrize("report", inputs.ERRORS)
def test_a_report_of_thousands_of_errors_is_answered(wire, report):
    statuses = [int(wire.exchange(data)[9:12]) for data in inputs.ERRORS[report]]
    assert statuses == [200, 400]
