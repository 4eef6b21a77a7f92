"""From a clip to `PreparedMedia`: one pass over the picture, one over the sound, cached."""

from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from weakref import WeakValueDictionary

from aurelia.media.cache import Cache, entry_key
from aurelia.media.entry import build_entry, read_entry
from aurelia.media.plan import FrameRule, Plan
from aurelia.media.prepared import PreparedMedia
from aurelia.settings import load_settings
from aurelia.types.clip import Clip

METHOD_VERSION = 2
"""Raise it when the same file and parameters give another result."""

_FULL_DECODE_S = 120.0
_in_use: WeakValueDictionary[tuple[str, str, tuple[str, ...]], PreparedMedia]
_in_use = WeakValueDictionary()


def prepare_media(
    clip: Clip,
    max_frames: int = 8,
    *,
    max_side: int = 768,
    frame_rule: FrameRule = "informative",
    full_decode_s: float = _FULL_DECODE_S,
    frames_per_minute: float = 0.0,
    cache_dir: Path | None = None,
    cache_max_bytes: int | None = None,
) -> PreparedMedia:
    """Prepare a clip once; the same content and parameters come from the cache afterwards.

    Args:
        clip: from `open_clip`.
        max_frames: frames to keep at most, 0 to 512.
        max_side: longer side of a frame, px; smaller pictures are not enlarged.
        frame_rule: `informative` (cuts, changes and sounds, spread over the clip), `uniform`, or
            `published` (the first frames unlike the one before, by full-size similarity; slow).
        full_decode_s: longest window of which every frame is decoded, seconds; of longer ones
            keyframes and the surroundings of onsets are.
        frames_per_minute: by how much the frame budget grows with the length of the window.
        cache_dir: directory of caches, of which media take a part; None for the setting.
        cache_max_bytes: size cap of that part; None for the setting.

    Raises:
        MediaError: the file can't be read any more, or the cache can't be written.
        InputError: a parameter makes no sense.
    """
    plan = Plan(max_frames, max_side, frame_rule, full_decode_s, frames_per_minute)
    settings = load_settings()
    cache = Cache(
        root=Path(cache_dir or settings.cache_dir) / "media",
        max_bytes=settings.cache_max_bytes if cache_max_bytes is None else cache_max_bytes,
    )
    key = _key(clip, plan, METHOD_VERSION)
    directory, lease = cache.get(key, lambda place: build_entry(clip, plan, place))
    media = read_entry(directory, clip, key, lease)
    if full_decode_s == _FULL_DECODE_S:
        # Who uses it already goes on finding it, however long the newcomer's lasts.
        media = _in_use.setdefault(_use(cache.root, key, clip), media)
    return media


def media_in_use(
    clip: Clip, max_frames: int, *, max_side: int, frame_rule: FrameRule, frames_per_minute: float
) -> PreparedMedia | None:
    """What `prepare_media` gave for the same, while somebody still uses it; looks at no file.

    Every call of a run asks. None: it has to be prepared, or fetched from the cache.
    """
    plan = Plan(max_frames, max_side, frame_rule, _FULL_DECODE_S, frames_per_minute)
    key = _key(clip, plan, METHOD_VERSION)
    return _in_use.get(_use(load_settings().cache_dir / "media", key, clip))


def _use(root: Path, key: str, clip: Clip) -> tuple[str, str, tuple[str, ...]]:
    return str(root), key, clip.warnings


@lru_cache(maxsize=4096)
def _key(clip: Clip, plan: Plan, method: int) -> str:
    """Identity of what comes of a clip; every call of a run asks for it."""
    return entry_key(
        {
            "method": method,
            "clip": clip.sha256,
            "audio": clip.audio_sha256,
            "window": [clip.start_s, clip.end_s],
            "candidates": [[c.label, c.sha256] for c in clip.candidates],
            "plan": asdict(plan),
        }
    )
