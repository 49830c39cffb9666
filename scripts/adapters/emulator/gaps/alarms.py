"""CloudWatch: composite alarms, alarms on metric math, and alarms that look at their own dimensions only."""

from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch
from ministack.services.cloudformation import provisioners

from .provisioning import Created, refuse_error, register

TYPE = "AWS::CloudWatch::CompositeAlarm"


def close() -> None:
    register(
        TYPE,
        create=lambda logical_id, props, stack: _put(_name(logical_id, props, stack), props),
        update=lambda physical_id, _old, new, _stack: _put(physical_id, new),
        delete=_delete,
        create_only=("AlarmName",),
        tags=True,
    )
    _accept_metric_math()
    _evaluate_by_dimensions()


def _name(logical_id: str, props: dict, stack: str) -> str:
    return props.get("AlarmName") or provisioners._physical_name(stack, logical_id, max_len=255)


def _put(name: str, props: dict) -> Created:
    # Tags are set below: PutCompositeAlarm refuses the aws: keys that CloudFormation adds.
    request = {key: value for key, value in props.items() if key != "Tags"}
    enabled = str(props.get("ActionsEnabled", True)).lower() != "false"
    request.update(AlarmName=name, ActionsEnabled=enabled)
    refuse_error(TYPE, cloudwatch._put_composite_alarm({}, request, False, is_json=True))
    arn = cloudwatch._composite_alarms[name]["AlarmArn"]
    cloudwatch._resource_tags[arn] = provisioners._tag_map(props.get("Tags"))
    return name, {"Arn": arn}


def _delete(physical_id: str, _props: dict) -> None:
    refuse_error(TYPE, cloudwatch._delete_alarms({}, {"AlarmNames": [physical_id]}, False, is_json=True))
    arn = f"arn:aws:cloudwatch:{get_region()}:{get_account_id()}:alarm:{physical_id}"
    cloudwatch._resource_tags.pop(arn, None)


def _accept_metric_math() -> None:
    """Such an alarm is described with its `Metrics`, and stays without data: ministack computes no expression."""
    record = provisioners._cw_metric_alarm_record

    def record_with_math(name: str, props: dict) -> dict:
        if not props.get("Metrics"):
            return record(name, props)
        plain = {key: value for key, value in props.items() if key != "Metrics"}
        alarm = record(name, {**plain, "MetricName": "-", "Namespace": "-"})
        for key in ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Dimensions", "Unit"):
            del alarm[key]
        return {**alarm, "Metrics": props["Metrics"]}

    provisioners._cw_metric_alarm_record = record_with_math


def _evaluate_by_dimensions() -> None:
    """ministack judges an alarm by all data of its metric's name: dev's data would raise prod's alarm."""
    evaluate = cloudwatch._evaluate_alarm

    def evaluate_own(alarm: dict) -> None:
        namespace, metric = alarm.get("Namespace"), alarm.get("MetricName")
        wanted = cloudwatch._dims_key(cloudwatch._dims_from_list(alarm.get("Dimensions") or []))
        every = cloudwatch._metrics
        own = {
            key: points
            for key, points in every.items()
            if (key[0], key[1]) != (namespace, metric) or key[2] == wanted
        }
        cloudwatch._metrics = own
        try:
            evaluate(alarm)
        finally:
            cloudwatch._metrics = every

    cloudwatch._evaluate_alarm = evaluate_own
