"""Settings of a template that ministack's CloudFormation handlers drop, though the services' own APIs know them.

A function's subnets and security groups, a stage's access log, a table's point-in-time recovery, a topic's key.
"""

from collections.abc import Callable

from ministack.services import apigateway_v1, dynamodb, lambda_svc, sns
from ministack.services.cloudformation import provisioners

from .provisioning import Created


def close() -> None:
    _keep("AWS::Lambda::Function", _keep_network)
    _keep("AWS::ApiGateway::Stage", _keep_access_log)
    _keep("AWS::DynamoDB::Table", _keep_recovery)
    _keep("AWS::SNS::Topic", _keep_key)


def _keep(resource_type: str, keep: Callable[[str, dict], None]) -> None:
    """`keep(physical_id, properties)` runs after the type's own create and update."""
    handlers = provisioners._RESOURCE_HANDLERS[resource_type]

    def create(logical_id: str, props: dict, stack: str) -> Created:
        made = handlers["create"](logical_id, props, stack)
        keep(made[0], props)
        return made

    def update(physical_id: str, old: dict, new: dict, stack: str, **more: str) -> Created:
        made = handlers["update"](physical_id, old, new, stack, **more)
        keep(made[0], new)
        return made

    provisioners._RESOURCE_HANDLERS[resource_type] = {**handlers, "create": create, "update": update}


def _keep_network(name: str, props: dict) -> None:
    config = props.get("VpcConfig") or {}
    wanted = {"SubnetIds": config.get("SubnetIds", []), "SecurityGroupIds": config.get("SecurityGroupIds", [])}
    lambda_svc._functions[name]["config"]["VpcConfig"] = lambda_svc._vpc_config_with_id(wanted)


def _keep_access_log(stage_name: str, props: dict) -> None:
    setting = props.get("AccessLogSetting") or {}
    names = {"DestinationArn": "destinationArn", "Format": "format"}
    apigateway_v1._stages_v1[props["RestApiId"]][stage_name]["accessLogSettings"] = {
        names[name]: value for name, value in setting.items()
    }


def _keep_recovery(name: str, props: dict) -> None:
    specification = props.get("PointInTimeRecoverySpecification") or {}
    dynamodb._pitr_settings[name] = provisioners._cfn_bool(specification.get("PointInTimeRecoveryEnabled", False))


def _keep_key(arn: str, props: dict) -> None:
    attributes = sns._topics[arn]["attributes"]
    if props.get("KmsMasterKeyId"):
        attributes["KmsMasterKeyId"] = props["KmsMasterKeyId"]
    else:
        attributes.pop("KmsMasterKeyId", None)
