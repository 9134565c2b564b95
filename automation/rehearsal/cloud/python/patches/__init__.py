"""All changes to MiniStack 1.5.33, by service: each with the source it replaces, the behaviour of AWS, and its contract test."""

import importlib.metadata

import ministack.app as app
from ministack.core import iam_actions, router

import gaps
import role_use
import sagemaker.service
import service_quotas
from patches import alerts, events, functions, http_api, identity, keys, metrics, networks, state_machines, storage, streams
from patching import PatchMismatch, apply_all

WRITTEN_FOR = "1.5.33"
# One function may have several patches: the later one goes around the earlier one.
PATCHES = [
    *identity.PATCHES, *state_machines.PATCHES, *functions.PATCHES, *http_api.PATCHES, *events.PATCHES, *keys.PATCHES, *networks.PATCHES,
    *streams.PATCHES, *metrics.PATCHES, *storage.PATCHES, *alerts.PATCHES,
]


def apply() -> list[dict[str, str]]:
    """Put all patches in place and return what remains unenforced. Raises PatchMismatch."""
    installed = importlib.metadata.version("ministack")
    if installed != WRITTEN_FOR:
        raise PatchMismatch(f"MiniStack {installed} is installed; the patches are written for {WRITTEN_FOR}")
    apply_all(PATCHES)
    _add_sagemaker()
    _add_service_quotas()
    return gaps.GAPS


def _add_sagemaker() -> None:
    """An additional service, not a replaced one."""
    app._loaded_modules["sagemaker"] = sagemaker.service
    app.SERVICE_REGISTRY["sagemaker"] = {"module": "sagemaker"}
    app.SERVICE_HANDLERS["sagemaker"] = role_use.for_sagemaker(sagemaker.service.handle_request)
    router.SERVICE_PATTERNS["sagemaker"] = {"target_prefixes": [sagemaker.service.TARGET_PREFIX]}
    iam_actions.SERVICE_TO_IAM_NAMESPACE["sagemaker"] = "sagemaker"


def _add_service_quotas() -> None:
    """So that a preflight in a rehearsal sees the limits that the rehearsal has."""
    app._loaded_modules["servicequotas"] = service_quotas
    app.SERVICE_REGISTRY["servicequotas"] = {"module": "service_quotas"}
    app.SERVICE_HANDLERS["servicequotas"] = service_quotas.handle_request
    router.SERVICE_PATTERNS["servicequotas"] = {"target_prefixes": [service_quotas.TARGET_PREFIX]}
    iam_actions.SERVICE_TO_IAM_NAMESPACE["servicequotas"] = "servicequotas"
