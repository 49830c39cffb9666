"""A TemplateURL as the CDK writes it for a template that is too long to be sent along.

ministack reads `https://s3.{region}.amazonaws.com/{bucket}/{key}` alone. The other form AWS takes has the bucket in the
host: https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
"""

import re
from urllib.parse import urlparse

from ministack.services.cloudformation import helpers

_BUCKET_IN_HOST = re.compile(r"^(?P<bucket>[a-z0-9.-]+)\.s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?$")


def close() -> None:
    resolve = helpers._resolve_document

    def resolve_either_form(params, body_key, url_key, label):
        url = helpers._p(params, url_key)
        return resolve({**params, url_key: with_bucket_in_path(url)} if url else params, body_key, url_key, label)

    helpers._resolve_document = resolve_either_form


def with_bucket_in_path(url: str) -> str:
    parsed = urlparse(url)
    match = _BUCKET_IN_HOST.match(parsed.hostname or "")
    return f"https://s3.amazonaws.com/{match['bucket']}{parsed.path}" if match else url
