"""Everything that exists, over all services that the program uses and all regions, so that a teardown is proven and not assumed.

The log groups that SageMaker makes for all jobs of an account stay on AWS too; for them, what counts is the streams that jobs wrote.

Left out: what AWS makes itself and nobody can delete (the default event bus, keys and aliases of AWS, service-linked roles), keys that
wait for their deletion (AWS keeps them at least seven days), and the history of jobs and executions.
"""

import os
from typing import Any, Iterator

from ministack.services import (
    apigateway, budgets, cloudwatch, cloudwatch_logs, dynamodb, ec2, eventbridge, iam, kinesis, kms, lambda_svc, s3, sns, sqs, ssm, stepfunctions,
)

import sagemaker.service

Store = Any

SHARED_LOG_GROUPS = ("/aws/sagemaker/TrainingJobs", "/aws/sagemaker/TransformJobs")

def listed() -> list[str]:
    return sorted({*_simple(), *_network(), *_keys(), *_key_aliases(), *_apis(), *_roles(), *_rules(), *_logs(), *sagemaker.service.inventory()})


def _simple() -> Iterator[str]:
    for service, store, field in (
        ("dynamodb", dynamodb._tables, "TableArn"),
        ("lambda", lambda_svc._functions, "FunctionArn"),
        ("states", stepfunctions._state_machines, "stateMachineArn"),
        ("kinesis", kinesis._streams, "StreamARN"),
        ("sns", sns._topics, "arn"),
        ("ssm", ssm._parameters, "ARN"),
        ("iam", iam._policies, "Arn"),
        ("iam", iam._users, "Arn"),
    ):
        for name, value in _items(store):
            yield _field(value, field) or f"{service}:{name}"
    for service, store in (("cloudwatch:alarm", cloudwatch._alarms), ("cloudwatch:dashboard", cloudwatch._dashboards), ("budgets:budget", budgets._budgets)):
        for name, _ in _items(store):
            yield f"{service}/{name}"
    for name, _ in _items(s3._buckets):
        yield f"arn:aws:s3:::{name}"
    for name, _ in _items(sns._sub_arn_to_topic):
        yield str(name)
    for name, queue in _items(sqs._queues):
        yield queue["attributes"].get("QueueArn") or f"sqs:{name}"
    for name, _ in _items(lambda_svc._esms):
        yield f"lambda:event-source-mapping/{name}"
    for name, _ in _items(eventbridge._event_buses):
        if name != "default":
            yield f"events:event-bus/{name}"


def _network() -> Iterator[str]:
    """Without the default VPC of each region, and what belongs to it: groups, tables and access lists that every VPC is made with."""
    defaults = {name for name, vpc in _items(ec2._vpcs) if vpc["IsDefault"]}
    for kind, store in (
        ("vpc", ec2._vpcs), ("subnet", ec2._subnets), ("security-group", ec2._security_groups), ("route-table", ec2._route_tables),
        ("vpc-endpoint", ec2._vpc_endpoints), ("natgateway", ec2._nat_gateways), ("elastic-ip", ec2._addresses), ("vpc-flow-log", ec2._flow_logs),
        ("network-interface", ec2._network_interfaces),
    ):
        for name, value in _items(store):
            if value.get("VpcId") not in defaults and value.get("State") != "deleted":
                yield f"ec2:{kind}/{name}"
    for name, gateway in _items(ec2._internet_gateways):
        if not any(attachment.get("VpcId") in defaults for attachment in gateway["Attachments"]):
            yield f"ec2:internet-gateway/{name}"


def _keys() -> Iterator[str]:
    for _, key in _items(kms._keys):
        if key.get("KeyState") != "PendingDeletion" and key.get("KeyManager", "CUSTOMER") == "CUSTOMER":
            yield key["Arn"]


def _key_aliases() -> Iterator[str]:
    for arn, _ in _items(kms._aliases):
        if ":alias/aws/" not in arn:
            yield arn


def _apis() -> Iterator[str]:
    for name, _ in _items(apigateway._apis):
        yield f"apigateway:api/{name}"


def _roles() -> Iterator[str]:
    for name, role in _items(iam._roles):
        if not str(role.get("Path", "/")).startswith("/aws-service-role/"):
            yield role.get("Arn") or f"iam:role/{name}"


def _rules() -> Iterator[str]:
    for key, rule in _items(eventbridge._rules):
        if not rule.get("ManagedBy"):
            yield rule.get("Arn") or f"events:rule/{key}"


def _logs() -> Iterator[str]:
    for name, group in _items(cloudwatch_logs._log_groups):
        arn = group.get("arn") or f"logs:{name}"
        if name not in SHARED_LOG_GROUPS:
            yield arn
            continue
        for stream in list(group["streams"]):
            yield f"{arn.removesuffix(':*')}:log-stream:{stream}"


def _items(store: Store) -> Iterator[tuple[Any, Any]]:
    """A store's own keys end with the name; what comes before is account and region."""
    account = os.environ["AWS_ACCESS_KEY_ID"]
    for key, value in list(store._data.items()):
        if key[0] == account:
            yield key[-1], value


def _field(value: Any, field: str) -> str | None:
    if not isinstance(value, dict):
        return getattr(value, field, None)
    return value.get(field) or (value.get("config") or {}).get(field)
