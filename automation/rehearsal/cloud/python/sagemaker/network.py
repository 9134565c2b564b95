"""Jobs in subnets of the account: what VpcConfig must name, what the role needs for it, and whether S3 can be reached from there.

Only a container's own traffic and the transfer of data and models go through the VPC; SageMaker pulls images and writes logs from its own
network. https://docs.aws.amazon.com/sagemaker/latest/dg/train-vpc.html
"""

from typing import Any, Iterator

import authorization
from ministack.services import ec2

from sagemaker.errors import JobFailure, validation
from sagemaker.state import Record, Scope

PRINCIPAL = "sagemaker.amazonaws.com"
# https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createtrainingjob-perms
LOOKS = ("ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcs", "ec2:DescribeDhcpOptions", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups")
INTERFACE_USES = ("ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface")
HTTPS = 443


def check(scope: Scope, role_arn: str, vpc: Record | None) -> None:
    """Raises ApiError when the network is not there, or the role may not use it."""
    if vpc is None:
        return
    networks = {_network(ec2._subnets, "subnet ID", name) for name in vpc["Subnets"]}
    networks |= {_network(ec2._security_groups, "security group", name) for name in vpc["SecurityGroupIds"]}
    if len(networks) > 1:
        raise validation("You have specified two resources that belong to different networks.")
    caller = authorization.caller_for_role(role_arn)
    for action, resource, context in _needed(scope, vpc, networks.pop()):
        denied = authorization.denial(caller, action, resource, context)
        if denied:
            raise validation(f"Access denied while making network interfaces with the execution role: {denied}")


def _network(known: Any, kind: str, name: str) -> str:
    ec2._ensure_defaults_initialized()
    if name not in known:
        raise validation(f"The {kind} '{name}' does not exist")
    return str(known[name]["VpcId"])


def _needed(scope: Scope, vpc: Record, network: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    def arn(kind: str, name: str) -> str:
        return scope.arn("Model", "x").replace(":sagemaker:", ":ec2:").rpartition(":")[0] + f":{kind}/{name}"

    for action in (*LOOKS, "ec2:DeleteNetworkInterfacePermission"):
        yield action, "*", {}
    for subnet in vpc["Subnets"]:
        context = {"ec2:Subnet": arn("subnet", subnet), "ec2:Vpc": arn("vpc", network), "ec2:AuthorizedService": PRINCIPAL}
        yield "ec2:CreateNetworkInterface", arn("subnet", subnet), context
        yield "ec2:CreateNetworkInterface", arn("network-interface", "eni-0"), context
        for action in INTERFACE_USES:
            yield action, arn("network-interface", "eni-0"), context
    for group in vpc["SecurityGroupIds"]:
        yield "ec2:CreateNetworkInterface", arn("security-group", group), {"ec2:Vpc": arn("vpc", network)}


def require_storage(scope: Scope, vpc: Record | None, what: str) -> None:
    """Raises JobFailure when S3 cannot be reached from every subnet; `what`: e.g. `Data download failed`.

    Text: https://github.com/aws/amazon-sagemaker-operator-for-k8s/pull/22
    """
    if not reaches_storage(scope, vpc):
        raise JobFailure(
            f"ClientError: {what}:Please ensure that the subnet's route table has a route to an S3 VPC endpoint or a NAT device, "
            "and both the security groups and the subnet's network ACL allow outbound traffic to S3"
        )


def reaches_storage(scope: Scope, vpc: Record | None) -> bool:
    """An interface has no public address, so an internet gateway leads nowhere."""
    if vpc is None:
        return True
    leaves = any(_lets_out(ec2._security_groups.get(group) or {}) for group in vpc["SecurityGroupIds"])
    return leaves and all(_has_route(scope, subnet) for subnet in vpc["Subnets"])


def _lets_out(group: dict[str, Any]) -> bool:
    return any(
        str(rule.get("IpProtocol")) == "-1" or int(rule.get("FromPort", 0)) <= HTTPS <= int(rule.get("ToPort", 65535))
        for rule in group.get("IpPermissionsEgress", [])
    )


def _has_route(scope: Scope, subnet: str) -> bool:
    network = (ec2._subnets.get(subnet) or {}).get("VpcId")
    table = _route_table(subnet, str(network))
    if any("NatGatewayId" in route or "TransitGatewayId" in route for route in table.get("Routes", [])):
        return True
    service = f".{scope.region}.s3"
    for endpoint in ec2._vpc_endpoints.values():
        if endpoint["VpcId"] == network and endpoint["ServiceName"].endswith(service):
            if endpoint["VpcEndpointType"] == "Interface" or table.get("RouteTableId") in endpoint["RouteTableIds"]:
                return True
    return False


def _route_table(subnet: str, network: str) -> dict[str, Any]:
    """The subnet's own, or the network's main one."""
    tables = [table for table in ec2._route_tables.values() if table["VpcId"] == network]
    own = [table for table in tables if any(each.get("SubnetId") == subnet for each in table["Associations"])]
    main = [table for table in tables if any(each.get("Main") for each in table["Associations"])]
    return next(iter([*own, *main]), {})
