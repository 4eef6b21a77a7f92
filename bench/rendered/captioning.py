"""`av_captioning`: describe what is seen and heard."""

from aurelia.bench.rendered import noise
from aurelia.bench.rendered.scene import Brief, Mover, Scene, add_event, draw_mover, moving_scene
from aurelia.bench.rendered.synth import audible_s, times
from aurelia.bench.sample import Fact
from aurelia.media.labels.vocabulary import SOUND_LABELS, Path

LENGTH_S = 8.5
_HORIZONTAL: tuple[Path, ...] = ("left to right", "right to left")


def build(brief: Brief) -> Scene:
    """One or two moving shapes and one to three sounds, at times of their own."""
    draw, number = brief.draw, brief.number
    movers: list[Mover] = []
    for k in range(1 + number % 2):
        lasting = draw.uniform(1.2, 2.6)
        begins = draw.uniform(0.6, LENGTH_S - lasting - 0.6)
        # Two shapes keep to lanes of their own, so that neither hides the other.
        two = number % 2 == 1
        movers.append(
            draw_mover(
                brief,
                begins,
                begins + lasting,
                without=movers,
                lane=(0.28, 0.72)[k] if two else 0.5,
                waits=bool(draw.random() < 0.4),
                **({"paths": _HORIZONTAL} if two else {}),
            )
        )
    facts: list[Fact] = [mover.fact() for mover in movers]
    sound = 0 * times(LENGTH_S)
    count = 1 + (number // 2) % 3
    labels = [SOUND_LABELS[k] for k in draw.permutation(len(SOUND_LABELS))[:count]]
    made = [brief.look.sounds[label](draw, 1.8) for label in labels]
    spare = LENGTH_S - 0.6 - sum(audible_s(one) for one in made) - 0.35 * (count - 1)
    shares = draw.dirichlet([1.0] * (count + 1)) * max(spare, 0.0)
    at = 0.3
    for label, one, pause in zip(labels, made, shares[:count], strict=True):
        at += float(pause)
        event = add_event(sound, facts, label, one, at)
        at = (event.end_s or at) + 0.35
        if brief.noisy and draw.random() < 0.4:
            at -= min(0.7, 0.5 * audible_s(one))  # the next one may begin in this one's tail
    frame_at = moving_scene(brief.look.ground(draw, "dark"), movers)
    if brief.noisy:
        noise.rustle(sound, draw, LENGTH_S)
        frame_at = noise.littered(frame_at, draw, LENGTH_S)
    return Scene(
        category="describe",
        question=brief.question("describe"),
        facts=facts,
        length_s=LENGTH_S,
        frame_at=frame_at,
        sound=sound,
    )
