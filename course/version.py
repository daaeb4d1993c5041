"""Which Dayletter this is. The number stands in pyproject.toml, and nowhere else."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version

UNKNOWN = "unknown"


@cache
def own_version() -> str:
    """Such as `0.1.0`, as it was when Dayletter was installed; `unknown` where it runs without having been."""
    try:
        return version("dayletter")
    except PackageNotFoundError:
        return UNKNOWN
