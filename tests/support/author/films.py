"""Films without a picture: what a player reads first, and nothing else."""

from struct import pack


def mp4(seconds: float, *, long: bool = False) -> bytes:
    """The boxes `ftyp`, `free`, `mdat` and, at the end as cameras write it, `moov` with a header."""
    times = (
        pack(">QQIQ", 0, 0, 600, round(seconds * 600)) if long else pack(">IIII", 0, 0, 600, round(seconds * 600))
    )
    header = box(b"mvhd", bytes([1 if long else 0, 0, 0, 0]) + times + bytes(80))
    return box(b"ftyp", b"isom" + bytes(4)) + box(b"free", b"") + box(b"mdat", bytes(64)) + box(b"moov", header)


def box(name: bytes, content: bytes) -> bytes:
    return pack(">I", 8 + len(content)) + name + content


def webm(seconds: float) -> bytes:
    """A segment of unknown size, as recorders write it, in milliseconds."""
    info = element("2AD7B1", pack(">I", 1_000_000)) + element("4489", pack(">d", seconds * 1000))
    return (
        element("1A45DFA3", b"\x42\x82\x84webm")
        + bytes.fromhex("18538067 01FFFFFFFFFFFFFF")
        + element("1549A966", info)
    )


def element(key: str, content: bytes) -> bytes:
    return bytes.fromhex(key) + bytes([0x80 | len(content)]) + content
