"""`music_avqa`: how many instruments are heard, and how many are shown?"""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from aurelia.bench.rendered.canvas import (
    HEIGHT,
    WIDTH,
    Frame,
    Sprite,
    paste,
    silhouette,
    sprite,
)
from aurelia.bench.rendered.scene import BRIGHT_COLOURS, Brief, Scene, seconds
from aurelia.bench.rendered.synth import Sound, hertz_of, levelled, put, times
from aurelia.bench.sample import Fact

LENGTH_S = 8.0


def build(brief: Brief) -> Scene:
    """Count questions pair 1 to 4 heard with 1 to 4 shown; comparisons draw the answer first."""
    draw, number = brief.draw, brief.number // 2
    if brief.number % 2 == 0:
        category, heard, shown = "count_heard", number % 4 + 1, (number // 4) % 4 + 1
        options = {letter: str(k + 1) for k, letter in enumerate("ABCD")}
        answer = "ABCD"[heard - 1]
    else:
        # Four shown could never be outnumbered, so the picture would give the answer away.
        category, shown, more = "compare", (number // 2) % 3 + 1, number % 2 == 0
        heard = int(draw.integers(shown + 1, 5)) if more else int(draw.integers(1, shown + 1))
        yes_first = (number // 6) % 2 == 0
        options = {"A": "yes", "B": "no"} if yes_first else {"A": "no", "B": "yes"}
        answer = "A" if more == yes_first else "B"
    facts = [
        Fact(kind="sources.count", modality="audio", value=float(heard), start_s=0.0,
             end_s=seconds(LENGTH_S)),
        Fact(kind="shown.count", modality="visual", value=float(shown), start_s=0.0,
             end_s=seconds(LENGTH_S)),
    ]  # fmt: skip
    return Scene(
        category=category,
        question=brief.question(category),
        facts=facts,
        length_s=LENGTH_S,
        frame_at=_picture(brief, shown),
        sound=ensemble(brief, heard),
        options=options,
        answer=answer,
    )


def ensemble(brief: Brief, heard: int) -> Sound:
    """So many instruments, each with a register, a timbre and a rhythm of its own."""
    draw = brief.draw
    drum = heard > 1 and draw.random() < 0.4
    pitched = heard - int(drum)
    key, steps = int(draw.integers(12)), ((0, 2, 4, 7, 9), (0, 3, 5, 7, 10))[int(draw.integers(2))]
    kinds = draw.permutation(len(brief.look.timbres))
    beats = draw.permutation([0.38, 0.47, 0.58, 0.7]) * draw.uniform(0.95, 1.05)
    taken: list[float] = []
    total = 0 * times(LENGTH_S)
    for index, low in enumerate(registers(draw, pitched)):
        notes = [n for n in range(low, low + 8) if (n - key) % 12 in steps]
        timbre = brief.look.timbres[kinds[index % len(kinds)]](draw)
        part = 0 * total
        place = int(draw.integers(len(notes)))
        for at, lasting in _rhythm(draw, float(beats[index]), taken):
            place = int(np.clip(place + draw.choice([-2, -1, 1, 2]), 0, len(notes) - 1))
            put(part, timbre(hertz_of(notes[place]), lasting), at)
        total += levelled(part, 0.07 * 10 ** (draw.uniform(-1.5, 1.5) / 20), 0.4)
    if drum:
        part, hit = 0 * total, brief.look.percussion(draw)
        for at, _ in _rhythm(draw, float(beats[3]), taken):
            put(part, hit(), at)
        total += levelled(part, 0.06, 0.4)
    return total


def registers(draw: Generator, count: int) -> list[int]:
    """Lowest notes of registers 7 semitones wide, with gaps of at least 5 semitones between."""
    room = 43 - (7 * count + 5 * (count - 1)) + 2
    spread = np.sort(draw.integers(0, room, count))
    lows = [41 + int(more) + 12 * k for k, more in enumerate(spread)]
    return [lows[k] for k in draw.permutation(count)]


def _rhythm(draw: Generator, beat: float, taken: list[float]) -> list[tuple[float, float]]:
    """Starts and lengths of notes that fill the clip and keep clear of others' starts."""
    notes, at = [], float(draw.uniform(0.05, 0.4))
    while at < LENGTH_S - 0.3:
        lasting = beat * float(draw.choice([1, 1, 1, 2]))
        start = at
        for _ in range(4):
            if all(abs(start - other) > 0.06 for other in taken):
                break
            start += 0.065
        notes.append((start, 0.92 * lasting))
        at += lasting
    taken.extend(start for start, _ in notes)
    return notes


def _picture(brief: Brief, shown: int) -> Callable[[float], Frame]:
    """So many silhouettes side by side; some of them bob, whether they sound or not."""
    draw, look = brief.draw, brief.look
    ground = look.ground(draw, "dark")
    cells = [(column, row) for row in (0, 1) for column in (0, 1, 2)]
    forms = draw.permutation(len(look.instruments))
    placed: list[tuple[Sprite, float, float, float, float]] = []
    for index, cell in enumerate(draw.permutation(len(cells))[:shown]):
        column, row = cells[cell]
        side = int(draw.integers(66, 84))
        colour = BRIGHT_COLOURS[int(draw.integers(len(BRIGHT_COLOURS)))]
        shades = look.shades[colour]
        mask = silhouette(look.instruments[forms[index % len(forms)]], side)
        x = (column + 0.5) * WIDTH / 3 + draw.uniform(-6, 6)
        y = (row + 0.5) * HEIGHT / 2 + draw.uniform(-6, 6)
        bob = float(draw.uniform(3, 6)) if draw.random() < 0.6 else 0.0
        what = sprite(mask, shades[int(draw.integers(len(shades)))])
        placed.append((what, x, y, bob, float(draw.uniform(0.8, 2.0))))

    def frame_at(time: float) -> NDArray[np.uint8]:
        frame = ground.copy()
        for what, x, y, bob, speed in placed:
            paste(frame, what, x, y + bob * np.sin(2 * np.pi * speed * time))
        return frame

    return frame_at
