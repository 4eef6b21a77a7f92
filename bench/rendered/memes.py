"""`av_meme`: do the words on screen and the music disagree?"""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageFilter

from aurelia.bench.rendered.canvas import (
    HEIGHT,
    WIDTH,
    Frame,
    fitted,
    paste,
    picture_sprite,
    sprite,
)
from aurelia.bench.rendered.scene import Brief, Scene, seconds
from aurelia.bench.sample import Fact
from aurelia.media.labels.vocabulary import Brightness

LENGTH_S = 9.0


def build(brief: Brief) -> Scene:
    """Words and music, glad or sad, in all four combinations."""
    draw, look, number = brief.draw, brief.look, brief.number
    glad_words = number % 2 == 0
    mood: Brightness = "bright" if (number // 2) % 2 == 0 else "dark"
    phrases = look.cheerful if glad_words else look.gloomy
    text = phrases[int(draw.integers(len(phrases)))]
    ironic = glad_words != (mood == "bright")
    yes_first = (number // 4) % 2 == 0
    facts = [
        Fact(kind="text.shown", modality="visual", value=text, start_s=0.0,
             end_s=seconds(LENGTH_S)),
        Fact(kind="mood.is", modality="audio", value=mood, start_s=0.0, end_s=seconds(LENGTH_S)),
    ]  # fmt: skip
    return Scene(
        category="irony",
        question=brief.question("irony"),
        facts=facts,
        length_s=LENGTH_S,
        frame_at=_captioned(brief, text),
        sound=look.mood_music(draw, mood, LENGTH_S),
        options={"A": "yes", "B": "no"} if yes_first else {"A": "no", "B": "yes"},
        answer="A" if ironic == yes_first else "B",
    )


def _captioned(brief: Brief, text: str) -> Callable[[float], Frame]:
    """A moving scene under words on a white bar, or white words with a black rim."""
    draw, look = brief.draw, brief.look
    scene = look.scenery(draw)
    mask = fitted(look.letters(draw, text, int(draw.integers(20, 26))), WIDTH - 24, 40)
    barred = draw.random() < 0.5
    y = look.captions_at[0 if barred else 1] * HEIGHT
    if barred:
        bar = np.full((mask.height + 18, WIDTH, 3), 248, np.uint8)
        paste(bar, sprite(mask, (14, 14, 16)), WIDTH / 2, bar.shape[0] / 2)
        half = bar.shape[0] / 2
        layers = [picture_sprite(bar)]
        y = min(max(y, half), HEIGHT - half)
    else:
        wide = Image.new("L", (mask.width + 8, mask.height + 8), 0)
        wide.paste(mask, (4, 4))
        layers = [sprite(wide.filter(ImageFilter.MaxFilter(5)), (10, 10, 12)),
                  sprite(wide, (250, 250, 250))]  # fmt: skip

    def frame_at(time: float) -> Frame:
        frame = scene(time)
        for layer in layers:
            paste(frame, layer, WIDTH / 2, y)
        return frame

    return frame_at
