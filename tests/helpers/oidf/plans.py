"""The modules of the OpenID Foundation's test plans, and the runs of each."""

from dataclasses import dataclass
from pathlib import Path

import yaml

LIST = Path(__file__).parents[3] / "fixtures" / "oidf" / "modules.yaml"
RESPONSE_TYPES = {
    "basic": ("code",),
    "implicit": ("id_token", "id_token token"),
    "hybrid": ("code id_token", "code token", "code id_token token"),
}
"""The response types of the plans that run once for each. All other plans use `code`."""
INTERFACES = ("live", "intercepted")


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of a module: plan, response type and mode, over HTTP or in the process."""

    plan: str
    response_type: str
    response_mode: str | None
    interface: str

    def __str__(self):
        words = (self.plan, self.response_type, self.response_mode, self.interface)
        return "-".join(word.replace(" ", "+") for word in words if word)


def read_modules():
    """Return the entries of the list."""
    return yaml.safe_load(LIST.read_text())


def test_name(module):
    """Return the name of the test of a module."""
    return "test_oidcc_" + module.removeprefix("oidcc-").replace("-", "_").lower()


MODULES = {test_name(one["module"]): one for one in read_modules()}


def runs_of(module):
    """Return all runs of a module of the list."""
    plans = module["plans"]
    core = [plan for plan in RESPONSE_TYPES if plan in plans]
    for plan in core or plans[:1]:
        wanted = module.get("response_types", RESPONSE_TYPES.get(plan, ("code",)))
        for response_type in RESPONSE_TYPES.get(plan, ("code",)):
            if response_type in wanted:
                for mode in (None, "form_post") if core else (None,):
                    for interface in INTERFACES:
                        yield Run(
                            plan=plan,
                            response_type=response_type,
                            response_mode=mode,
                            interface=interface,
                        )
