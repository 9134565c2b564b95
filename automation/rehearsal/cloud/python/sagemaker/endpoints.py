"""Endpoints: created, updated and deleted asynchronously; a failed one can only be deleted."""

import time

from sagemaker import deployments, jobs, models
from sagemaker.api_model import check_request, refuse_members
from sagemaker.errors import validation
from sagemaker.quotas import check_limit, setting
from sagemaker.state import LOCK, Record, Scope, public

KIND = "Endpoint"
BUSY = ("Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting")


def create(scope: Scope, request: Record) -> Record:
    check_request("CreateEndpoint", request)
    refuse_members(request, {"DeploymentConfig": "excluded for serverless endpoints"})
    name = request["EndpointName"]
    with LOCK:
        if scope.find(KIND, name) is not None:
            raise validation(f'Cannot create already existing endpoint "{scope.arn(KIND, name)}".')
        config, model = _find_parts(scope, request["EndpointConfigName"])
        endpoint: Record = {**request, "EndpointStatus": "Creating", "_in_flight": 0, "_container": None}
        _check_quotas(scope, None, config)
        endpoint.update(_concurrency=_concurrency(config), PendingDeploymentSummary=_summary(config))
        arn = scope.add(KIND, name, endpoint, endpoint.pop("Tags", None))
    jobs.run_in_background(deployments.deploy, scope, endpoint, config, model)
    return {"EndpointArn": arn}


def update(scope: Scope, request: Record) -> Record:
    check_request("UpdateEndpoint", request)
    refuse_members(request, {"DeploymentConfig": "excluded for serverless endpoints"})
    with LOCK:
        endpoint = find(scope, request["EndpointName"])
        _refuse_busy_or_failed(endpoint, "update")
        # A mix of two configurations can be brought back to either.
        mixed = endpoint["EndpointStatus"] == "UpdateRollbackFailed"
        if not mixed and request["EndpointConfigName"].lower() == endpoint["EndpointConfigName"].lower():
            raise validation(
                f"Cannot update endpoint \"{endpoint['EndpointArn']}\" with the endpoint configuration that it uses: "
                "a new endpoint configuration is needed."
            )
        # The old one is needed too: https://github.com/hashicorp/terraform-provider-aws/issues/40048
        models.find(scope, "EndpointConfig", endpoint["EndpointConfigName"])
        config, model = _find_parts(scope, request["EndpointConfigName"])
        _check_quotas(scope, endpoint, config)
        endpoint.update(EndpointStatus="Updating", LastModifiedTime=time.time(), FailureReason=None, PendingDeploymentSummary=_summary(config))
    jobs.run_in_background(deployments.deploy, scope, endpoint, config, model)
    return {"EndpointArn": endpoint["EndpointArn"]}


def _find_parts(scope: Scope, config_name: str) -> tuple[Record, Record]:
    """The configuration and its model; copies, because both may be deleted while the endpoint is made from them."""
    config = models.find(scope, "EndpointConfig", config_name)
    return dict(config), dict(models.find(scope, "Model", config["ProductionVariants"][0]["ModelName"]))


def _summary(config: Record) -> Record:
    """What is being deployed; told while it is."""
    variants = [
        {
            "VariantName": variant["VariantName"],
            "DesiredServerlessConfig": variant["ServerlessConfig"],
            "DesiredWeight": variant.get("InitialVariantWeight", 1.0),
        }
        for variant in config["ProductionVariants"]
    ]
    return {"EndpointConfigName": config["EndpointConfigName"], "ProductionVariants": variants, "StartTime": time.time()}


def delete(scope: Scope, request: Record) -> Record:
    check_request("DeleteEndpoint", request)
    with LOCK:
        endpoint = find(scope, request["EndpointName"])
        if endpoint["EndpointStatus"] in BUSY:
            raise validation(f"Cannot update in-progress endpoint \"{endpoint['EndpointArn']}\".")
        endpoint.update(EndpointStatus="Deleting", LastModifiedTime=time.time())
    jobs.run_in_background(deployments.take_down, scope, endpoint)
    return {}


def describe(scope: Scope, request: Record) -> Record:
    check_request("DescribeEndpoint", request)
    with LOCK:
        return public(find(scope, request["EndpointName"]))


def find(scope: Scope, name: str) -> Record:
    endpoint = scope.find(KIND, name)
    if endpoint is None:
        raise validation(f'Could not find endpoint "{scope.arn(KIND, name)}".')
    return endpoint


def _refuse_busy_or_failed(endpoint: Record, verb: str) -> None:
    arn = endpoint["EndpointArn"]
    if endpoint["EndpointStatus"] in BUSY:
        raise validation(f'Cannot {verb} in-progress endpoint "{arn}".')
    if endpoint["EndpointStatus"] == "Failed":
        raise validation(f'Cannot {verb} failed endpoint "{arn}": a failed endpoint can only be deleted.')


def _concurrency(config: Record) -> int:
    return sum(variant["ServerlessConfig"]["MaxConcurrency"] for variant in config["ProductionVariants"])


def _check_quotas(scope: Scope, updated: Record | None, config: Record) -> None:
    """Every endpoint that is not deleted counts; an updated one gives its own share back."""
    others = [endpoint for endpoint in scope.records[KIND].values() if endpoint is not updated]
    if updated is None:
        check_limit("Number of serverless endpoints", setting("serverlessEndpoints"), len(others), 1)
    check_limit(
        "Maximum total concurrency that can be allocated across all serverless endpoints",
        setting("serverlessConcurrency"),
        sum(endpoint["_concurrency"] for endpoint in others),
        _concurrency(config),
    )
