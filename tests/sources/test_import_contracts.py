"""The import contracts in pyproject.toml cover every layer."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]


def contract(kind):
    (found,) = (one for one in CONTRACTS if one["type"] == kind)
    return found


def test_no_layer_below_web_may_import_werkzeug():
    assert contract("layers")["exhaustive"]
    layers = contract("layers")["layers"]
    below = [
        f"mockidp.{one}" for row in layers[layers.index("web") + 1 :] for one in row.split(" : ")
    ]
    assert contract("forbidden")["source_modules"] == below
