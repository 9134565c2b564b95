"""Endpoints: created, updated and deleted asynchronously; a failed one can only be deleted."""

import time

from sagemaker import jobs, models
from sagemaker.api_model import check_request, refuse_members
from sagemaker.errors import JobFailure, validation
from sagemaker.logs import write_logs
from sagemaker.quotas import check_limit, setting
from sagemaker.serving import NotHealthy, ServingContainer, wait_at_least
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
        config = models.find(scope, "EndpointConfig", request["EndpointConfigName"])
        endpoint: Record = {**request, "EndpointStatus": "Creating", "_in_flight": 0, "_container": None}
        _check_quotas(scope, None, config)
        endpoint["_concurrency"] = _concurrency(config)
        arn = scope.add(KIND, name, endpoint, endpoint.pop("Tags", None))
    jobs.run_in_background(_bring_up, scope, endpoint, config)
    return {"EndpointArn": arn}


def update(scope: Scope, request: Record) -> Record:
    check_request("UpdateEndpoint", request)
    refuse_members(request, {"DeploymentConfig": "excluded for serverless endpoints"})
    with LOCK:
        endpoint = find(scope, request["EndpointName"])
        _refuse_busy_or_failed(endpoint, "update")
        if request["EndpointConfigName"].lower() == endpoint["EndpointConfigName"].lower():
            raise validation(
                f"Cannot update endpoint \"{endpoint['EndpointArn']}\" with the endpoint configuration that it uses: "
                "a new endpoint configuration is needed."
            )
        config = models.find(scope, "EndpointConfig", request["EndpointConfigName"])
        _check_quotas(scope, endpoint, config)
        endpoint.update(EndpointStatus="Updating", LastModifiedTime=time.time(), FailureReason=None)
    jobs.run_in_background(_bring_up, scope, endpoint, config)
    return {"EndpointArn": endpoint["EndpointArn"]}


def delete(scope: Scope, request: Record) -> Record:
    check_request("DeleteEndpoint", request)
    with LOCK:
        endpoint = find(scope, request["EndpointName"])
        if endpoint["EndpointStatus"] in BUSY:
            raise validation(f"Cannot update in-progress endpoint \"{endpoint['EndpointArn']}\".")
        endpoint.update(EndpointStatus="Deleting", LastModifiedTime=time.time())
    jobs.run_in_background(_take_down, scope, endpoint)
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


def _bring_up(scope: Scope, endpoint: Record, config: Record) -> None:
    """The worker of create and update. A failed update leaves the old container in service."""
    started = time.time()
    variant = config["ProductionVariants"][0]
    failure: str | None = None
    container: ServingContainer | None = None
    try:
        model = models.find(scope, "Model", variant["ModelName"])
        container = ServingContainer(model, scope.region)
    except NotHealthy as error:
        failure = (
            f"The primary container for production variant {variant['VariantName']} did not pass the ping health "
            "check. Please check CloudWatch logs for this endpoint."
        )
        _log(scope, endpoint, model, variant, error.log_lines)
    except JobFailure as error:
        failure = str(error)
    except Exception as error:  # a worker must not die silently: its end is the endpoint's end
        failure = jobs.reason_of(error)
    wait_at_least(started, setting("creationSeconds"))
    if container is None:
        _settle_failed(endpoint, failure)
        return
    _settle_in_service(endpoint, config, container)


def _settle_failed(endpoint: Record, failure: str | None) -> None:
    with LOCK:
        running = endpoint["_container"] is not None
        endpoint.update(
            EndpointStatus="InService" if running else "Failed", FailureReason=failure, LastModifiedTime=time.time()
        )


def _settle_in_service(endpoint: Record, config: Record, container: ServingContainer) -> None:
    variant = config["ProductionVariants"][0]
    serverless = variant["ServerlessConfig"]
    with LOCK:
        old = endpoint["_container"]
        endpoint.update(
            EndpointConfigName=config["EndpointConfigName"],
            EndpointStatus="InService",
            FailureReason=None,
            LastModifiedTime=time.time(),
            ProductionVariants=[
                {
                    "VariantName": variant["VariantName"],
                    "CurrentWeight": variant.get("InitialVariantWeight", 1.0),
                    "DesiredWeight": variant.get("InitialVariantWeight", 1.0),
                    "CurrentInstanceCount": 0,
                    "CurrentServerlessConfig": serverless,
                }
            ],
            _container=container,
            _concurrency=serverless["MaxConcurrency"],
        )
    if old is not None:
        old.stop()


def _take_down(scope: Scope, endpoint: Record) -> None:
    container = endpoint["_container"]
    if container is not None:
        container.stop()
    time.sleep(setting("deletionSeconds"))
    with LOCK:
        scope.remove(KIND, endpoint["EndpointName"])


def _log(scope: Scope, endpoint: Record, model: Record, variant: Record, lines: list[str]) -> None:
    group = f"/aws/sagemaker/Endpoints/{endpoint['EndpointName']}"
    write_logs(model["ExecutionRoleArn"], scope.region, group, f"{variant['VariantName']}/container", lines)
