"""Signs that nobody sees, and what comes of them. Pure."""

import re

UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Controls, line ends and what turns the reading direction: no name or header may hold one."""
