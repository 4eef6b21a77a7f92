"""The actor's view of things that move: what differs from the background at rest, and its tracks."""

import numpy as np
from numpy.typing import NDArray

from aurelia.media.labels.film import Film
from aurelia.media.labels.objects_looks import Looks, looks_of
from aurelia.media.labels.objects_tracks import Track, Way, tracks_of, way_of
from aurelia.media.labels.regions import Stage, regions_of, stage_of
from aurelia.media.labels.seen_types import MovingObject
from aurelia.media.labels.vocabulary import Path

WIDTH, FPS = 320, 25.0
"""The film that `moving_objects` wants."""
_SHORTEST_S = 0.25
_MOST_TRACKS = 24


def shots_of(frames: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """Frame ranges `[first, past)` between changes of most of the picture at once."""
    small = frames[:, 4::8, 4::8].astype(np.int16)
    change = np.abs(np.diff(small, axis=0)).max(axis=3) if len(small) > 1 else small[:0, ..., 0]
    share = (change > 25).mean(axis=(1, 2))
    cuts = [0]
    for index in np.flatnonzero(share > 0.4).tolist():
        around = np.concatenate((share[max(0, index - 4) : index], share[index + 1 : index + 5]))
        if not len(around) or share[index] > 2 * float(np.median(around)):
            cuts.append(index + 1)
    return list(zip(cuts, [*cuts[1:], len(frames)], strict=True))


def _path(way: Way) -> Path:
    net = float(np.hypot(way.dx, way.dy))
    if net < 0.6 * way.length or net < 8:
        return "about"
    if abs(way.dx) >= abs(way.dy):
        return "left to right" if way.dx > 0 else "right to left"
    return "downwards" if way.dy > 0 else "upwards"


def _found(
    track: Track, looks: Looks, way: Way, stage: Stage, step: float
) -> MovingObject | None:
    """The object that a track shows; None where it is not clear that there is one."""
    named = looks.colour is not None or looks.shape is not None
    side = float(np.median([r.area for r in track.regions])) ** 0.5
    if way.length < (4 if named else 1.5 * side):
        return None
    lasting = way.end_s - way.start_s
    if lasting < (_SHORTEST_S if named else 2 * _SHORTEST_S) or not (named or looks.compact):
        return None
    return MovingObject(
        start_s=round(way.start_s, 3),
        end_s=round(way.end_s, 3),
        tolerance_s=round(max(0.1, 1.5 * step) if stage.noise < 4 else max(0.2, 2 * step), 3),
        colour=looks.colour,
        shape=looks.shape,
        path=_path(way),
        confidence=looks.confidence if named else 0.0,
    )


def moving_objects(film: Film, look: int = 1) -> tuple[MovingObject, ...]:
    """What moves as a whole before a background at rest, in time order.

    Args:
        film: 320 pixels wide, 25 frames a second (`WIDTH`, `FPS`); others work less well.
        look: 1 for the usual bars of a label; more for a closer look, which asks for more of the
            frames to agree.

    Returns:
        One entry for each thing and each stay in the picture. Colour and shape are None where no
        bar is cleared; without either, a thing is given only if it is a clear, compact mover.
    """
    found: list[MovingObject] = []
    for first, past in shots_of(film.frames):
        frames, times = film.frames[first:past], film.times[first:past]
        if past - first < 4 or min(frames.shape[1:3]) < 32:
            continue
        if times[-1] - times[0] < _SHORTEST_S:
            continue
        found += _in_shot(frames, times, look)
    start, end = film.window
    kept = [o for o in found if o.end_s > start and o.start_s < end]
    return tuple(sorted(kept, key=lambda o: (o.start_s, o.end_s)))


def _in_shot(
    frames: NDArray[np.uint8], times: NDArray[np.float64], look: int
) -> list[MovingObject]:
    stage, mask = stage_of(frames)
    regions = regions_of(stage, mask)
    step = float(np.median(np.diff(times)))
    tracks = tracks_of(regions, 1 / max(step, 1e-3))
    tracks = sorted(tracks, key=lambda t: -sum(r.area for r in t.regions))[:_MOST_TRACKS]
    found = []
    for track in tracks:
        way = way_of(track, times, mask.shape[1:])
        if way is None:
            continue
        looks = looks_of(track, frames, stage, 0.6 if look <= 1 else 0.8)
        thing = _found(track, looks, way, stage, step)
        if thing is not None:
            found.append(thing)
    return found
