"""`benchmarks/run`: prepare the scratch folder, measure, print the table."""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
import traceback
from pathlib import Path

from scratch import OAUTH2_MOCK_SERVER, OIDC_PROVIDER_MOCK, Scratch, node_version

ROWS = (
    "cold_start",
    "fixture",
    "plugin",
    "interception",
    "in_process",
    "memory",
    "tenants",
    "large_tenants",
    "sizes",
    "records",
    "management",
    "tokens",
    "code_flow",
    "workers",
    "documents",
    "console",
    "growth",
)


def main() -> int:
    """Measure the selected rows. Return 1 if one cannot be measured. Missed bars are marked."""
    options = _parse()
    scratch = Scratch(root=options.scratch.resolve())
    if options.long:
        scratch.prepare_mockidp()
        runs = str(Path(__file__).with_name("long_runs.py"))
        only = [word for name in options.only or () for word in ("--only", name)]
        arguments = [str(scratch.python), runs, "--percent", str(options.percent), *only]
        os.execv(scratch.python, arguments)
    if unknown := set(options.only or ()) - set(ROWS):
        sys.exit(f"benchmarks/run: no row {', '.join(unknown)}. The rows are {', '.join(ROWS)}.")
    if not options.prepared:
        scratch.prepare()
        script = str(Path(__file__).resolve())
        arguments = [*sys.argv[1:], "--prepared"]
        os.execv(scratch.python, [str(scratch.python), script, *arguments])
    return _measure(scratch, options)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/run", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="fewer rounds, without the growth of memory"
    )
    parser.add_argument(
        "--long", action="store_true", help="do the long runs instead, which need redis-server"
    )
    parser.add_argument(
        "--percent", type=float, default=100.0, help="their length (default: %(default)s)"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument(
        "--only", action="append", metavar="NAME", help="measure only this row or run (repeatable)"
    )
    parser.add_argument(
        "--scratch",
        type=Path,
        default=Path(tempfile.gettempdir()) / "mockidp-benchmarks",
        metavar="DIR",
        help="folder to install the measured servers in (default: %(default)s)",
    )
    parser.add_argument("--prepared", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _measure(scratch: Scratch, options: argparse.Namespace) -> int:
    from importlib import import_module

    from table import render

    started, rows, broken = time.monotonic(), [], []
    for name in options.only or ROWS:
        print(f"benchmarks/run: measuring {name}", file=sys.stderr, flush=True)
        try:
            rows += import_module(name).measure(scratch, quick=options.quick)
        except Exception:  # noqa: BLE001 - the other rows took minutes
            traceback.print_exc()
            broken.append(name)
    machine = _machine(scratch)
    seconds = round(time.monotonic() - started)
    if options.json:
        document = {"machine": machine, "seconds": seconds, "rows": [row.as_json() for row in rows]}
        print(json.dumps(document, indent=2))
    else:
        print(render(rows))
        print(f"\n{', '.join(f'{name} {value}' for name, value in machine.items())}")
        failed = [row for row in rows if row.verdict == "FAIL"]
        print(
            f"{seconds} s; {len(failed)} of {sum(row.bar is not None for row in rows)} bars missed"
        )
    if broken:
        print(f"benchmarks/run: not measured: {', '.join(broken)}", file=sys.stderr)
    return int(bool(broken))


def _machine(scratch: Scratch) -> dict[str, str]:
    """Return the facts about the machine that affect the figures."""
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    return {
        "cores": str(len(os.sched_getaffinity(0))),
        "processor": _processor(),
        "load at the end": load,
        "Python": platform.python_version(),
        "Node": node_version(),
        "oidc-provider-mock": f"{OIDC_PROVIDER_MOCK} (Authlib {scratch.authlib_version()})",
        "oauth2-mock-server": f"{OAUTH2_MOCK_SERVER} (requires Node {scratch.required_node()})",
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


if __name__ == "__main__":
    sys.exit(main())
