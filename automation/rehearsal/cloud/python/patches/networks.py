"""Security groups of a VPC."""

import network
from ministack.services import ec2
from patching import Patch

PATCHES = [
    Patch(
        name="prefix-list-rules",
        module=ec2,
        attribute="_parse_ip_permissions",
        sha256="7c2dbe7668aff42a7b72f0020a9a56e6a717fb564d366cedd49b9ba7ab314eb8",
        replace=network.with_prefix_lists,
        behaviour="A rule of a security group may name a prefix list as its peer",
        source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html",
        test="network.cloud.ts",
    ),
    Patch(
        name="prefix-list-rules-shown",
        module=ec2,
        attribute="_sg_rule_xml",
        sha256="1827f3e2af78913a3bc2aa24d940eb4006bd8cfd3bd1862166665644a551bc77",
        replace=network.showing_prefix_lists,
        behaviour="A rule tells the prefix list that is its peer",
        source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html",
        test="network.cloud.ts",
    ),
]
