"""EC2: elastic IPs, NAT gateways, flow logs, and security-group rules as resources of their own."""

import re

from ministack.core.responses import new_uuid
from ministack.services import ec2
from ministack.services.cloudformation import provisioners

from .provisioning import Created, refuse_error, register


def close() -> None:
    register(
        "AWS::EC2::EIP",
        create=_create_address,
        update=_update_address,
        delete=_delete_address,
        create_only=("Domain", "NetworkBorderGroup", "TransferAddress", "Address", "IpamPoolId"),
        tags=True,
    )
    register(
        "AWS::EC2::NatGateway",
        create=_create_nat_gateway,
        update=_retag,
        delete=_delete_nat_gateway,
        create_only=("AllocationId", "ConnectivityType", "PrivateIpAddress", "SubnetId", "VpcId"),
        tags=True,
    )
    register(
        "AWS::EC2::FlowLog",
        create=_create_flow_log,
        update=_retag,
        delete=lambda physical_id, _props: refuse_error(
            "AWS::EC2::FlowLog", ec2._delete_flow_logs({"FlowLogId.1": physical_id})
        ),
        create_only=(
            "DeliverCrossAccountRole",
            "DeliverLogsPermissionArn",
            "DestinationOptions",
            "LogDestination",
            "LogDestinationType",
            "LogFormat",
            "LogGroupName",
            "MaxAggregationInterval",
            "ResourceId",
            "ResourceType",
            "TrafficType",
        ),
        tags=True,
    )
    _register_rule("AWS::EC2::SecurityGroupIngress", "IpPermissions", "Source")
    _register_rule("AWS::EC2::SecurityGroupEgress", "IpPermissionsEgress", "Destination")
    _narrow("DescribeAddresses", "AllocationId", ec2._addresses, _asked_addresses)
    _narrow("DescribeVpcEndpoints", "VpcEndpointId", ec2._vpc_endpoints, _asked_endpoints)


def _narrow(action: str, id_parameter: str, store, asked) -> None:
    """An action that heeds nothing but ids is asked for the ids of what its other conditions ask for.

    `asked` gives a predicate over the store's entries, or None where ids alone are asked for.
    """
    describe = ec2._ACTION_MAP[action]

    def narrowed(params):
        wanted = asked(params)
        if wanted is None:
            return describe(params)
        ids = [key for key, entry in store.items() if wanted(entry)] or ["none"]
        return describe({**params, **{f"{id_parameter}.{i}": [key] for i, key in enumerate(ids, 1)}})

    ec2._ACTION_MAP[action] = narrowed


def _asked_addresses(params):
    public_ips = ec2._parse_member_list(params, "PublicIp")
    return (lambda address: address["PublicIp"] in public_ips) if public_ips else None


def _asked_endpoints(params):
    filters = ec2._parse_filters(params)
    fields = {"vpc-id": "VpcId", "service-name": "ServiceName"}
    known = {fields[name]: values for name, values in filters.items() if name in fields}
    return (lambda endpoint: all(endpoint[f] in values for f, values in known.items())) if known else None


def _found(response: tuple, element: str) -> str:
    """The text of an element in one of ministack's XML answers."""
    return re.search(rf"<{element}>([^<]+)<", response[2].decode()).group(1)


def _retag(physical_id: str, old: dict, new: dict, _stack: str) -> Created:
    """All but the tags replaces the resource, so an update is about tags."""
    provisioners._ec2_apply_tags(physical_id, new, old)
    return physical_id, {"Id": physical_id, "NatGatewayId": physical_id}


def _address(public_ip: str) -> dict | None:
    return next((a for a in ec2._addresses.values() if a["PublicIp"] == public_ip), None)


def _create_address(_logical_id: str, props: dict, _stack: str) -> Created:
    response = ec2._allocate_address({"Domain": props.get("Domain", "vpc")})
    allocation_id, public_ip = _found(response, "allocationId"), _found(response, "publicIp")
    provisioners._ec2_apply_tags(allocation_id, props)
    return public_ip, {"AllocationId": allocation_id, "PublicIp": public_ip}


def _update_address(physical_id: str, old: dict, new: dict, stack: str) -> Created:
    address = _address(physical_id)
    if address is None:
        return _create_address(physical_id, new, stack)
    provisioners._ec2_apply_tags(address["AllocationId"], new, old)
    return physical_id, {"AllocationId": address["AllocationId"], "PublicIp": physical_id}


def _delete_address(physical_id: str, _props: dict) -> None:
    address = _address(physical_id)
    if address is not None:
        refuse_error("AWS::EC2::EIP", ec2._release_address({"AllocationId": address["AllocationId"]}))


def _create_nat_gateway(_logical_id: str, props: dict, _stack: str) -> Created:
    request = {key: props[key] for key in ("SubnetId", "AllocationId", "ConnectivityType") if key in props}
    response = ec2._create_nat_gateway(request)
    refuse_error("AWS::EC2::NatGateway", response)
    nat_id = _found(response, "natGatewayId")
    provisioners._ec2_apply_tags(nat_id, props)
    return nat_id, {"NatGatewayId": nat_id}


def _delete_nat_gateway(physical_id: str, _props: dict) -> None:
    if physical_id in ec2._nat_gateways:
        refuse_error("AWS::EC2::NatGateway", ec2._delete_nat_gateway({"NatGatewayId": physical_id}))


def _create_flow_log(_logical_id: str, props: dict, _stack: str) -> Created:
    request = {
        key: props[key]
        for key in ("ResourceType", "TrafficType", "LogDestinationType", "LogDestination", "LogGroupName")
        if key in props
    }
    response = ec2._create_flow_logs({**request, "ResourceId.1": props["ResourceId"]})
    flow_log_id = _found(response, "item")
    provisioners._ec2_apply_tags(flow_log_id, props)
    return flow_log_id, {"Id": flow_log_id}


def _register_rule(resource_type: str, store: str, side: str) -> None:
    """A rule lives in its group's list of permissions, under an id of its own."""

    def permissions(group_id: str) -> list:
        group = ec2._security_groups.get(group_id)
        if group is None:
            raise ValueError(f"The security group '{group_id}' does not exist")
        return group[store]

    def rule_of(props: dict, rule_id: str) -> dict:
        (rule,) = provisioners._ec2_sg_permissions([props])
        return {**rule, "SecurityGroupRuleId": rule_id}

    def create(_logical_id: str, props: dict, _stack: str) -> Created:
        rule_id = f"sgr-{new_uuid().replace('-', '')[:17]}"
        rule = rule_of(props, rule_id)
        rules = permissions(props["GroupId"])
        if any(ec2._rules_match(rule, existing) for existing in rules):
            raise ValueError("the specified rule already exists")
        rules.append(rule)
        return rule_id, {"Id": rule_id}

    def update(rule_id: str, _old: dict, new: dict, _stack: str) -> Created:
        rules = permissions(new["GroupId"])
        rules[:] = [rule_of(new, rule_id) if r.get("SecurityGroupRuleId") == rule_id else r for r in rules]
        return rule_id, {"Id": rule_id}

    def delete(rule_id: str, props: dict) -> None:
        group = ec2._security_groups.get(props.get("GroupId"))
        if group is not None:
            group[store][:] = [r for r in group[store] if r.get("SecurityGroupRuleId") != rule_id]

    register(
        resource_type,
        create=create,
        update=update,
        delete=delete,
        create_only=(
            "CidrIp",
            "CidrIpv6",
            "FromPort",
            "GroupId",
            "GroupName",
            "IpProtocol",
            "ToPort",
            f"{side}PrefixListId",
            f"{side}SecurityGroupId",
            f"{side}SecurityGroupName",
            f"{side}SecurityGroupOwnerId",
        ),
    )
