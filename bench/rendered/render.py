"""Rendering benchmark clips: every sample follows from family, index, seed, set and difficulty."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.random import Generator, default_rng
from scipy.io import wavfile

from aurelia.bench.rendered import (
    captioning,
    compositional,
    dance,
    ensembles,
    memes,
    noise,
    places,
)
from aurelia.bench.rendered.appearance import Appearance
from aurelia.bench.rendered.canvas import FPS
from aurelia.bench.rendered.captions import true_caption
from aurelia.bench.rendered.looks import look_of
from aurelia.bench.rendered.scene import Brief, Scene
from aurelia.bench.rendered.synth import RATE, Sound
from aurelia.bench.sample import Sample, write_samples
from aurelia.errors import InputError
from aurelia.media.render import render_clip

Difficulty = Literal["clean", "noisy"]
Split = Literal["dev", "held_out"]

_BUILD: Mapping[str, Callable[[Brief], Scene]] = {
    "av_compositional": compositional.build,
    "music_avqa": ensembles.build,
    "dm_match": dance.build,
    "av_geoiq": places.build,
    "av_meme": memes.build,
    "av_captioning": captioning.build,
}
FAMILIES: tuple[str, ...] = tuple(_BUILD)


def draw_scene(
    family: str,
    index: int,
    seed: int,
    *,
    difficulty: Difficulty = "clean",
    split: Split = "dev",
) -> Scene:
    """What `render_sample` would encode, before noise, without writing anything."""
    name = f"{family}-{difficulty}-{split}-{seed}-{index:04d}"
    return _drawn(name, family, index, difficulty, split)[0]


def render_sample(
    family: str,
    index: int,
    seed: int,
    folder: str | Path,
    *,
    difficulty: Difficulty = "clean",
    split: Split = "dev",
) -> Sample:
    """Write one clip (and its candidate tracks) into a folder.

    The same arguments give the same sample, frames and sound. Answers are balanced over
    consecutive indices.

    Returns:
        The sample, its paths relative to `folder`.

    Raises:
        InputError: no such family, split or difficulty.
        MediaError: the clip can't be written.
    """
    name = f"{family}-{difficulty}-{split}-{seed}-{index:04d}"
    scene, draw = _drawn(name, family, index, difficulty, split)
    folder, look, noisy = Path(folder), look_of(split), difficulty == "noisy"
    _encode(folder / f"{name}.mp4", scene, look, draw, noisy)
    candidates = {}
    for label, track in scene.candidates.items():
        heard = noise.behind(track, look.backing(draw, scene.length_s), draw) if noisy else track
        candidates[label] = f"{name}-{label}.wav"
        _write_wav(folder / candidates[label], heard)
    sample = Sample(
        id=name,
        task=family,
        category=scene.category,
        clip=f"{name}.mp4",
        candidates=candidates,
        question=scene.question,
        options=scene.options,
        answer_type="option" if scene.options else "caption",
        ground_truth=[scene.answer or "-"],
        true_facts=scene.facts,
        split=split,
    )
    if scene.options:
        return sample
    return sample.model_copy(update={"ground_truth": [true_caption(sample, seed + 1)]})


def render(
    families: Iterable[str],
    count: int,
    seed: int,
    folder: str | Path,
    *,
    difficulty: Difficulty = "clean",
    split: Split = "dev",
    on_sample: Callable[[Sample], None] | None = None,
) -> list[Sample]:
    """Write `count` clips of each family, and `samples.jsonl`, into a folder.

    Args:
        on_sample: called after each clip, with its sample.

    Returns:
        The samples, their paths relative to `folder`.
    """
    samples = []
    for family in families:
        for index in range(count):
            sample = render_sample(family, index, seed, folder, difficulty=difficulty, split=split)
            samples.append(sample)
            if on_sample is not None:
                on_sample(sample)
    write_samples(Path(folder) / "samples.jsonl", samples)
    return samples


def _drawn(
    name: str, family: str, index: int, difficulty: str, split: str
) -> tuple[Scene, Generator]:
    """A scene, and the generator that goes on to draw its noise."""
    if family not in _BUILD:
        raise InputError(f"There is no family {family!r}; choose of {', '.join(FAMILIES)}.")
    if difficulty not in ("clean", "noisy"):
        raise InputError(f"There is no difficulty {difficulty!r}; choose clean or noisy.")
    draw = default_rng(list(hashlib.sha256(name.encode()).digest()))
    return _BUILD[family](Brief(look_of(split), draw, index, difficulty == "noisy")), draw


def _encode(path: Path, scene: Scene, look: Appearance, draw: Generator, noisy: bool) -> None:
    encoding = look.encodings[int(draw.integers(len(look.encodings)))]
    frame_at, sound = scene.frame_at, scene.sound
    if noisy:
        frame_at = noise.shaken(frame_at, draw, scene.length_s)
        if sound is not None:
            sound = noise.behind(sound, look.backing(draw, scene.length_s), draw)
    sigma = float(draw.uniform(3.0, 5.0)) if noisy else 1.0
    frame_at = noise.grainy(frame_at, draw, scene.length_s, sigma)
    render_clip(
        path,
        frame_at,
        scene.length_s,
        FPS,
        sound,
        RATE,
        preset=encoding.preset,
        bitrate=encoding.noisy if noisy else encoding.clean,
    )


def _write_wav(path: Path, sound: Sound) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    wavfile.write(path, RATE, np.round(np.clip(sound, -1, 1) * 32767).astype(np.int16))
