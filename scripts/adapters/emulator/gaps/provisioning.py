"""How a resource type is added to ministack's CloudFormation."""

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


def refuse_error(resource_type: str, response: tuple) -> None:
    """Turns an error answer of a service's own function into the failure of the resource."""
    status, _headers, body = response
    if status >= 400:
        text = body.decode() if isinstance(body, bytes) else str(body)
        raise ValueError(f"{resource_type}: {text}")
