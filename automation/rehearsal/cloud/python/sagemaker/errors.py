"""Errors as the SageMaker API answers them."""


class ApiError(Exception):
    """A refusal: `code` is the exception's name in the API, `status` the HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400, **members: object) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.members = members


def validation(message: str) -> ApiError:
    return ApiError("ValidationException", message)


def not_rehearsed(what: str) -> ApiError:
    """For what AWS offers and the rehearsal does not run: refused by name instead of being ignored."""
    return ApiError("ValidationException", f"{what} is not runnable in the rehearsal")


class JobFailure(Exception):
    """Ends a job or an endpoint as Failed; its text is the FailureReason."""
