"""DynamoDB tables by CloudFormation: point-in-time recovery, deletion protection, and no table taken over by its name.

ministack keeps no recovery setting of a template, deletes protected tables with their stack, and makes a table anew
over one that exists.
"""

from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

from .provisioning import Created, refuse_error

TYPE = "AWS::DynamoDB::Table"


def close() -> None:
    handlers = provisioners._RESOURCE_HANDLERS[TYPE]

    def create(logical_id: str, props: dict, stack: str) -> Created:
        if props.get("TableName") in dynamodb._tables:
            raise ValueError(f"Resource of type '{TYPE}' with identifier '{props['TableName']}' already exists.")
        return _with_recovery(handlers["create"](logical_id, props, stack), props)

    def update(physical_id: str, old: dict, new: dict, stack: str, logical_id: str | None = None) -> Created:
        return _with_recovery(handlers["update"](physical_id, old, new, stack, logical_id), new)

    provisioners._RESOURCE_HANDLERS[TYPE] = {**handlers, "create": create, "update": update, "delete": _delete}


def _with_recovery(made: Created, props: dict) -> Created:
    settings = props.get("PointInTimeRecoverySpecification", {})
    enabled = provisioners._cfn_bool(settings.get("PointInTimeRecoveryEnabled", False))
    request = {"TableName": made[0], "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": enabled}}
    refuse_error(TYPE, dynamodb._update_continuous_backups(request))
    return made


def _delete(physical_id: str, _props: dict) -> None:
    if physical_id in dynamodb._tables:
        refuse_error(TYPE, dynamodb._delete_table({"TableName": physical_id}))
