"""S3 buckets by CloudFormation: named by prefix, with all that makes them safe, and not deleted while they hold objects.

ministack draws a random name instead of the prefix, keeps neither encryption, ownership, lifecycle nor tags of a
template, deletes objects along with their bucket, and has no key of the account's own for `aws:kms`.
"""

from collections.abc import Callable
from xml.sax.saxutils import escape

from ministack.core.responses import get_account_id, get_region
from ministack.services import s3
from ministack.services.cloudformation import provisioners

from .provisioning import Created, refuse_error

TYPE = "AWS::S3::Bucket"


def close() -> None:
    handlers = provisioners._RESOURCE_HANDLERS[TYPE]
    create, update = handlers["create"], handlers["update"]

    def create_named(logical_id: str, props: dict, stack: str) -> Created:
        before = set(s3._buckets)
        try:
            return create(logical_id, _named(props), stack)
        except ValueError:
            # A setting was refused: the bucket that was to have it goes, as it is of no stack.
            for name in set(s3._buckets) - before:
                s3._delete_bucket(name)
            raise

    def update_named(physical_id: str, old: dict, new: dict, stack: str) -> Created:
        return update(physical_id, _named(old), _named(new), stack)

    provisioners._RESOURCE_HANDLERS[TYPE] = {
        **handlers,
        "create": create_named,
        "update": update_named,
        "delete": _delete_empty,
    }
    provisioners._STACK_TAG_PROPERTY[TYPE] = ("Tags", "list")
    # Property, its XML or value, what puts it, what deletes it when the template drops it.
    provisioners._S3_BUCKET_CONFIGURATIONS = (
        *provisioners._S3_BUCKET_CONFIGURATIONS,
        ("BucketEncryption", _encryption_xml, _put(s3._put_bucket_encryption), s3._delete_bucket_encryption),
        ("OwnershipControls", _ownership_xml, _put(s3._put_bucket_ownership_controls), _keep),
        ("LifecycleConfiguration", _lifecycle_xml, _put(s3._put_bucket_lifecycle), s3._delete_bucket_lifecycle),
        ("VersioningConfiguration", lambda value: value["Status"], _set_versioning, _suspend_versioning),
        ("Tags", provisioners._tag_map, _set_tags, lambda name: s3._bucket_tags.pop(name, None)),
    )
    _fall_back_to_the_managed_key()


def _fall_back_to_the_managed_key() -> None:
    """`aws:kms` without a key means the key aws/s3 of the account: so the bootstrap bucket is written to."""
    resolve = s3._resolve_sse_write_headers
    key_header = "x-amz-server-side-encryption-aws-kms-key-id"

    def resolve_with_default(headers: dict, bucket_name: str) -> tuple:
        if headers.get("x-amz-server-side-encryption") == "aws:kms" and not headers.get(key_header):
            headers = {**headers, key_header: f"arn:aws:kms:{get_region()}:{get_account_id()}:alias/aws/s3"}
        return resolve(headers, bucket_name)

    s3._resolve_sse_write_headers = resolve_with_default


def _named(props: dict) -> dict:
    """S3 appends account, region and `-an` to the prefix (general purpose bucket naming rules of the S3 guide)."""
    prefix = props.get("BucketNamePrefix")
    return {**props, "BucketName": f"{prefix}-{get_account_id()}-{get_region()}-an"} if prefix else props


def _delete_empty(physical_id: str, _props: dict) -> None:
    if physical_id in s3._buckets:
        refuse_error(TYPE, s3._delete_bucket(physical_id))


def _put(put: Callable[[str, bytes], tuple]) -> Callable[[str, bytes], None]:
    return lambda name, body: refuse_error(TYPE, put(name, body))


def _keep(_name: str) -> None:
    """Ownership stays as it is when the property goes: there is no state without one."""


def _set_versioning(name: str, status: str) -> None:
    s3._bucket_versioning[name] = status


def _suspend_versioning(name: str) -> None:
    """Versioning can't be taken away again, only suspended."""
    s3._bucket_versioning[name] = "Suspended"


def _set_tags(name: str, tags: dict) -> None:
    s3._bucket_tags[name] = tags


# --- From a template's properties to the bodies of the S3 API ---


def _xml(value: object) -> str:
    """Nested dictionaries as elements; a list repeats its element."""
    if not isinstance(value, dict):
        return escape(str(value).lower() if isinstance(value, bool) else str(value))
    items = [(name, each) for name, part in value.items() for each in (part if isinstance(part, list) else [part])]
    return "".join(f"<{name}>{_xml(each)}</{name}>" for name, each in items)


def _encryption_xml(value: dict) -> bytes:
    rules = [
        {
            "ApplyServerSideEncryptionByDefault": rule.get("ServerSideEncryptionByDefault", {}),
            "BucketKeyEnabled": provisioners._cfn_bool(rule.get("BucketKeyEnabled", False)),
        }
        for rule in value["ServerSideEncryptionConfiguration"]
    ]
    return _xml({"ServerSideEncryptionConfiguration": {"Rule": rules}}).encode()


def _ownership_xml(value: dict) -> bytes:
    return _xml({"OwnershipControls": {"Rule": value["Rules"]}}).encode()


def _lifecycle_xml(value: dict) -> bytes:
    return _xml({"LifecycleConfiguration": {"Rule": [_lifecycle_rule(rule) for rule in value["Rules"]]}}).encode()


def _lifecycle_rule(rule: dict) -> dict:
    unknown = rule.keys() - _LIFECYCLE.keys()
    if unknown:
        raise ValueError(f"{TYPE}: lifecycle rule properties not emulated: {', '.join(sorted(unknown))}")
    parts: dict = {"Filter": {"Prefix": rule.get("Prefix", "")}}
    for name, translate in _LIFECYCLE.items():
        if name in rule:
            for key, part in translate(rule[name]).items():
                # Two properties of a template may be one element: Expiration.
                parts[key] = {**parts.get(key, {}), **part} if isinstance(part, dict) else part
    return parts


def _transitions(days: str, parts: list) -> list:
    return [{days: part["TransitionInDays"], "StorageClass": part["StorageClass"]} for part in parts]


# Properties of a rule of AWS::S3::Bucket, each with its elements in PutBucketLifecycleConfiguration.
_LIFECYCLE: dict[str, Callable] = {
    "Id": lambda value: {"ID": value},
    "Status": lambda value: {"Status": value},
    "Prefix": lambda value: {"Filter": {"Prefix": value}},
    "ExpirationInDays": lambda value: {"Expiration": {"Days": value}},
    "ExpiredObjectDeleteMarker": lambda value: {"Expiration": {"ExpiredObjectDeleteMarker": value}},
    "AbortIncompleteMultipartUpload": lambda value: {"AbortIncompleteMultipartUpload": value},
    "NoncurrentVersionExpiration": lambda value: {"NoncurrentVersionExpiration": value},
    "NoncurrentVersionTransitions": lambda value: {"NoncurrentVersionTransition": _transitions("NoncurrentDays", value)},
    "Transitions": lambda value: {"Transition": _transitions("Days", value)},
}
