"""Branding: colors and logos, the page template of the login pages, and themes.

They are stored. The pages of mockidp look the same in all tenants. Source: docs/fidelity.md.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from mockidp.frozen import replace
from mockidp.management.body import check_keys
from mockidp.management.collection import Texts
from mockidp.management.formats import check_color, check_https_url, check_number_of
from mockidp.management.json_values import check_members, check_types
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import not_found
from mockidp.management.stored.collection import Stored, StoredList, with_prefix
from mockidp.management.stored.section import Inside, SectionEntry
from mockidp.management.stored.setting import StoredSetting


def _check_branding(call: Call) -> None:
    """Check the objects in the settings. A background may be a color, or a gradient."""
    check_members(call, "colors", {"primary": "string", "page_background": None})
    check_members(call, "font", {"url": "string"})
    colors, font = call.body.get("colors") or {}, call.body.get("font") or {}
    with call.tenant.trace.check("branding"):
        for at in ("", "colors", "font"):
            check_number_of(call.body.get(at) if at else call.body, at, least=1)
        for name in ("favicon_url", "logo_url"):
            check_https_url(call.body.get(name), name)
        check_https_url(font.get("url"), "font.url")
        for name, color in colors.items():
            check_color(color, f"colors.{name}")


_BRANDING = StoredSetting(
    title="branding settings",
    path="/branding",
    noun="branding",
    place=Inside("branding"),
    order=("colors", "favicon_url", "font", "logo_url"),
    allowed=("colors", "favicon_url", "font", "logo_url"),
    types={"colors": "object", "favicon_url": "string", "font": "object", "logo_url": "string"},
    write_only=("templates",),
    check=_check_branding,
)
_TEMPLATE = SectionEntry("branding", {"template": "universal_login"}, ("templates",))
_TEMPLATE_PATH = "/branding/templates/universal-login"


def _get_template(call: Call) -> Stored:
    found = _TEMPLATE.read(call.tenant)
    with call.tenant.trace.check("template", found=found is not None):
        if found is None:
            raise not_found(
                "Template does not exist.",
                code="inexistent_templates_universal_login",
                hint=f"The tenant has no page template. Set one with PUT {_TEMPLATE_PATH}.",
            )
    return found


def _set_template(call: Call) -> Stored | None:
    """Set the template. A new one is answered with 201, and a changed one with 204."""
    check_keys(call, ("template",), required=("template",))
    check_types(call, {"template": "string"})
    with call.tenant.backend.exclusive():
        is_new = _TEMPLATE.read(call.tenant) is None
        _TEMPLATE.write(call, {"body": call.body["template"]})
    return {} if is_new else None


def _delete_template(call: Call) -> None:
    with call.tenant.backend.exclusive():
        _TEMPLATE.write(call, None)


_THEME = ("borders", "colors", "fonts", "page_background", "widget")
_INVALID = "There was an error {} branding settings: invalid theme ID"
THEMES = StoredList(
    section="themes",
    path="/branding/themes",
    noun="branding",
    texts=Texts(
        title="theme",
        missing=_INVALID.format("retrieving"),
        missing_code="theme_not_found",
    ),
    shape=ListShape(key="themes"),
    make_id=with_prefix("", 32),
    id_key="themeId",
    name_key="displayName",
    is_unique=False,
    order=("borders", "colors", "displayName", "fonts", "page_background", "widget", "themeId"),
    required=_THEME,
    types={**dict.fromkeys(_THEME, "object"), "displayName": "string"},
    read_only=frozenset({"themeId"}),
    created=HTTPStatus.OK,
)


_DELETED_THEMES = replace(THEMES, texts=replace(THEMES.texts, missing=_INVALID.format("deleting")))


def _default_theme(call: Call) -> Any:
    first = next(iter(THEMES.all(call)), None)
    with call.tenant.trace.check("theme", found=first is not None):
        if first is None:
            raise not_found(
                THEMES.texts.missing,
                code=THEMES.texts.missing_code,
                hint="The tenant has no theme. Create one with POST /branding/themes.",
            )
    return THEMES.answer(call, first)


OPERATIONS = (
    *_BRANDING.operations(),
    Operation(
        title="Get template for New Universal Login", method="GET", path=_TEMPLATE_PATH,
        scopes=("read:branding",), handler=_get_template,
    ),
    Operation(
        title="Set template for New Universal Login", method="PUT", path=_TEMPLATE_PATH,
        scopes=("update:branding",), handler=_set_template, status=HTTPStatus.CREATED,
        text_member="template",
    ),
    Operation(
        title="Delete template for New Universal Login", method="DELETE", path=_TEMPLATE_PATH,
        scopes=("delete:branding",), handler=_delete_template,
    ),
    Operation(
        title="Get the default theme", method="GET", path="/branding/themes/default",
        scopes=("read:branding",), handler=_default_theme,
    ),
    *(
        replace(one, scopes=("update:branding",)) if one.method == "POST" else one
        for one in THEMES.operations()
        if one.method != "DELETE" and (one.method, one.path) != ("GET", THEMES.path)
    ),
    *(one for one in _DELETED_THEMES.operations() if one.method == "DELETE"),
)  # fmt: skip
