"""What API Gateway says of a request body that its model refuses: `$context.error.validationErrorString`.

The sentences are those of the JSON-schema validator behind API Gateway (fge/json-schema-validator, draft 4), for the
keywords that a flat model uses. Whether a body is valid is decided by ministack; this finds the words only.
"""

import json
import re
from collections.abc import Iterator

_TYPES = {
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
}


def validation_error_string(schema: dict, value: object) -> str:
    """`[object has missing required properties (["amount"])]`; `[]` when no keyword known here refuses the value."""
    return f"[{', '.join(_messages(schema, value))}]"


def _messages(schema: dict, value: object) -> Iterator[str]:
    allowed = schema.get("type", [])
    allowed = set([allowed] if isinstance(allowed, str) else allowed)
    # To that validator an integer is a type of its own, which `number` takes in.
    allowed = sorted(allowed | ({"integer"} if "number" in allowed else set()))
    if allowed and not any(_TYPES[name](value) for name in allowed):
        yield (
            f"instance type ({_type_of(value)}) does not match any allowed primitive type (allowed: {_list(allowed)})"
        )
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"instance value ({_json(value)}) not found in enum (possible values: {_list(schema['enum'])})"
    if isinstance(value, str):
        yield from _string_messages(schema, value)
    elif _TYPES["number"](value):
        yield from _number_messages(schema, value)
    elif isinstance(value, dict):
        yield from _object_messages(schema, value)
    elif isinstance(value, list) and isinstance(schema.get("items"), dict):
        for item in value:
            yield from _messages(schema["items"], item)


def _string_messages(schema: dict, value: str) -> Iterator[str]:
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"ECMA 262 regex {_json(schema['pattern'])} does not match input string {_json(value)}"
    if len(value) < schema.get("minLength", 0):
        yield f"string {_json(value)} is too short (length: {len(value)}, required minimum: {schema['minLength']})"
    if len(value) > schema.get("maxLength", len(value)):
        yield f"string {_json(value)} is too long (length: {len(value)}, maximum allowed: {schema['maxLength']})"


def _number_messages(schema: dict, value: float) -> Iterator[str]:
    minimum, maximum = schema.get("minimum"), schema.get("maximum")
    if minimum is not None and value < minimum:
        yield f"numeric instance is lower than the required minimum (minimum: {minimum}, found: {_json(value)})"
    elif minimum is not None and value == minimum and schema.get("exclusiveMinimum"):
        yield f"numeric instance is not strictly greater than the required minimum {minimum}"
    if maximum is not None and value > maximum:
        yield f"numeric instance is greater than the required maximum (maximum: {maximum}, found: {_json(value)})"
    elif maximum is not None and value == maximum and schema.get("exclusiveMaximum"):
        yield f"numeric instance is not strictly lower than the required maximum {maximum}"


def _object_messages(schema: dict, value: dict) -> Iterator[str]:
    properties = schema.get("properties", {})
    unknown = sorted(name for name in value if name not in properties)
    if schema.get("additionalProperties") is False and unknown:
        yield f"object instance has properties which are not allowed by the schema: {_list(unknown)}"
    missing = sorted(name for name in schema.get("required", []) if name not in value)
    if missing:
        yield f"object has missing required properties ({_list(missing)})"
    for name in sorted(name for name in value if name in properties):
        yield from _messages(properties[name], value[name])


def _type_of(value: object) -> str:
    names = [name for name, matches in _TYPES.items() if matches(value)]
    return "integer" if "integer" in names else names[0]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _list(values: list) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
