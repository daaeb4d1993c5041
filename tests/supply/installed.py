"""What is installed of the locked packages: by which licence, and whether its files are those it came with."""

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from tests.supply.licences import is_allowed, licence_of
from tests.supply.locked import Pin


def found(wanted: Iterable[Pin]) -> list[tuple[Pin, Distribution]]:
    """Those that are here: others are for other systems. Of several versions, for several Pythons, ours."""
    by_name: dict[str, list[Pin]] = {}
    for pin in wanted:
        by_name.setdefault(pin.name, []).append(pin)
    here: list[tuple[Pin, Distribution]] = []
    for name, several in by_name.items():
        with suppress(PackageNotFoundError):
            package = distribution(name)
            here.append((next((pin for pin in several if pin.version == package.version), several[0]), package))
    return here


def licence(package: Distribution) -> str:
    def told(field: str) -> list[str]:
        return [str(value) for value in package.metadata.get_all(field) or ()]

    classifiers = [text for text in told("Classifier") if text.startswith("License")]
    return licence_of("".join(told("License-Expression")), "".join(told("License")), classifiers)


def bad_licences(packages: Iterable[tuple[Pin, Distribution]]) -> list[str]:
    return [
        f"{pin.name} {pin.version}: {licence(package) or 'no licence that can be read'}"
        " is not among ALLOWED of tests/supply/licences.py."
        for pin, package in packages
        if not is_allowed(licence(package))
    ]


def altered(packages: Iterable[tuple[Pin, Distribution]]) -> list[str]:
    """Versions that are not the locked ones, and files that are not as their package's list (RECORD) has them."""
    wrong: list[str] = []
    for pin, package in packages:
        if package.version != pin.version:
            wrong.append(f"{pin.name}: {package.version} is here, not {pin.version}. Run `make install`.")
        for file in package.files or ():
            # Commands get this machine's Python into their first line when they are installed.
            if file.hash is None or file.hash.mode != "sha256" or ".." in file.parts:
                continue
            place = Path(str(package.locate_file(file)))
            if not place.is_file() or _digest(place) != file.hash.value:
                wrong.append(f"{pin.name}: {file} is not the file that came with {package.version}.")
    return wrong


def _digest(file: Path) -> str:
    return urlsafe_b64encode(sha256(file.read_bytes()).digest()).rstrip(b"=").decode()
