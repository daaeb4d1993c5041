"""Make the course's videos from the scripts beside this file.

Needs ffmpeg, espeak-ng and Pillow, and the fonts TeX Gyre Pagella and Lato (on Debian:
``apt-get install ffmpeg espeak-ng fonts-texgyre fonts-lato``; DejaVu stands in for a missing
font). Each ``NAME.md`` becomes ``NAME.mp4``, ``NAME.vtt`` and ``NAME.jpg`` in the course's media
folder.

A script is Markdown: ``# Title``, ``motif: WORD`` for the picture on the title slide, one ``##``
heading for each slide. A line ``- kind: a | b`` appears on the slide at the moment its narration,
the paragraph below it, begins. The kinds are the keys of ``PAINTERS`` in painters.py.
"""

import argparse
import subprocess
import tempfile
import wave
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import IO

from PIL import Image

from docs.videos.canvas import FPS, HEIGHT, WIDTH
from docs.videos.narration import Cue, Film, direct
from docs.videos.script import ORDER, Script, read_script
from docs.videos.slides import with_progress
from docs.videos.title import draw_title

HERE = Path(__file__).resolve().parent
MEDIA = HERE.parent.parent / "lessons" / "career-mobility" / "media"
FADE = 4  # frames


def stamp(seconds: float) -> str:
    millis = round(seconds * 1000)
    minutes, millis = divmod(millis, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{millis // 1000:02d}.{millis % 1000:03d}"


def write_captions(cues: list[Cue], path: Path) -> None:
    blocks = [f"{stamp(c.start)} --> {stamp(c.end)}\n{c.text}\n" for c in cues]
    path.write_text("WEBVTT\n\n" + "\n".join(blocks), encoding="utf-8")


def write_poster(script: Script, path: Path) -> None:
    draw_title(script).save(path, quality=86, optimize=True, progressive=True)


def frames(film: Film) -> Iterator[bytes]:
    """Every frame as raw RGB, with a short fade into each new picture."""
    total = round(film.seconds * FPS)
    starts = [round(s.start * FPS) for s in film.states] + [total]
    before = film.states[0].picture
    for state, (first, last) in zip(film.states, pairwise(starts), strict=True):
        picture = with_progress(state.picture, last / total)
        for step in range(1, min(FADE, last - first) + 1):
            yield Image.blend(before, picture, step / FADE).tobytes()
        still = picture.tobytes()
        for _ in range(last - first - FADE):
            yield still
        before = picture


def encode(film: Film, folder: Path, path: Path) -> None:
    sound = folder / "narration.wav"
    with wave.open(str(sound), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(film.rate)
        out.writeframes(film.sound)
    warm = "highpass=f=90,equalizer=f=220:t=q:w=1:g=2,highshelf=f=4500:g=-5,lowpass=f=8500"
    even = "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int+full_chroma_inp"
    pictures = f"ffmpeg -v error -y -f rawvideo -pix_fmt rgb24 -s {WIDTH}x{HEIGHT} -r {FPS} -i pipe:0 -i"
    result = (
        f"-af {warm},loudnorm=I=-19:TP=-4:LRA=7 -ar 44100 -ac 1 -c:a aac -b:a 64k"
        f" -vf {even} -c:v libx264 -preset medium -tune stillimage -crf 21 -g 120 -pix_fmt yuv420p"
        " -colorspace bt709 -color_primaries bt709 -color_trc bt709 -threads 1"
        f" -t {film.seconds:.3f} -movflags +faststart -map_metadata -1"
    )
    command = [*pictures.split(), str(sound), *result.split(), str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as ffmpeg:
        pipe: IO[bytes] | None = ffmpeg.stdin
        assert pipe is not None
        for frame in frames(film):
            pipe.write(frame)
        pipe.close()
    if ffmpeg.returncode:
        raise SystemExit(f"ffmpeg failed for {path.name}.")


def make(name: str, out: Path, slides_only: bool) -> None:
    script = read_script(HERE / f"{name}.md")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        film = direct(script, folder)
        if slides_only:
            for number, state in enumerate(film.states):
                state.picture.save(out / f"{name}-{number:02d}.png")
        else:
            write_captions(film.cues, out / f"{name}.vtt")
            write_poster(script, out / f"{name}.jpg")
            encode(film, folder, out / f"{name}.mp4")
    seconds = round(film.seconds)
    print(f'![{script.title}](media/{name}.mp4 "{seconds // 60}:{seconds % 60:02d}")')


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the course's videos.")
    parser.add_argument("names", nargs="*", default=list(ORDER), metavar="NAME")
    parser.add_argument("--out", type=Path, default=MEDIA, help="the folder to write to")
    parser.add_argument("--slides", action="store_true", help="write the slides as PNG and nothing else")
    args = parser.parse_args()
    for name in args.names:
        make(name, args.out, args.slides)


if __name__ == "__main__":
    main()
