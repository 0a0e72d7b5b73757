"""The settings as JSON Schema, for editors and for the generated page."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from bot.core.values import Json
from config.loading import defaults
from config.secrets import PATTERN
from config.settings import shape


class _Schema(GenerateJsonSchema):
    """Durations as people write them, secrets as references."""

    def timedelta_schema(self, _schema: core_schema.TimedeltaSchema) -> JsonSchemaValue:
        return {"type": "string", "pattern": r"^(\d+[mhdw])+$", "format": "span"}

    def encode_default(self, default: Any) -> Any:
        return compact(default) if isinstance(default, timedelta) else super().encode_default(default)


def compact(span: timedelta) -> str:
    """Return a duration as it is written in the settings: "15m", "72h", "366d"."""
    minutes = int(span.total_seconds()) // 60
    if minutes and minutes % 60 == 0:
        hours = minutes // 60
        return f"{hours // 24}d" if hours > 168 and hours % 24 == 0 else f"{hours}h"
    return f"{minutes}m"


def json_schema(vendors: Mapping[str, type[BaseModel]]) -> Json:
    """Return the JSON Schema of a settings file when *vendors*, by name, are the ones we know."""
    model = shape(vendors)
    schema = model.model_json_schema(schema_generator=_Schema)
    ours = schema["$defs"]["Organisation"]
    del schema["required"], ours["required"]  # since config/default.yaml has them
    for key in ours["properties"]:
        ours["properties"][key]["default"] = defaults().at(("organisation", key))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Settings", **_plain(schema)}


def _plain(node: Any) -> Any:
    """Return *node* without the titles pydantic makes of names, and with secrets shown as references."""
    if isinstance(node, list):
        return [_plain(one) for one in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _plain(one) for key, one in node.items() if not (key == "title" and isinstance(one, str))}
    if kept.get("format") == "password":
        del kept["writeOnly"]
        kept |= {"pattern": PATTERN, "format": "reference"}
    return kept
