"""`av_compositional`: does the sound come before or after what is seen?"""

from aurelia.bench.rendered import noise
from aurelia.bench.rendered.scene import (
    Brief,
    Scene,
    add_event,
    draw_mover,
    lettered,
    moving_scene,
)
from aurelia.bench.rendered.synth import Sound, audible_s, times
from aurelia.bench.sample import Fact
from aurelia.media.labels.vocabulary import SOUND_LABELS, SoundLabel

LENGTH_S = 9.0


def build(brief: Brief) -> Scene:
    """One shape crosses; one sound of two that the options name happens before or after.

    When the shape crosses is drawn without regard to the order. A further sound, which no option
    names, may happen as well.
    """
    draw, number, words = brief.draw, brief.number, brief.look.wording
    sound_first = number % 2 == 0
    lasting = draw.uniform(0.9, 1.4)
    begins = draw.uniform(2.0, 5.5)  # wide enough that the sound's time alone tells less
    mover = draw_mover(brief, begins, begins + lasting, lane=0.5, waits=bool(draw.random() < 0.4))
    heard = SOUND_LABELS[(number // 2) % len(SOUND_LABELS)]
    rest = [label for label in SOUND_LABELS if label != heard]
    absent, further = (rest[k] for k in draw.permutation(len(rest))[:2])

    made = brief.look.sounds[heard](draw, 1.5)
    gap = draw.uniform(0.6, 1.1) if brief.noisy else draw.uniform(1.0, 1.8)
    if sound_first:
        starts = max(0.2, mover.start_s - gap - (0 if brief.noisy else 0.5 * audible_s(made)))
    else:
        starts = mover.start_s + max(gap, 0.6 if brief.noisy else lasting + 0.1)
    facts: list[Fact] = [mover.fact()]
    sound = 0 * times(LENGTH_S)
    event = add_event(sound, facts, heard, made, min(starts, LENGTH_S - audible_s(made) - 0.1))
    if draw.random() < (0.7 if brief.noisy else 0.4):
        _add_further(brief, sound, facts, event, further)
    frame_at = moving_scene(brief.look.ground(draw, "dark"), [mover])
    if brief.noisy:
        noise.rustle(sound, draw, LENGTH_S)
        frame_at = noise.littered(frame_at, draw, LENGTH_S)

    seen = f"a {mover.name} {words.crossing[mover.path]}".replace("a orange", "an orange")
    phrases = words.order[int(draw.integers(len(words.order)))]
    options = [
        _sentence(phrases[first].format(seen=seen, heard=words.sound_happens[label]))
        for label in (heard, absent)
        for first in (0, 1)
    ]
    right = 1 if sound_first else 0
    lettering, answer = lettered(options, right, number // 2, draw)
    return Scene(
        category="order",
        question=brief.question("order"),
        facts=facts,
        length_s=LENGTH_S,
        frame_at=frame_at,
        sound=sound,
        options=lettering,
        answer=answer,
    )


def _add_further(
    brief: Brief, sound: Sound, facts: list[Fact], event: Fact, further: SoundLabel
) -> None:
    """A sound that no option names, clear of the one that they name."""
    draw = brief.draw
    made = brief.look.sounds[further](draw, 1.2)
    free = [
        (low, high)
        for low, high in (
            (0.2, (event.start_s or 0) - 0.2),
            ((event.end_s or 0) + 0.2, LENGTH_S - 0.2),
        )
        if high - low > audible_s(made)
    ]
    if free:
        low, high = free[int(draw.integers(len(free)))]
        add_event(sound, facts, further, made, draw.uniform(low, high - audible_s(made)))


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."
