"""IAM: OpenID Connect providers, by which GitHub Actions gets into an account, and boundaries of roles."""

from ministack.services import iam

from .provisioning import Created, keep_after, refuse_error, register


def close() -> None:
    register(
        "AWS::IAM::OIDCProvider",
        create=_create,
        update=_update,
        delete=_delete,
        create_only=("Url",),
        tags=True,
    )
    keep_after("AWS::IAM::Role", _keep_boundary)


def _keep_boundary(name: str, props: dict) -> None:
    iam._roles[name]["PermissionsBoundary"] = props.get("PermissionsBoundary")


def _create(_logical_id: str, props: dict, _stack: str) -> Created:
    response = iam._create_oidc_provider({"Url": props["Url"]})
    refuse_error("AWS::IAM::OIDCProvider", response)
    host = props["Url"].removeprefix("https://").rstrip("/")
    arn = next(arn for arn in iam._oidc_providers if arn.endswith(f":oidc-provider/{host}"))
    return _apply(arn, props)


def _update(physical_id: str, _old: dict, new: dict, stack: str) -> Created:
    return _apply(physical_id, new) if physical_id in iam._oidc_providers else _create(physical_id, new, stack)


def _apply(arn: str, props: dict) -> Created:
    iam._oidc_providers[arn].update(
        ClientIDList=list(props.get("ClientIdList", [])),
        ThumbprintList=list(props.get("ThumbprintList", [])),
        Tags=list(props.get("Tags", [])),
    )
    return arn, {"Arn": arn}


def _delete(physical_id: str, _props: dict) -> None:
    if physical_id in iam._oidc_providers:
        refuse_error("AWS::IAM::OIDCProvider", iam._delete_oidc_provider({"OpenIDConnectProviderArn": physical_id}))
