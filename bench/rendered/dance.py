"""`dm_match`: which of four tracks has the dancer's tempo?"""

from collections.abc import Callable
from itertools import pairwise

from numpy.random import Generator

from aurelia.bench.rendered.canvas import HEIGHT, WIDTH, Frame, paste, sprite
from aurelia.bench.rendered.scene import BRIGHT_COLOURS, Brief, Scene, lettered, seconds
from aurelia.bench.sample import Fact

LABELS = "ABCD"
_PHASES = 36


def build(brief: Brief) -> Scene:
    """A silent dancer whose movement repeats once a beat, and four tracks."""
    draw, length = brief.draw, 8.0
    tempos = draw_tempos(draw)
    right = brief.number % 4
    facts = [
        Fact(kind="pace.picture", modality="visual", value=tempos[right], start_s=0.0,
             end_s=seconds(length)),
        *(
            Fact(kind="candidate.tempo", modality="audio", value=tempo, other=label)
            for label, tempo in zip(LABELS, tempos, strict=True)
        ),
    ]  # fmt: skip
    question = brief.question("match")
    frame_at = _dancer(brief, tempos[right])
    candidates = {
        label: brief.look.groove(draw, tempo, length)
        for label, tempo in zip(LABELS, tempos, strict=True)
    }
    # Letters are apart from names, lest a track's name in r* be read as the letter of an option.
    # Four numbers in a row use every letter once; sixteen, every pair of letter and name.
    place = brief.number + 1 + brief.number // 4
    options, answer = lettered([f"track {label}" for label in LABELS], right, place, draw)
    return Scene(
        category="match",
        question=question,
        facts=facts,
        length_s=length,
        frame_at=frame_at,
        sound=None,
        options=options,
        answer=answer,
        candidates=candidates,
    )


def draw_tempos(draw: Generator) -> list[float]:
    """Four tempos of 70 to 160: at least 11 % apart, none near twice another."""
    while True:
        tempos = [round(float(tempo), 1) for tempo in draw.uniform(70, 160, 4)]
        ordered = sorted(tempos)
        apart = all(high / low >= 1.11 for low, high in pairwise(ordered))
        octaves = any(
            abs(high / low / 2 - 1) < 0.07
            for k, low in enumerate(ordered)
            for high in ordered[k + 1 :]
        )
        if apart and not octaves:
            return tempos


def _dancer(brief: Brief, per_minute: float) -> Callable[[float], Frame]:
    draw, look = brief.draw, brief.look
    ground = look.ground(draw, "dark")
    figure = look.figures[brief.number // 4 % len(look.figures)]
    colour = BRIGHT_COLOURS[int(draw.integers(len(BRIGHT_COLOURS)))]
    shades = look.shades[colour]
    shade = shades[int(draw.integers(len(shades)))]
    side = int(draw.integers(160, 200))
    stages = [sprite(figure(k / _PHASES, side), shade) for k in range(_PHASES)]
    x, y = WIDTH / 2 + draw.uniform(-40, 40), HEIGHT - side / 2 - draw.uniform(8, 20)
    first = float(draw.uniform(0, 1))

    def frame_at(time: float) -> Frame:
        frame = ground.copy()
        phase = (time * per_minute / 60 + first) % 1
        paste(frame, stages[int(phase * _PHASES) % _PHASES], x, y)
        return frame

    return frame_at
