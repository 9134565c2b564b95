"""How a patch is put in place: only over the very source that it was written for."""

import hashlib
import inspect
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Callable


class PatchMismatch(RuntimeError):
    """The source that a patch replaces is not the one it was written for."""


@dataclass(frozen=True)
class Patch:
    """One changed behaviour of MiniStack."""

    name: str
    module: ModuleType
    # Function, class method (`Class.method`) or constant that is replaced.
    attribute: str
    # SHA-256 of its source (functions) or its text (constants), so that an update of MiniStack cannot slip by.
    sha256: str
    # Takes what was there and returns what stands there from now on.
    replace: Callable[[Any], Any]
    # What AWS does, and where that is documented.
    behaviour: str
    source: str
    # Contract test, below tests/automation/rehearsal/cloud/.
    test: str


def apply_all(patches: list[Patch]) -> None:
    """Check every patch before the first is applied: a cloud with half of them would be worse than none.

    Raises PatchMismatch with the name of every patch that does not fit.
    """
    misfits = [f"{patch.name}: {problem}" for patch in patches if (problem := _problem(patch))]
    if misfits:
        raise PatchMismatch("These patches do not fit the installed MiniStack: " + "; ".join(misfits))
    for patch in patches:
        owner, name = _owner(patch)
        setattr(owner, name, patch.replace(getattr(owner, name)))


def fingerprint(patch: Patch) -> str:
    owner, name = _owner(patch)
    value = getattr(owner, name)
    text = value if isinstance(value, str) else inspect.getsource(value)
    return hashlib.sha256(text.encode()).hexdigest()


def _problem(patch: Patch) -> str | None:
    try:
        found = fingerprint(patch)
    except AttributeError:
        return f"{patch.module.__name__}.{patch.attribute} does not exist"
    if found == patch.sha256:
        return None
    return f"{patch.module.__name__}.{patch.attribute} has SHA-256 {found}, written for {patch.sha256}"


def _owner(patch: Patch) -> tuple[Any, str]:
    owner: Any = patch.module
    *parents, name = patch.attribute.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    return owner, name
