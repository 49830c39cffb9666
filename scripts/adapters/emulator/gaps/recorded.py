"""Types that are recorded and not emulated: they deploy and are destroyed, and nothing behaves by them.

The list is recorded-types.json, which the commands read too: what is recorded is shown as `unknown`.
"""

import json
from pathlib import Path

from ministack.core.responses import new_uuid

from .provisioning import Created, register

TYPES_FILE = Path(__file__).parent.parent / "recorded-types.json"


def close() -> None:
    for entry in json.loads(TYPES_FILE.read_text(encoding="utf-8")):
        if entry["handler"] == "record-only":
            register(entry["type"], create=_create, update=_update, delete=lambda _physical_id, _props: None)


def _create(logical_id: str, _props: dict, stack: str) -> Created:
    physical_id = f"{stack}-{logical_id}-{new_uuid()[:12]}"
    return physical_id, {"Id": physical_id, "Arn": f"arn:aws:recorded:::{physical_id}"}


def _update(physical_id: str, _old: dict, _new: dict, _stack: str) -> Created:
    return physical_id, {"Id": physical_id, "Arn": f"arn:aws:recorded:::{physical_id}"}
