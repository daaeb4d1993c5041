"""Films without a picture and sound without a tone: what a player reads first, and nothing else."""

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


def fragmented(seconds: float, *, says: str) -> bytes:
    """A film in two fragments, of samples of a tenth of a second, which says how long it is in one way: `header`
    (`mehd`), `index` (`sidx`), `runs` (each sample in `trun`), `usual` (in `trex`), `here` (in `tfhd`)."""
    samples = round(seconds * 10)
    track = box(b"tkhd", bytes(12) + pack(">I", 1) + bytes(68))
    times = box(b"mdia", box(b"mdhd", bytes(12) + pack(">II", 1000, 0) + bytes(4)))
    usual = box(b"trex", bytes(4) + pack(">IIIII", 1, 1, 100 if says == "usual" else 0, 0, 0))
    extended = box(b"mehd", bytes(4) + pack(">I", round(seconds * 600))) if says == "header" else b""
    header = box(b"mvhd", bytes(12) + pack(">II", 600, 0) + bytes(80))
    movie = box(b"moov", header + box(b"trak", track + times) + box(b"mvex", extended + usual))
    parts = (samples // 2, samples - samples // 2)
    index = (
        box(
            b"sidx",
            bytes(4)
            + pack(">IIIIHH", 1, 1000, 0, 0, 0, 2)
            + b"".join(pack(">III", 64, count * 100, 0) for count in parts),
        )
        if says == "index"
        else b""
    )
    return box(b"ftyp", b"iso5" + bytes(4)) + movie + index + b"".join(_fragment(count, says) for count in parts)


def _fragment(samples: int, says: str) -> bytes:
    here = box(b"tfhd", pack(">IIII", 0x28, 1, 100, 0)) if says == "here" else box(b"tfhd", pack(">II", 0, 1))
    each = b"".join(pack(">II", 100, 7) for _ in range(samples))
    run = pack(">III", 0x301, samples, 0) + each if says == "runs" else pack(">II", 0, samples)
    return box(b"moof", box(b"traf", here + box(b"trun", run))) + box(b"mdat", bytes(8))


def old_quicktime(seconds: float) -> bytes:
    """A film from before there was a box `ftyp`."""
    header = box(b"mvhd", bytes(12) + pack(">II", 600, round(seconds * 600)) + bytes(80))
    return box(b"wide", b"") + box(b"mdat", bytes(10)) + box(b"moov", header)


def big(seconds: float) -> bytes:
    """A film whose data have their size in 64 bits, with the header behind them."""
    data = pack(">I", 1) + b"mdat" + pack(">Q", 116) + bytes(100)
    return box(b"ftyp", b"isom" + bytes(4)) + data + mp4(seconds)[-len(box(b"moov", b"")) - 108 :]


def mp3(seconds: int) -> bytes:
    """Silence in frames of 24 ms, at 32 kbit/s and 48 kHz: MPEG 1, layer 3 (ISO/IEC 11172-3, 2.4.1.3)."""
    frame = b"\xff\xfb\x14\xc4" + bytes(92)
    return frame * round(seconds / 0.024)


def wav(seconds: int) -> bytes:
    """Silence at 8000 bytes a second."""
    data = bytes(8000 * seconds)
    told = pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)
    body = b"WAVEfmt " + pack("<I", len(told)) + told + b"data" + pack("<I", len(data)) + data
    return b"RIFF" + pack("<I", len(body)) + body


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
