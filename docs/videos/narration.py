"""Narration and time: each sentence spoken, and what is shown and captioned meanwhile."""

import re
import subprocess
import wave
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from docs.videos.script import Script
from docs.videos.slides import draw_slide
from docs.videos.title import draw_title

VOICE = ("-v", "en-gb-x-rp", "-s", "143", "-p", "42", "-g", "1")
LEAD, BETWEEN_SENTENCES, BETWEEN_STEPS, BETWEEN_SLIDES, TAIL = 0.7, 0.34, 0.5, 0.9, 1.6
CAPTION_LINE = 42


@dataclass
class Cue:
    start: float
    end: float
    text: str


@dataclass
class State:
    """A picture and the second at which it appears."""

    start: float
    picture: Image.Image


@dataclass
class Film:
    sound: bytes
    rate: int
    seconds: float
    cues: list[Cue]
    states: list[State]


def speak(sentence: str, folder: Path) -> tuple[bytes, int]:
    """The sentence as 16-bit mono samples, without silence at either end, and the sample rate."""
    path = folder / "sentence.wav"
    subprocess.run(["espeak-ng", *VOICE, "-w", str(path), "--", sentence], check=True)
    with wave.open(str(path)) as sound:
        samples, rate = sound.readframes(sound.getnframes()), sound.getframerate()
    return trim_silence(samples), rate


def trim_silence(samples: bytes, threshold: int = 160) -> bytes:
    values = memoryview(samples).cast("h")
    loud = [i for i in range(0, len(values), 20) if abs(values[i]) > threshold]
    first, last = max(loud[0] - 400, 0), min(loud[-1] + 1200, len(values))
    return samples[first * 2 : last * 2]


class Timeline:
    """Sound and cues, in the order in which they are added."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sound = bytearray()
        self.rate = 22050
        self.cues: list[Cue] = []

    @property
    def now(self) -> float:
        return len(self.sound) / 2 / self.rate

    def rest(self, seconds: float) -> None:
        self.sound += bytes(2 * round(seconds * self.rate))

    def say(self, sentence: str) -> None:
        start = self.now
        samples, self.rate = speak(sentence, self.folder)
        self.sound += samples
        self.cues += cut_cues(sentence, start, self.now)


def cut_cues(sentence: str, start: float, end: float) -> list[Cue]:
    """Captions of at most two lines; a long sentence shares its time by length."""
    parts = balanced_parts(sentence, 2 * CAPTION_LINE - 6)
    cues: list[Cue] = []
    for part in parts:
        until = start + (end - start) * len(part) / sum(len(p) for p in parts[len(cues) :])
        cues.append(Cue(start, until, two_lines(part)))
        start = until
    return cues


def balanced_parts(text: str, limit: int) -> list[str]:
    """Cut into as few parts as fit the limit, each near the same length, after commas if possible."""
    if len(text) <= limit:
        return [text]
    gaps = [m.start() for m in re.finditer(" ", text)]
    wanted = len(text) / -(-len(text) // limit)
    fitting = [g for g in gaps if g <= limit]
    cut = min(fitting, key=lambda g: abs(g - wanted) - (18 if text[g - 1] in ",;:" else 0))
    return [text[:cut], *balanced_parts(text[cut + 1 :], limit)]


def two_lines(text: str) -> str:
    if len(text) <= CAPTION_LINE:
        return text
    gaps = [m.start() for m in re.finditer(" ", text)]
    cut = min(gaps, key=lambda g: max(g, len(text) - g - 1))
    return f"{text[:cut]}\n{text[cut + 1 :]}"


def direct(script: Script, folder: Path) -> Film:
    """Speak the whole script and note when each picture appears."""
    timeline, states = Timeline(folder), [State(0.0, draw_title(script))]
    timeline.rest(LEAD)
    for slide in script.slides:
        if slide.heading:
            timeline.rest(BETWEEN_SLIDES)
        for index, step in enumerate(slide.steps):
            if slide.heading and (step.kind or step.sentences):
                if index > 0 and states[-1].start < timeline.now - BETWEEN_SLIDES:
                    timeline.rest(BETWEEN_STEPS)
                states.append(State(max(timeline.now - 0.35, 0), draw_slide(slide, index)))
            for sentence in step.sentences:
                timeline.say(sentence)
                timeline.rest(BETWEEN_SENTENCES)
    timeline.rest(TAIL)
    return Film(bytes(timeline.sound), timeline.rate, timeline.now, timeline.cues, states)
