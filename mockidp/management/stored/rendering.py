"""How screens of the hosted pages are rendered: partials, and Advanced Customizations.

They are stored, and mockidp shows its own pages. Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.frozen import replace
from mockidp.management.body import check_keys, check_keys_of
from mockidp.management.json_values import check_types
from mockidp.management.listing import FIELDS, ListShape, select_fields
from mockidp.management.operation import Call, Operation
from mockidp.management.prompts import PARTIALS, check_prompt
from mockidp.management.refusals import invalid_body
from mockidp.management.stored.section import Inside, SectionEntry, read_list

_SECTION, _STEPS = "prompts", ("screenRenderers",)
_MODES = ("standard", "advanced")
_DEFAULTS: Mapping[str, Any] = {
    "rendering_mode": "standard",
    "context_configuration": [],
    "default_head_tags_disabled": False,
    "head_tags": [],
    "filters": None,
    "use_page_template": False,
}
_SHAPE = ListShape(key="configs", order=("configs", "start", "limit", "total"))
_FILTERS = ("prompt", "screen", "rendering_mode")


def _screen(prompt: str, screen: str) -> SectionEntry:
    return SectionEntry(_SECTION, {"prompt": prompt, "screen": screen}, _STEPS)


def _named(one: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"prompt": one["prompt"], "screen": one["screen"]}


def _show(call: Call, known: Mapping[str, Any], one: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"tenant": call.tenant.name, **known, **_DEFAULTS, **one}


def _get(call: Call) -> Mapping[str, Any]:
    entry = _screen(check_prompt(call), call.ids[1])
    shown = _show(call, entry.known, entry.read(call.tenant) or {})
    return select_fields(call.query, shown)


def _set(call: Call, entry: SectionEntry) -> None:
    """Change the settings of a screen by the body of a call."""
    check_keys(call, _DEFAULTS)
    check_types(
        call,
        {
            "rendering_mode": "string", "context_configuration": "array",
            "default_head_tags_disabled": "boolean", "head_tags": "array", "filters": "object",
            "use_page_template": "boolean",
        },
    )  # fmt: skip
    mode = call.body.get("rendering_mode")
    with call.tenant.trace.check("rendering_mode", sent=mode):
        if mode not in (*_MODES, None):
            raise invalid_body(
                f"Expected one of {', '.join(_MODES)}",
                at="rendering_mode",
                hint=f"Found {mode!r}. Send standard or advanced.",
            )
    after = {**(entry.read(call.tenant) or {}), **call.body}
    entry.write(call, {name: one for name, one in after.items() if one is not None})


def _patch(call: Call) -> Mapping[str, Any]:
    """Change the settings of a screen. Auth0 answers with the body."""
    entry = _screen(check_prompt(call), call.ids[1])
    with call.tenant.backend.exclusive():
        _set(call, entry)
    return call.body


def _list(call: Call) -> Any:
    found = [
        one
        for one in read_list(call.tenant, _SECTION, _STEPS)
        if "prompt" in one and "screen" in one
    ]
    for name in _FILTERS:
        if name in call.query:
            found = [one for one in found if {**_DEFAULTS, **one}[name] == call.query[name]]
    return _SHAPE.page(call, found, lambda one: _show(call, _named(one), one))


def _patch_several(call: Call) -> Mapping[str, Any]:
    check_keys(call, ("configs",), required=("configs",))
    configs = call.body["configs"]
    with call.tenant.trace.check("configs"):
        if not (isinstance(configs, list) and all(isinstance(one, dict) for one in configs)):
            raise invalid_body(
                "Expected type array of objects", at="configs", hint="Send `configs` as a list."
            )
        for one in configs:
            check_keys_of(one, one.keys(), required=("prompt", "screen"))
    with call.tenant.backend.exclusive():
        for one in configs:
            names = _named(one)
            part = replace(
                call,
                ids=tuple(map(str, names.values())),
                body={name: value for name, value in one.items() if name not in names},
            )
            _set(part, _screen(check_prompt(part), part.ids[1]))
    return call.body


def _partials(call: Call) -> Inside:
    return Inside("prompts", ("partials", check_prompt(call, PARTIALS)))


def _get_partials(call: Call) -> Mapping[str, Any]:
    return _partials(call).read(call.tenant) or {}


def _set_partials(call: Call) -> Mapping[str, Any]:
    """Replace the partials of a prompt. Screens without any are left out."""
    place = _partials(call)
    with call.tenant.trace.check("partials"):
        for screen, parts in call.body.items():
            if not (isinstance(parts, dict) and all(isinstance(x, str) for x in parts.values())):
                raise invalid_body(
                    "Expected type object of strings",
                    at=screen,
                    hint=f"Send `{screen}` as an object of HTML texts by insertion point.",
                )
    after = {screen: parts for screen, parts in call.body.items() if parts}
    with call.tenant.backend.exclusive():
        place.write(call, after)
    return after


_PATH = "/prompts/{id}/screen/{id}/rendering"
OPERATIONS = (
    Operation(
        title="Get partials for a prompt", method="GET", path="/prompts/{id}/partials",
        scopes=("read:prompts",), handler=_get_partials,
    ),
    Operation(
        title="Set partials for a prompt", method="PUT", path="/prompts/{id}/partials",
        scopes=("update:prompts",), handler=_set_partials,
    ),
    Operation(
        title="Get render settings for a screen", method="GET", path=_PATH,
        scopes=("read:prompts",), handler=_get, query=FIELDS,
    ),
    Operation(
        title="Update render settings for a screen", method="PATCH", path=_PATH,
        scopes=("update:prompts",), handler=_patch,
    ),
    Operation(
        title="Get render setting configurations for all screens", method="GET",
        path="/prompts/rendering", scopes=("read:prompts",), handler=_list,
        query=_SHAPE.parameters | set(_FILTERS),
    ),
    Operation(
        title="Bulk update render settings for screens", method="PATCH",
        path="/prompts/rendering", scopes=("update:prompts",), handler=_patch_several,
    ),
)  # fmt: skip
