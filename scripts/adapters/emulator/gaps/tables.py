"""DynamoDB tables by CloudFormation: point-in-time recovery, deletion protection, and no table taken over by its name.

ministack keeps no recovery setting of a template, deletes protected tables with their stack, and makes a table anew
over one that exists.
"""

from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

from .provisioning import Created, keep_after, refuse_error

TYPE = "AWS::DynamoDB::Table"


def close() -> None:
    keep_after(TYPE, _keep_recovery)
    handlers = provisioners._RESOURCE_HANDLERS[TYPE]
    make = handlers["create"]

    def create(logical_id: str, props: dict, stack: str) -> Created:
        if props.get("TableName") in dynamodb._tables:
            raise ValueError(f"Resource of type '{TYPE}' with identifier '{props['TableName']}' already exists.")
        return make(logical_id, props, stack)

    provisioners._RESOURCE_HANDLERS[TYPE] = {**handlers, "create": create, "delete": _delete}


def _keep_recovery(name: str, props: dict) -> None:
    settings = props.get("PointInTimeRecoverySpecification", {})
    enabled = provisioners._cfn_bool(settings.get("PointInTimeRecoveryEnabled", False))
    request = {"TableName": name, "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": enabled}}
    refuse_error(TYPE, dynamodb._update_continuous_backups(request))


def _delete(physical_id: str, _props: dict) -> None:
    if physical_id in dynamodb._tables:
        refuse_error(TYPE, dynamodb._delete_table({"TableName": physical_id}))
