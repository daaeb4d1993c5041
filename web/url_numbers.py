"""Numbers of rows, as addresses hold them: with a larger one a database would not even take the question."""

from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1


class RowNumber(IntegerConverter):
    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST)


def row_number(text: str) -> int:
    """Raises ValueError."""
    number = int(text)
    if number > LARGEST:
        raise ValueError
    return number
