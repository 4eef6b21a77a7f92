"""The actor's view of things that move: what differs from a background at rest, tracked."""

import numpy as np
from numpy.typing import NDArray

from aurelia.media.labels.film import Film
from aurelia.media.labels.objects_looks import Looks, looks_of
from aurelia.media.labels.objects_tracks import Track, Way, tracks_of, way_of
from aurelia.media.labels.regions import regions_of, stage_of
from aurelia.media.labels.seen_types import MovingObject
from aurelia.media.labels.vocabulary import Path

WIDTH, FPS = 320, 25.0
"""The film that `moving_objects` wants."""
_SHORTEST_S = 0.25
_MOST_TRACKS = 24
_FAR_PX, _SMALL_PX = 16, 60
"""At half size: what has no name is given if it goes as far and is as large as this."""
_RESTLESS, _CROWDED = 0.15, 4.0
"""Share of the frame, and regions in it, beyond which the background is not at rest."""


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


def _clear(track: Track, looks: Looks, way: Way) -> bool:
    """Whether the bar of a moving thing is cleared: a lower one where its shape has a name."""
    lasting = way.end_s - way.start_s
    if looks.shape is not None:
        return way.length >= 4 and lasting >= _SHORTEST_S
    side = float(np.median([r.area for r in track.regions])) ** 0.5
    far = float(np.hypot(way.dx, way.dy)) >= max(1.5 * side, _FAR_PX) and _path(way) != "about"
    # What comes out of nothing within the frame is part of something else that moves.
    born = track.regions[0].frame <= 2 or not track.regions[0].inside
    return born and side**2 >= _SMALL_PX and looks.compact and far and lasting >= 2 * _SHORTEST_S


def _splits(track: Track, others: list[Track]) -> bool:
    """Whether a track comes out of another one, or goes into it: two things that touched."""
    for other in others:
        for region in (track.regions[0], track.last):
            for there in other.regions:
                if abs(there.frame - region.frame) <= 2 and _overlap(there.box, region.box):
                    return True
    return False


def _overlap(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


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
    if min(film.frames.shape[1:3]) < 32:
        return ()
    for first, past in shots_of(film.frames):
        frames, times = film.frames[first:past], film.times[first:past]
        if past - first < 4:
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
    restless = float(np.median(mask.mean(axis=(1, 2)))) > _RESTLESS
    restless |= float(np.mean([len(r) for r in regions])) > _CROWDED
    tracks = sorted(tracks, key=lambda t: -sum(r.area for r in t.regions))
    tracks = tracks[: _MOST_TRACKS // 3 if restless else _MOST_TRACKS]
    tolerance = max(0.1, 1.5 * step) if stage.noise < 4 else max(0.2, 2 * step)
    found = []
    named: list[Track] = []
    seen = [
        (track, way, looks_of(track, frames, stage, 0.6 if look <= 1 else 0.8))
        for track in tracks
        if (way := way_of(track, times, mask.shape[1:])) is not None
    ]
    for track, way, looks in sorted(seen, key=lambda one: one[2].shape is None):
        if not _clear(track, looks, way):
            continue
        if looks.shape is None and (restless or _splits(track, named)):
            continue
        if looks.shape is not None:
            named.append(track)
        found.append(
            MovingObject(
                start_s=round(max(way.start_s, float(times[0])), 3),
                end_s=round(min(way.end_s, float(times[-1]) + step), 3),
                tolerance_s=round(tolerance, 3),
                colour=looks.colour,
                shape=looks.shape,
                path=_path(way),
                confidence=looks.confidence,
            )
        )
    return found
