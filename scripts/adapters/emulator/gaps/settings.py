"""Settings of a template that ministack's handlers drop, though the services' own APIs know them.

A function's subnets and security groups, a topic's key.
"""

from ministack.services import lambda_svc, sns

from .provisioning import keep_after


def close() -> None:
    keep_after("AWS::Lambda::Function", _keep_network)
    keep_after("AWS::SNS::Topic", _keep_key)


def _keep_network(name: str, props: dict) -> None:
    config = props.get("VpcConfig") or {}
    wanted = {"SubnetIds": config.get("SubnetIds", []), "SecurityGroupIds": config.get("SecurityGroupIds", [])}
    lambda_svc._functions[name]["config"]["VpcConfig"] = lambda_svc._vpc_config_with_id(wanted)


def _keep_key(arn: str, props: dict) -> None:
    attributes = sns._topics[arn]["attributes"]
    if props.get("KmsMasterKeyId"):
        attributes["KmsMasterKeyId"] = props["KmsMasterKeyId"]
    else:
        attributes.pop("KmsMasterKeyId", None)
