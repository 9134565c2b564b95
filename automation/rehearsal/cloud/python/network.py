"""Security group rules whose peer is a prefix list: the addresses of S3 or DynamoDB."""

from typing import Any, Callable

from ministack.services import ec2

Permission = dict[str, Any]


def with_prefix_lists(parse: Callable[..., list[Permission]]) -> Callable[..., list[Permission]]:
    """Goes around `_parse_ip_permissions`, which reads every kind of peer but this one."""

    def parse_all(params: dict[str, Any], prefix: str) -> list[Permission]:
        permissions = parse(params, prefix)
        for number, permission in enumerate(permissions, start=1):
            permission["PrefixListIds"] = _read_lists(params, f"{prefix}.{number}.PrefixListIds")
        return permissions

    return parse_all


def _read_lists(params: dict[str, Any], prefix: str) -> list[dict[str, str]]:
    found = []
    number = 1
    while list_id := ec2._p(params, f"{prefix}.{number}.PrefixListId"):
        description = ec2._p(params, f"{prefix}.{number}.Description")
        found.append({"PrefixListId": list_id, **({"Description": description} if description else {})})
        number += 1
    return found


def showing_prefix_lists(render: Callable[..., str]) -> Callable[..., str]:
    """Goes around `_sg_rule_xml`, which shows such a rule as one without a peer."""

    def render_all(group: str, rule: Permission, is_egress: bool = False) -> str:
        xml = render(group, rule, is_egress)
        lists = rule.get("PrefixListIds") or []
        if not lists or any(rule.get(peers) for peers in ("IpRanges", "Ipv6Ranges", "UserIdGroupPairs")):
            return xml
        return "".join(xml.replace("</item>", f"<prefixListId>{item['PrefixListId']}</prefixListId></item>") for item in lists)

    return render_all
