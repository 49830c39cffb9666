"""How a resource type is added to ministack's CloudFormation."""

import re
from collections.abc import Callable

from ministack.services.cloudformation import provisioners

Created = tuple[str, dict]
"""Physical id (what Ref returns) and attributes (what Fn::GetAtt returns)."""


def register(
    resource_type: str,
    *,
    create: Callable[[str, dict, str], Created],
    update: Callable[[str, dict, dict, str], Created],
    delete: Callable[[str, dict], None],
    create_only: tuple[str, ...] = (),
    tags: bool = False,
) -> None:
    """Adds a type.

    `create(logical_id, properties, stack_name)`, `update(physical_id, old, new, stack_name)`,
    `delete(physical_id, properties)`. `create_only` are the properties whose change replaces the resource, from the
    "Update requires" lines of the CloudFormation template reference. `tags`: stack tags reach its `Tags` property.
    """
    if resource_type in provisioners._RESOURCE_HANDLERS:
        raise RuntimeError(f"ministack handles {resource_type} itself now: remove it from the gaps")
    provisioners._RESOURCE_HANDLERS[resource_type] = {"create": create, "update": update, "delete": delete}
    provisioners._REPLACING_PROPERTIES[resource_type] = create_only
    if tags:
        provisioners._STACK_TAG_PROPERTY[resource_type] = ("Tags", "list")


def keep_after(resource_type: str, keep: Callable[[str, dict], None]) -> None:
    """Lets `keep(physical_id, properties)` run after ministack's own create and update of a type: it puts into the
    service's store what those leave out of the template."""
    handlers = provisioners._RESOURCE_HANDLERS[resource_type]

    def create(logical_id: str, props: dict, stack: str) -> Created:
        made = handlers["create"](logical_id, props, stack)
        keep(made[0], props)
        return made

    def update(physical_id: str, old: dict, new: dict, *context: str) -> Created:
        made = handlers["update"](physical_id, old, new, *context)
        keep(made[0], new)
        return made

    provisioners._RESOURCE_HANDLERS[resource_type] = {**handlers, "create": create, "update": update}


def refuse_error(resource_type: str, response: tuple) -> None:
    """Turns an error answer of a service's own function into the failure of the resource."""
    status, _headers, body = response
    if status >= 400:
        text = body.decode() if isinstance(body, bytes) else str(body)
        # The message alone, out of the XML or JSON of the service's protocol.
        found = re.search(r'<Message>([^<]*)<|"message": *"((?:[^"\\]|\\.)*)"', text)
        message = (found[1] or found[2]) if found else text
        raise ValueError(f"Resource handler returned message: {message} ({resource_type})")
