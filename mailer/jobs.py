"""What RQ imports. The worker hands its runtime over once; jobs carry nothing but a batch's name."""

from mailer import deliver as delivering
from mailer.runtime import Runtime

_runtimes: list[Runtime] = []


def use(runtime: Runtime) -> None:
    """Must be called by the worker process before its first job."""
    _runtimes[:] = [runtime]


def deliver(batch: str) -> int:
    """The job: deliver one batch."""
    return delivering.deliver(_runtimes[0], batch)
