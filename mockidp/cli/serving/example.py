"""The example tenants that come with the package."""

from __future__ import annotations

from pathlib import Path

EXAMPLES = ("acme",)


def example_file(name: str) -> Path:
    """Return the file of an example tenant, in the wheel or in the checkout."""
    package = Path(__file__).resolve().parents[2]
    installed = package / "examples" / f"{name}.yaml"
    if installed.is_file():
        return installed
    return package.parent / "fixtures" / "tenants" / f"{name}.yaml"
