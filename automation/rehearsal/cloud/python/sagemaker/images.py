"""Which training and serving images exist, and which of them can be run here.

Accounts: aws/sagemaker-python-sdk, `image_uri_config/xgboost.json` (2026-08-21), equal for tags 1.2-1 to 3.2-0.
"""

import re

from sagemaker.errors import not_rehearsed, validation

RUNNABLE_TAG = "3.0-5"
KNOWN_TAGS = ("1.2-1", "1.2-2", "1.3-1", "1.5-1", "1.7-1", "3.0-5", "3.2-0")
ACCOUNTS = dict(
    pair.split("=")
    for pair in (
        "af-south-1=510948584623 ap-east-1=651117190479 ap-northeast-1=354813040037 ap-northeast-2=366743142698 "
        "ap-northeast-3=867004704886 ap-south-1=720646828776 ap-south-2=628508329040 ap-southeast-1=121021644041 "
        "ap-southeast-2=783357654285 ap-southeast-3=951798379941 ap-southeast-4=106583098589 "
        "ca-central-1=341280168497 ca-west-1=190319476487 cn-north-1=450853457545 cn-northwest-1=451049120500 "
        "eu-central-1=492215442770 eu-central-2=680994064768 eu-north-1=662702820516 eu-south-1=978288397137 "
        "eu-south-2=104374241257 eu-west-1=141502667606 eu-west-2=764974769150 eu-west-3=659782779980 "
        "il-central-1=898809789911 me-central-1=272398656194 me-south-1=801668240914 sa-east-1=737474898029 "
        "us-east-1=683313688378 us-east-2=257758044811 us-gov-east-1=237065988967 us-gov-west-1=414596584902 "
        "us-iso-east-1=833128469047 us-isob-east-1=281123927165 us-isof-east-1=108575199400 "
        "us-isof-south-1=124985052026 us-west-1=746614075791 us-west-2=246618743249"
    ).split()
)
URI = re.compile(r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.(?P<suffix>[a-z0-9.]+)/(?P<image>.+)")


def check_image(uri: str, region: str) -> None:
    """Refuses an image that AWS would not find (ValidationException) and one that only AWS can run (by name)."""
    match = URI.fullmatch(uri)
    if match is None:
        raise not_rehearsed(f"Image {uri} (not an ECR image of the built-in XGBoost)")
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    repository, _, tag = match["image"].partition(":")
    found = match["account"] == ACCOUNTS.get(region) and match["region"] == region and match["suffix"] == suffix
    if repository == "sagemaker-xgboost" and not found:
        raise validation(
            f'Cannot find Image in Registry ID: {match["account"]}, repository: {repository}, tag: {tag} in {region}. '
            f"The registry of {region} is {ACCOUNTS.get(region, 'unknown')}.dkr.ecr.{region}.{suffix}"
        )
    if repository != "sagemaker-xgboost":
        raise not_rehearsed(f"Image {uri} (only sagemaker-xgboost)")
    if tag not in KNOWN_TAGS:
        raise validation(f"Requested image {uri} not found.")
    if tag != RUNNABLE_TAG:
        raise not_rehearsed(f"Image tag {tag} of sagemaker-xgboost (only {RUNNABLE_TAG} is installed here)")
