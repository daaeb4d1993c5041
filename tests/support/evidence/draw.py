"""Draws sessions from the kinds of `tests/cases/evidence/`: `python -m tests.support.evidence.draw`.

Only seconds, versions and addresses vary; what a kind does was written by hand, and nothing of the rules is known.
"""

import re
from collections.abc import Iterator
from ipaddress import ip_network
from random import Random

from tests.support.project import ROOT

CASES = ROOT / "tests/cases/evidence"
SEEDS = {"held_out": 20261201, "tuning": 17}
RANGE = re.compile(r"(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)")
VARIANT = re.compile(r"^x (\d+) (secure|plain)\n((?:[mp] .*\n)+)", flags=re.M)


def main() -> None:
    for part, seed in SEEDS.items():
        if (kinds := CASES / f"{part}_kinds.txt").exists():
            (CASES / f"{part}.txt").write_text("\n".join(drawn(kinds.read_text(), Random(seed))) + "\n")


def drawn(kinds: str, random: Random) -> Iterator[str]:
    """The lines of all sessions of a file of kinds, each session below a line `# kind number secure`."""
    numbers: dict[str, int] = {}
    for kind, times, site, lines in _variants(kinds):
        for _ in range(times):
            numbers[kind] = numbers.get(kind, 0) + 1
            yield f"# {kind} {numbers[kind]} {site}"
            yield from _session(lines, random)


def _variants(kinds: str) -> Iterator[tuple[str, int, str, list[str]]]:
    """Each variant of a kind: the kind's name, how often it is drawn, its site, its lines."""
    for text in re.split(r"^== ", kinds, flags=re.M)[1:]:
        for times, site, lines in VARIANT.findall(text):
            yield text.split()[0], int(times), site, lines.splitlines()


def _session(lines: list[str], random: Random) -> Iterator[str]:
    blocks = dict(line.split() for line in (CASES / "networks.txt").read_text().splitlines() if line[:1].isalpha())
    addresses: dict[str, str] = {}
    versions: dict[str, str] = {}
    now = 0.0
    for line in lines:
        who, when, deed, link, method, agent, place, headers, *recipient = line.split()
        now = _drawn_number(when.removeprefix("+"), random) + (now if when.startswith("+") else 0)
        agent = versions.setdefault(agent, RANGE.sub(lambda found: str(_whole(found, random)), agent))
        if place.endswith("*") or place not in addresses:
            addresses[place] = _address(blocks[place.rstrip("*")], random)
        cells = (who, f"{now:.1f}", deed, link, method, agent, addresses[place], headers, *(recipient or ["@1"]))
        yield " ".join(cells)


def _drawn_number(text: str, random: Random) -> float:
    if found := RANGE.fullmatch(text):
        return random.uniform(float(found[1]), float(found[2]))
    return float(text)


def _whole(found: re.Match[str], random: Random) -> int:
    return random.randint(int(found[1]), int(found[2]))


def _address(block: str, random: Random) -> str:
    network = ip_network(block)
    return str(network[random.randrange(1, network.num_addresses - 1)])


if __name__ == "__main__":
    main()
