"""The published networks: a small file that says where each block is told, and how it is renewed."""

import re

import pytest

from course.evidence.networks import network_of, read_networks
from course.evidence.published import FILE, published_networks
from tests.support.author.networks import renewed

TEXT = """\
# Barracuda
# https://barracuda.example (2026-01-02)
gateway barracuda  192.0.2.0/25

# Mimecast
# https://mimecast.example (2026-01-02)
gateway mimecast   198.51.100.0/24
"""


def test_the_file_is_read_and_stays_small() -> None:
    networks = published_networks()
    assert {network.name for network in networks} == {
        *("gateway/barracuda", "gateway/mimecast", "gateway/proofpoint", "mailbox/microsoft")
    }
    assert len(networks) < 200
    assert network_of("209.222.80.1", networks) == "gateway/barracuda"


def test_no_published_block_is_so_wide_that_it_holds_everybody() -> None:
    assert all(
        network.block.prefixlen >= (12 if network.block.version == 4 else 32) for network in published_networks()
    )


def test_every_paragraph_of_blocks_says_where_it_is_from_and_when_it_was_looked_at() -> None:
    _, *paragraphs = FILE.read_text().split("\n\n")
    assert all(re.search(r"^# https://\S+ \(\d{4}-\d\d-\d\d\)$", text, flags=re.M) for text in paragraphs)


@pytest.mark.parametrize(
    "line", ["gateway barracuda", "gateway barracuda 1.2.3.4/40", "friend barracuda 192.0.2.0/24", "192.0.2.0/24"]
)
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(ValueError, match=r"Line 2 of the networks must be a role"):
        read_networks(f"# a remark\n{line}")


def test_renewing_replaces_what_was_reached_and_keeps_the_rest() -> None:
    text = renewed(TEXT, {"barracuda": ["192.0.2.128/25", "192.0.2.0/26"]}, "2026-12-01")
    assert text == (
        "# Barracuda\n# https://barracuda.example (2026-12-01)\n"
        "gateway barracuda  192.0.2.0/26\ngateway barracuda  192.0.2.128/25\n\n"
        "# Mimecast\n# https://mimecast.example (2026-01-02)\ngateway mimecast   198.51.100.0/24\n"
    )


def test_an_empty_answer_removes_nothing() -> None:
    assert renewed(TEXT, {"barracuda": []}, "2026-12-01") == TEXT
