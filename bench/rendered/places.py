"""`av_geoiq`: which country or continent is shown when a sound is heard?"""

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw

from aurelia.bench.rendered import noise
from aurelia.bench.rendered.appearance import City, Flag
from aurelia.bench.rendered.canvas import (
    FPS,
    HEIGHT,
    WIDTH,
    Frame,
    Sprite,
    fitted,
    gradient,
    paste,
    picture_sprite,
    silhouette,
    sprite,
)
from aurelia.bench.rendered.scene import Brief, Scene, add_event, lettered, seconds
from aurelia.bench.rendered.synth import audible_s, times
from aurelia.bench.sample import Fact
from aurelia.media.labels.vocabulary import SOUND_LABELS

Category = Literal["flag_country", "sign_country", "flag_continent", "sign_continent"]
_CATEGORIES: tuple[Category, ...] = (
    "flag_country", "sign_country", "flag_continent", "sign_continent",
)  # fmt: skip
_CLEAR_S = 0.4
"""Sounds keep this far from the cuts."""


def build(brief: Brief) -> Scene:
    """Shots of flags or of signs; the sound asked about falls into one, another into another."""
    draw, look, number = brief.draw, brief.look, brief.number
    category = _CATEGORIES[number % 4]
    shots = 2 + (number // 4) % 3
    target = (number // 12 + number % 4) % shots
    place = number // 12 + (number % 4) // 2
    by_continent = category.endswith("continent")
    pool: Sequence[Flag | City] = look.flags if category.startswith("flag") else look.cities
    places = _distinct(brief, pool, shots, by_continent)

    lasting = draw.uniform(2.05, 2.25, shots) if shots > 2 else draw.uniform(3.0, 3.8, shots)
    cuts = np.round(np.concatenate([[0.0], np.cumsum(lasting)]) * FPS) / FPS
    length = float(cuts[-1])
    asked, other = (SOUND_LABELS[k] for k in draw.permutation(len(SOUND_LABELS))[:2])
    elsewhere = int(draw.choice([k for k in range(shots) if k != target]))
    facts = [
        _place_fact(one, float(low), float(high))
        for one, low, high in zip(places, cuts[:-1], cuts[1:], strict=True)
    ]
    sound = 0 * times(length)
    for label, shot in ((asked, target), (other, elsewhere)):
        low, high = float(cuts[shot]) + _CLEAR_S, float(cuts[shot + 1]) - _CLEAR_S
        made = look.sounds[label](draw, high - low - 0.05)
        latest = max(low, high - audible_s(made) - 0.02)
        add_event(sound, facts, label, made, draw.uniform(low + 0.01, latest + 0.01))

    texts = [one.continent if by_continent else one.country for one in places]
    if brief.noisy:
        noise.rustle(sound, draw, length)

    options, answer = lettered(texts, target, place, draw)
    words = look.wording
    return Scene(
        category=category,
        question=brief.question(
            category, sound=words.sound_name[asked], happens=words.sound_happens[asked]
        ),
        facts=facts,
        length_s=length,
        frame_at=_shots([_shot(brief, one) for one in places], [float(c) for c in cuts]),
        sound=sound,
        options=options,
        answer=answer,
    )


def _distinct(
    brief: Brief, pool: Sequence[Flag | City], count: int, by_continent: bool
) -> list[Flag | City]:
    """Places of different countries, or of different continents."""
    chosen: list[Flag | City] = []
    for k in brief.draw.permutation(len(pool)):
        place = pool[k]
        if by_continent:
            known = place.continent in [p.continent for p in chosen]
        else:
            known = place.country in [p.country for p in chosen]
        if not known and len(chosen) < count:
            chosen.append(place)
    return chosen


def _place_fact(place: Flag | City, start: float, end: float) -> Fact:
    return Fact(
        kind="flag.shown" if isinstance(place, Flag) else "text.shown",
        modality="visual",
        value=place.country if isinstance(place, Flag) else place.name,
        start_s=seconds(start),
        end_s=seconds(end),
    )


def _shot(brief: Brief, place: Flag | City) -> Frame:
    """One still shot."""
    draw = brief.draw
    frame = brief.look.ground(draw, "middle")
    what = _flag(brief, place) if isinstance(place, Flag) else _sign(brief, place)
    x, y = WIDTH / 2 + draw.uniform(-20, 20), HEIGHT / 2 + draw.uniform(-16, 16)
    if isinstance(place, City):
        post = Image.new("L", (10, HEIGHT), 255)
        paste(frame, sprite(post, (70, 70, 74)), x, y + HEIGHT / 2)
    paste(frame, what, x, y)
    return frame


def _flag(brief: Brief, flag: Flag) -> Sprite:
    """Equal stripes or a disc, lit a little unevenly as cloth is."""
    draw = brief.draw
    height = int(draw.integers(126, 154))
    width = int(height * draw.uniform(1.42, 1.55))
    shades = [np.array(brief.look.flag_shades[c], np.float64) for c in flag.colours]
    pixels = np.empty((height, width, 3))
    if flag.layout == "disc":
        pixels[:] = shades[0]
        side = int(0.62 * height) // 2 * 2
        mask = silhouette(_disc, side)
        top, left = (height - side) // 2, (width - side) // 2
        alpha = np.asarray(mask, np.float64)[..., None] / 255
        spot = pixels[top : top + side, left : left + side]
        spot[:] = spot * (1 - alpha) + shades[1] * alpha
    else:
        axis = 1 if flag.layout == "vertical" else 0
        edges = np.round(np.linspace(0, pixels.shape[axis], len(shades) + 1)).astype(int)
        for shade, low, high in zip(shades, edges[:-1], edges[1:], strict=True):
            if axis:
                pixels[:, low:high] = shade
            else:
                pixels[low:high] = shade
    folds = 1 + 0.04 * np.sin(np.linspace(0, 2 * np.pi * draw.uniform(0.8, 1.6), width))
    return picture_sprite(np.clip(pixels * folds[None, :, None], 0, 255).astype(np.uint8))


def _disc(pen: ImageDraw.ImageDraw, size: float) -> None:
    pen.ellipse((0, 0, size - 1, size - 1), fill=255)


def _sign(brief: Brief, city: City) -> Sprite:
    """The city's name on a board."""
    draw, look = brief.draw, brief.look
    board, ink = look.boards[int(draw.integers(len(look.boards)))]
    mask = fitted(look.letters(draw, city.name, int(draw.integers(26, 34))), 240, 60)
    size = (mask.height + 34, mask.width + 40)
    pixels = gradient(board, board, size=size)
    pixels[4:6, 4:-4] = pixels[-6:-4, 4:-4] = ink
    pixels[4:-4, 4:6] = pixels[4:-4, -6:-4] = ink
    paste(pixels, sprite(mask, ink), size[1] / 2, size[0] / 2)
    return picture_sprite(pixels)


def _shots(frames: Sequence[Frame], cuts: Sequence[float]) -> Callable[[float], Frame]:
    def frame_at(time: float) -> Frame:
        shot = int(np.searchsorted(cuts[1:], time + 1e-6, side="right"))
        return frames[min(shot, len(frames) - 1)]

    return frame_at
