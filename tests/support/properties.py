"""What every property test goes by."""

import os

from hypothesis import HealthCheck, settings


def pytest_configure() -> None:
    # How long an example takes says how busy the machine is, and nothing about the code.
    settings.register_profile(
        "tests",
        deadline=None,
        # What keeps a change back must not hang on chance; `make properties` draws others each time.
        derandomize="PROPERTIES" not in os.environ,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("tests")
