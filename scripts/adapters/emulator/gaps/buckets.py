"""S3: buckets named by prefix in the account's own regional namespace, which ministack would name at random."""

from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import provisioners

from .provisioning import Created


def close() -> None:
    handlers = provisioners._RESOURCE_HANDLERS["AWS::S3::Bucket"]
    create, update = handlers["create"], handlers["update"]

    def create_named(logical_id: str, props: dict, stack: str) -> Created:
        return create(logical_id, _named(props), stack)

    def update_named(physical_id: str, old: dict, new: dict, stack: str) -> Created:
        return update(physical_id, _named(old), _named(new), stack)

    provisioners._RESOURCE_HANDLERS["AWS::S3::Bucket"] = {**handlers, "create": create_named, "update": update_named}


def _named(props: dict) -> dict:
    """S3 appends account, region and `-an` to the prefix (general purpose bucket naming rules of the S3 guide)."""
    prefix = props.get("BucketNamePrefix")
    return {**props, "BucketName": f"{prefix}-{get_account_id()}-{get_region()}-an"} if prefix else props
