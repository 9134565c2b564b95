"""Settings of buckets."""

import access_logs
from ministack.services import s3
from patching import Patch

PATCHES = [
    Patch(
        name="access-log-target",
        module=s3,
        attribute="_put_bucket_logging",
        sha256="97c1ac5de577d11868739fd49f469527dbefdd73b7888d6211611490eee343e8",
        replace=access_logs.checked,
        behaviour="The bucket for access logs must exist and let the logging service write there for the logged bucket",
        source="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList",
        test="accessLogs.cloud.ts",
    ),
]
