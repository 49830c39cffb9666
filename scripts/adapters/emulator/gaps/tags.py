"""Tags of resources whose type ministack handles without them: event source mappings, dashboards, event rules."""

from collections.abc import Callable

from ministack.core.responses import get_account_id
from ministack.services import cloudwatch, lambda_svc
from ministack.services.cloudformation import provisioners

from .provisioning import Created


def close() -> None:
    _add_tags("AWS::Lambda::EventSourceMapping", lambda physical_id: lambda_svc._esms[physical_id].setdefault("Tags", {}))
    _add_tags(
        "AWS::CloudWatch::Dashboard",
        lambda physical_id: cloudwatch._resource_tags.setdefault(_dashboard_arn(physical_id), {}),
    )
    # Its handler keeps tags, yet those of the stack don't reach it.
    provisioners._STACK_TAG_PROPERTY["AWS::Events::Rule"] = ("Tags", "list")
    _admit_dashboards()


def _add_tags(resource_type: str, store_of: Callable[[str], dict]) -> None:
    """`store_of`: physical id to the {key: value} store that the service's own API reads."""
    handlers = provisioners._RESOURCE_HANDLERS[resource_type]

    def create(logical_id: str, props: dict, stack: str) -> Created:
        made = handlers["create"](logical_id, props, stack)
        provisioners._reconcile_tag_map(store_of(made[0]), {}, props)
        return made

    def update(physical_id: str, old: dict, new: dict, stack: str) -> Created:
        made = handlers["update"](physical_id, old, new, stack)
        provisioners._reconcile_tag_map(store_of(made[0]), old, new)
        return made

    provisioners._RESOURCE_HANDLERS[resource_type] = {**handlers, "create": create, "update": update}
    provisioners._STACK_TAG_PROPERTY[resource_type] = ("Tags", "list")


def _dashboard_arn(name: str) -> str:
    return f"arn:aws:cloudwatch::{get_account_id()}:dashboard/{name}"


def _admit_dashboards() -> None:
    """CloudWatch tags dashboards too; ministack knows alarms only."""
    check = cloudwatch._validate_alarm_tag_arn

    def check_alarms_and_dashboards(arn: str, is_json: bool = False, is_cbor: bool = False) -> tuple | None:
        if any(arn == _dashboard_arn(name) for name in cloudwatch._dashboards):
            return None
        return check(arn, is_json, is_cbor)

    cloudwatch._validate_alarm_tag_arn = check_alarms_and_dashboards
