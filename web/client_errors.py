"""What can go wrong between a Python program and the service.

    ClientError
    ├── ServiceUnreachable       nothing replies at this address, or not in time
    ├── UnexpectedReply          what replies there is not Youju, or one of another version
    └── RequestRefused           the service says why not, in ``problem`` (RFC 9457)
        ├── RequestInvalid       400, 413, 415, 422: ``problem.errors`` names the fields
        ├── NotPermitted         401, 403: a token is needed, or one that allows more
        ├── NotFound             404: no such report
        └── ServiceUnavailable   503: loading or busy, still after the retries

Every message names the cause and the remedy, in Chinese.
"""

from .models import ProblemDetails


class ClientError(Exception):
    """Base of all errors of a client."""


class ServiceUnreachable(ClientError):
    """Nothing replies at this address, or not in time."""


class UnexpectedReply(ClientError):
    """What came is no reply of this contract."""


class RequestRefused(ClientError):
    """The service refused a request.

    Attributes:
        problem: what it said, with the request's id in ``instance``.
    """

    def __init__(self, problem: ProblemDetails) -> None:
        self.problem = problem
        fields = [f"{error.field}：{error.reason}" for error in problem.errors or ()]
        super().__init__(f"{problem.title}：{' '.join(fields) or problem.detail}")


class RequestInvalid(RequestRefused):
    """The request does not fit the contract; ``problem.errors`` names the fields."""


class NotPermitted(RequestRefused):
    """A token is needed, or one that allows more."""


class NotFound(RequestRefused):
    """There is no such report."""


class ServiceUnavailable(RequestRefused):
    """The service is loading its reports, or busy, and was so at every retry."""
