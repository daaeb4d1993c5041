"""What keeps going wrong is said once, and not twice a second."""

import logging


class Complaint:
    """Said anew when it is another one, or when all was well in between."""

    def __init__(self, log: logging.Logger) -> None:
        self._log, self._said = log, ""

    def say(self, words: str, level: int = logging.WARNING) -> None:
        if words != self._said:
            self._log.log(level, "%s", words)
        self._said = words

    def is_over(self) -> None:
        """All is well again."""
        self._said = ""
