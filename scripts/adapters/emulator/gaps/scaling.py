"""Application Auto Scaling: its API and its CloudFormation types. Targets and policies are kept; nothing scales."""

import json
import time

from ministack import app
from ministack.core import router
from ministack.core.responses import (
    AccountRegionScopedDict,
    error_response_json,
    get_account_id,
    get_region,
    json_response,
    new_uuid,
)
from ministack.services.cloudformation import provisioners

from .provisioning import Created, register

SERVICE = "application-autoscaling"
IDENTITY = ("ServiceNamespace", "ResourceId", "ScalableDimension")

_targets = AccountRegionScopedDict()  # identity -> target
_policies = AccountRegionScopedDict()  # (identity, policy name) -> policy
_tags = AccountRegionScopedDict()  # ARN -> {key: value}


class RequestError(ValueError):
    """A request this service refuses, with its error code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def close() -> None:
    router.SERVICE_PATTERNS[SERVICE] = {
        "target_prefixes": ["AnyScaleFrontendService."],
        "host_patterns": [r"application-autoscaling\."],
        "credential_scope": SERVICE,
    }
    app.SERVICE_HANDLERS[SERVICE] = _handle_request
    register(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        create=lambda _logical_id, props, _stack: _register_from_template(props),
        update=lambda _physical_id, _old, new, _stack: _register_from_template(new),
        delete=lambda _physical_id, props: _forget_target(props),
        create_only=IDENTITY,
    )
    register(
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        create=lambda _logical_id, props, _stack: _put_from_template(props),
        update=lambda _physical_id, _old, new, _stack: _put_from_template(new),
        delete=_forget_policy,
        create_only=("PolicyName", "ScalingTargetId", *IDENTITY),
    )


# --- Targets and policies ---


def _identity(request: dict) -> tuple[str, ...]:
    missing = [name for name in IDENTITY if not request.get(name)]
    if missing:
        raise RequestError("ValidationException", f"Missing: {', '.join(missing)}")
    return tuple(request[name] for name in IDENTITY)


def _arn(kind: str) -> str:
    return f"arn:aws:{SERVICE}:{get_region()}:{get_account_id()}:{kind}"


def _register_target(request: dict) -> dict:
    identity = _identity(request)
    known = _targets.get(identity)
    if known is None and not {"MinCapacity", "MaxCapacity"} <= request.keys():
        raise RequestError("ValidationException", "MinCapacity and MaxCapacity are required")
    target = known or {
        **dict(zip(IDENTITY, identity)),
        "ScalableTargetARN": _arn(f"scalable-target/{new_uuid().replace('-', '')[:32]}"),
        "CreationTime": time.time(),
        "RoleARN": f"arn:aws:iam::{get_account_id()}:role/aws-service-role/dynamodb.{SERVICE}.amazonaws.com/"
        "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable",
        "SuspendedState": {
            "DynamicScalingInSuspended": False,
            "DynamicScalingOutSuspended": False,
            "ScheduledScalingSuspended": False,
        },
    }
    for name in ("MinCapacity", "MaxCapacity"):
        if name in request:
            target[name] = int(request[name])
    if target["MinCapacity"] > target["MaxCapacity"]:
        raise RequestError("ValidationException", "Maximum capacity cannot be less than minimum capacity")
    for name in ("RoleARN", "SuspendedState"):
        if request.get(name):
            target[name] = request[name]
    _targets[identity] = target
    if request.get("Tags"):
        _tags[target["ScalableTargetARN"]] = provisioners._tag_map(request["Tags"])
    return target


def _deregister_target(request: dict) -> None:
    identity = _identity(request)
    target = _targets.pop(identity, None)
    if target is None:
        raise RequestError("ObjectNotFoundException", f"No scalable target found for {'/'.join(identity)}")
    _tags.pop(target["ScalableTargetARN"], None)
    for key in [key for key in _policies if key[0] == identity]:
        _policies.pop(key)


def _put_policy(request: dict) -> dict:
    identity = _identity(request)
    if identity not in _targets:
        raise RequestError("ObjectNotFoundException", f"No scalable target registered for {'/'.join(identity)}")
    name = request["PolicyName"]
    known = _policies.get((identity, name), {})
    fixed = {
        "PolicyARN": known.get("PolicyARN")
        or f"arn:aws:autoscaling:{get_region()}:{get_account_id()}:scalingPolicy:{new_uuid()}:resource/"
        f"{identity[0]}/{identity[1]}:policyName/{name}",
        "CreationTime": known.get("CreationTime", time.time()),
        "Alarms": [],
    }
    settings = ("PolicyName", "PolicyType", *(key for key in request if key.endswith("ScalingPolicyConfiguration")))
    policy = {**{key: request[key] for key in (*IDENTITY, *settings) if key in request}, **fixed}
    _policies[(identity, name)] = policy
    return policy


def _delete_policy(request: dict) -> None:
    key = (_identity(request), request["PolicyName"])
    if _policies.pop(key, None) is None:
        raise RequestError("ObjectNotFoundException", f"No scaling policy found: {request['PolicyName']}")


# --- CloudFormation ---


def _register_from_template(props: dict) -> Created:
    target = _register_target(props)
    # Ref and Id: {resource id}|{dimension}|{namespace}, as the template reference says.
    physical_id = "|".join(target[name] for name in ("ResourceId", "ScalableDimension", "ServiceNamespace"))
    return physical_id, {"Id": physical_id}


def _forget_target(props: dict) -> None:
    if _identity(props) in _targets:
        _deregister_target(props)


def _put_from_template(props: dict) -> Created:
    request = dict(props)
    if "ScalingTargetId" in props:
        resource, dimension, namespace = props["ScalingTargetId"].split("|")
        request.update(ResourceId=resource, ScalableDimension=dimension, ServiceNamespace=namespace)
    arn = _put_policy(request)["PolicyARN"]
    return arn, {"Arn": arn}


def _forget_policy(physical_id: str, _props: dict) -> None:
    for key in [key for key, policy in _policies.items() if policy["PolicyARN"] == physical_id]:
        _policies.pop(key)


# --- API ---


def _matching(store: AccountRegionScopedDict, request: dict, names: str, name: str) -> list[dict]:
    wanted = request.get(names)
    return [
        entry
        for entry in store.values()
        if all(not request.get(key) or entry[key] == request[key] for key in IDENTITY)
        and (not wanted or entry[name] in wanted)
    ]


def _tag(request: dict) -> dict:
    _tags[request["ResourceARN"]] = {**_tags.get(request["ResourceARN"], {}), **request["Tags"]}
    return {}


def _untag(request: dict) -> dict:
    kept = {k: v for k, v in _tags.get(request["ResourceARN"], {}).items() if k not in request["TagKeys"]}
    _tags[request["ResourceARN"]] = kept
    return {}


_ACTIONS = {
    "RegisterScalableTarget": lambda r: {"ScalableTargetARN": _register_target(r)["ScalableTargetARN"]},
    "DeregisterScalableTarget": lambda r: _deregister_target(r) or {},
    "DescribeScalableTargets": lambda r: {"ScalableTargets": _matching(_targets, r, "ResourceIds", "ResourceId")},
    "PutScalingPolicy": lambda r: {"PolicyARN": _put_policy(r)["PolicyARN"], "Alarms": []},
    "DeleteScalingPolicy": lambda r: _delete_policy(r) or {},
    "DescribeScalingPolicies": lambda r: {"ScalingPolicies": _matching(_policies, r, "PolicyNames", "PolicyName")},
    "DescribeScalingActivities": lambda _r: {"ScalingActivities": []},
    "DescribeScheduledActions": lambda _r: {"ScheduledActions": []},
    "ListTagsForResource": lambda r: {"Tags": _tags.get(r["ResourceARN"], {})},
    "TagResource": _tag,
    "UntagResource": _untag,
}


async def _handle_request(_method: str, _path: str, headers: dict, body: bytes, _query: dict) -> tuple:
    name = headers.get("x-amz-target", "").rpartition(".")[2]
    action = _ACTIONS.get(name)
    if action is None:
        return error_response_json("UnknownOperationException", f"Not emulated: {name}")
    try:
        return json_response(action(json.loads(body or b"{}")))
    except RequestError as error:
        return error_response_json(error.code, str(error))
