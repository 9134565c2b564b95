"""What happens behind an endpoint: a new container is loaded while the old one answers, then they change places."""

import time

from sagemaker import events, jobs, role_needs
from sagemaker.errors import JobFailure
from sagemaker.logs import write_logs
from sagemaker.quotas import setting
from sagemaker.serving import NotHealthy, ServingContainer, wait_at_least
from sagemaker.state import LOCK, Record, Scope

KIND = "Endpoint"
LOOK_SECONDS = 0.05


def deploy(scope: Scope, endpoint: Record, config: Record, model: Record) -> None:
    """The worker of create and update. Until the new container answers /ping, requests go to the old one."""
    started = time.time()
    events.publish(scope, KIND, endpoint)
    container, failure = _load(scope, endpoint, config, model)
    wait_at_least(started, setting("creationSeconds"))
    while (outcome := _forced_outcome(endpoint, config)) == "hang":
        time.sleep(LOOK_SECONDS)
    if container is not None and outcome is not None:
        container.stop()
        container, failure = None, "The rehearsal was told to let this update fail."
    if container is None:
        _settle_failed(endpoint, failure, outcome)
        events.publish(scope, KIND, endpoint)
        return
    old = _settle_in_service(endpoint, config, container)
    _write_log(scope, endpoint, config, model, container.log_lines())
    events.publish(scope, KIND, endpoint)
    if old is not None:
        old.stop_when_idle()


def _forced_outcome(endpoint: Record, config: Record) -> str | None:
    """A test's wish for an update: `hang` (until the wish is gone), `fail`, or `rollbackFails`. The way back is no update."""
    if endpoint["_container"] is None or config["EndpointConfigName"] == endpoint["EndpointConfigName"]:
        return None
    wishes = setting("endpointUpdates")
    wish = wishes.get(endpoint["EndpointName"], wishes.get("*"))
    return None if wish is None else str(wish)


def _load(scope: Scope, endpoint: Record, config: Record, model: Record) -> tuple[ServingContainer | None, str | None]:
    """The container, or why there is none."""
    variant = config["ProductionVariants"][0]
    role = model["ExecutionRoleArn"]
    try:
        role_needs.require_image_of_model(scope, role, model["PrimaryContainer"]["Image"])
        role_needs.write_metrics(role, "/aws/sagemaker/Endpoints")
        return ServingContainer(model, scope.region), None
    except NotHealthy as error:
        _write_log(scope, endpoint, config, model, error.log_lines)
        return None, (
            f"The primary container for production variant {variant['VariantName']} did not pass the ping health "
            "check. Please check CloudWatch logs for this endpoint."
        )
    except JobFailure as error:
        return None, str(error)
    except Exception as error:  # a worker must not die silently: its end is the endpoint's end
        return None, jobs.reason_of(error)


def _write_log(scope: Scope, endpoint: Record, config: Record, model: Record, lines: list[str]) -> None:
    group = f"/aws/sagemaker/Endpoints/{endpoint['EndpointName']}"
    write_logs(model["ExecutionRoleArn"], scope.region, group, f"{config['ProductionVariants'][0]['VariantName']}/container", lines)


def _settle_failed(endpoint: Record, failure: str | None, outcome: str | None) -> None:
    """A failed update leaves the old configuration in service, with the reason; a failed creation leaves nothing.

    https://github.com/aws-controllers-k8s/sagemaker-controller/pull/7
    """
    with LOCK:
        running = "UpdateRollbackFailed" if outcome == "rollbackFails" else "InService"
        status = running if endpoint["_container"] is not None else "Failed"
        endpoint.update(EndpointStatus=status, FailureReason=failure, LastModifiedTime=time.time(), PendingDeploymentSummary=None)


def _settle_in_service(endpoint: Record, config: Record, container: ServingContainer) -> ServingContainer | None:
    """Returns the container that answered so far."""
    variant = config["ProductionVariants"][0]
    serverless = variant["ServerlessConfig"]
    weight = variant.get("InitialVariantWeight", 1.0)
    served = {"VariantName": variant["VariantName"], "CurrentWeight": weight, "DesiredWeight": weight, "CurrentInstanceCount": 0}
    with LOCK:
        old: ServingContainer | None = endpoint["_container"]
        endpoint.update(
            EndpointConfigName=config["EndpointConfigName"],
            EndpointStatus="InService",
            FailureReason=None,
            LastModifiedTime=time.time(),
            PendingDeploymentSummary=None,
            ProductionVariants=[{**served, "CurrentServerlessConfig": serverless}],
            _container=container,
            _concurrency=serverless["MaxConcurrency"],
        )
    return old


def take_down(scope: Scope, endpoint: Record) -> None:
    events.publish(scope, KIND, endpoint)
    container = endpoint["_container"]
    if container is not None:
        container.stop()
    deleted = time.monotonic()
    while time.monotonic() - deleted < setting("deletionSeconds"):
        time.sleep(LOOK_SECONDS)
    with LOCK:
        scope.remove(KIND, endpoint["EndpointName"])
