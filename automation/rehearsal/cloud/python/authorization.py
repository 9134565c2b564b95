"""Who calls, and whether they may: the questions that our patches ask IAM beside MiniStack's own."""

import json
from dataclasses import dataclass, field
from typing import Any

import usage
from ministack.core import iam_evaluator
from ministack.core.iam_actions import identity_denial_message
from ministack.core.responses import get_account_id, get_region
from ministack.core.router import extract_access_key_id

Context = dict[str, Any]


@dataclass(frozen=True)
class Caller:
    """A principal and its policies; `policies` is None for the account's root, who may do everything."""

    arn: str
    policies: list[Any] | None
    limits: list[Any] = field(default_factory=list)


def caller_of(headers: dict[str, str], query: Any) -> Caller | None:
    """The signer of a request. None for calls that the cloud's own services make among themselves."""
    access_key = extract_access_key_id(headers, query or {})
    if not access_key or access_key == "test":
        return None
    principal = iam_evaluator.resolve_principal(access_key, get_account_id())
    if isinstance(principal, iam_evaluator.AuthError):
        return None
    return Caller(principal.arn, principal.policies, principal.limits)


def caller_for_role(role_arn: str) -> Caller:
    """A role that a service has assumed, e.g. a state machine's."""
    account, name = role_arn.split(":")[4], role_arn.rsplit("/", 1)[-1]
    return Caller(role_arn, iam_evaluator._gather_role_policies(name, account))


def denial(caller: Caller, action: str, resource: str, context: Context | None = None) -> str | None:
    """AWS's words when the caller may not; None when it may. Every answer counts as usage."""
    refused = _decide(caller, action, resource, context or {})
    usage.record(action, resource, usage.principal_arn(caller.arn), refused is None)
    return refused


def _decide(caller: Caller, action: str, resource: str, context: Context) -> str | None:
    if caller.policies is None:
        return None
    asked = evaluation(caller.arn, action, resource, context)
    result = iam_evaluator.evaluate(asked, caller.policies, *caller.limits)
    service = action.partition(":")[0]
    policy = iam_evaluator._resource_policy(service, resource)
    if policy is not None:
        required = service in iam_evaluator._POLICY_REQUIRED
        result = iam_evaluator.combine_resource_policy(result, asked, *policy, required=required, limits=tuple(caller.limits))
    if result.decision == "Allow":
        return None
    return identity_denial_message(action, caller.arn, resource, result.decision == "Deny")


def service_may(document: Any, service: str, action: str, context: Context | None = None) -> bool:
    """Whether a resource's policy or a role's trust policy allows an AWS service, e.g. `lambda.amazonaws.com`."""
    document = json.loads(document) if isinstance(document, str) else document
    statements = (document or {}).get("Statement", [])
    statements = [statements] if isinstance(statements, dict) else statements
    # The policy is that of one resource, whether its statements say so (a function's) or not (a role's trust).
    document = {"Statement": [{**statement, "Resource": "*"} for statement in statements]}
    asked = evaluation(f"service:{service}", action, "*", context or {})
    return iam_evaluator.evaluate_resource_policy(document, asked, service=service).decision == "Allow"


def trusts(role_arn: str, service: str, source_arn: str | None = None) -> bool:
    """Whether the role exists and lets the service assume it, on behalf of the resource that is going to use it."""
    from ministack.services import iam

    role = iam._roles.get_scoped(role_arn.split(":")[4], None, role_arn.rsplit("/", 1)[-1])
    context = {"aws:sourceaccount": get_account_id(), **({"aws:sourcearn": source_arn} if source_arn else {})}
    return role is not None and service_may(role.get("AssumeRolePolicyDocument"), service, "sts:AssumeRole", context)


def evaluation(arn: str, action: str, resource: str, context: Context) -> iam_evaluator.EvalContext:
    """A question to IAM, about a principal of this account."""
    return iam_evaluator.EvalContext(
        principal_arn=arn,
        principal_type="AssumedRole",
        principal_account=get_account_id(),
        action=action,
        resource_arn=resource,
        region=get_region(),
        service_context={key.lower(): value for key, value in context.items()},
    )
