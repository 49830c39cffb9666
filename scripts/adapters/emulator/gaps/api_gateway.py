"""API Gateway by CloudFormation: request validators, the validator's message in a gateway response, access logs, type.

ministack validates bodies, but only for validators made through the API: those of a template are not kept, and
methods lose theirs. A stage loses where its access logs go, an API its endpoint type.
"""

import json

from ministack.services import apigateway_v1
from ministack.services.cloudformation import provisioners

from .provisioning import Created, keep_after, refuse_error
from .validation_messages import validation_error_string

VALIDATOR = "AWS::ApiGateway::RequestValidator"
VARIABLE = "$context.error.validationErrorString"


def close() -> None:
    handlers = provisioners._RESOURCE_HANDLERS
    handlers[VALIDATOR] = {"create": _create_validator, "update": _update_validator, "delete": _delete_validator}
    provisioners._REPLACING_PROPERTIES[VALIDATOR] = ("Name", "RestApiId")
    keep_after("AWS::ApiGateway::Method", _keep_validator)
    keep_after("AWS::ApiGateway::Stage", _keep_access_logs)
    keep_after("AWS::ApiGateway::RestApi", _keep_endpoint_type)
    _tell_validation_errors()


def _create_validator(_logical_id: str, props: dict, _stack: str) -> Created:
    request = {"name": props.get("Name", ""), **_flags(props)}
    response = apigateway_v1._create_request_validator(props["RestApiId"], request)
    refuse_error(VALIDATOR, response)
    validator_id = json.loads(response[2])["id"]
    return validator_id, {"RequestValidatorId": validator_id}


def _update_validator(physical_id: str, _old: dict, new: dict, _stack: str) -> Created:
    apigateway_v1._request_validators[new["RestApiId"]][physical_id].update(_flags(new))
    return physical_id, {"RequestValidatorId": physical_id}


def _delete_validator(physical_id: str, props: dict) -> None:
    # The API itself may have gone first, with all its validators.
    apigateway_v1._request_validators.get(props["RestApiId"], {}).pop(physical_id, None)


def _flags(props: dict) -> dict:
    return {
        "validateRequestBody": provisioners._cfn_bool(props.get("ValidateRequestBody", False)),
        "validateRequestParameters": provisioners._cfn_bool(props.get("ValidateRequestParameters", False)),
    }


def _keep_validator(_physical_id: str, props: dict) -> None:
    resource = apigateway_v1._resources[props["RestApiId"]][props["ResourceId"]]
    resource["resourceMethods"][props["HttpMethod"]]["requestValidatorId"] = props.get("RequestValidatorId")


def _keep_access_logs(stage_name: str, props: dict) -> None:
    setting = props.get("AccessLogSetting", {})
    stage = apigateway_v1._stages_v1[props["RestApiId"]][stage_name]
    names = (("destinationArn", "DestinationArn"), ("format", "Format"))
    stage["accessLogSettings"] = {member: setting[name] for member, name in names if name in setting}


def _keep_endpoint_type(api_id: str, props: dict) -> None:
    # EDGE is the default of the template reference; RestApi of CDK says what it wants.
    types = props.get("EndpointConfiguration", {}).get("Types", ["EDGE"])
    apigateway_v1._rest_apis[api_id]["endpointConfiguration"] = {"types": types}


def _tell_validation_errors() -> None:
    """A gateway response may quote the validator's message; ministack leaves the variable as it stands."""
    check, render = apigateway_v1._check_request_validation, apigateway_v1._gateway_error_response

    def check_and_explain(method: dict, api_id: str, request: dict, headers: dict, body: bytes, query: dict) -> object:
        error = check(method, api_id, request, headers, body, query)
        if error is not None and error.response_type == "BAD_REQUEST_BODY":
            error.validation_error = _explain(method, api_id, body) or error.message
        return error

    def render_with_message(error: object, request: dict) -> tuple:
        status, headers, body = render(error, request)
        # In a template the variable stands between quotes: the message is escaped for them.
        message = json.dumps(getattr(error, "validation_error", ""))[1:-1]
        return status, headers, body.replace(VARIABLE.encode(), message.encode())

    apigateway_v1._check_request_validation = check_and_explain
    apigateway_v1._gateway_error_response = render_with_message


def _explain(method: dict, api_id: str, body: bytes) -> str | None:
    model = (method.get("requestModels") or {}).get("application/json")
    schema = apigateway_v1._model_schema(api_id, model) if model else None
    try:
        document = json.loads(body)
    except (TypeError, ValueError):
        return None
    return validation_error_string(schema, document) if schema else None
