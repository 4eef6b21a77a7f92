"""Probes: a user's clip with one thing changed, to see what an answer hangs on.

Rendered once for each content and parameters, and kept in the cache directory. The file's streams,
their lengths and its time scale stay as they are: a muted clip *has* a sound stream, of silence,
and windows and times that steps name mean what they meant.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from aurelia.errors import InputError
from aurelia.media.altered_file import (
    standing_still,
    with_sound,
    write_sound_alone,
    write_wav,
)
from aurelia.media.altered_shift import measured_shift
from aurelia.media.altered_sound import Track, part, read_track, replaced, shifted, silent
from aurelia.media.cache import Cache, entry_key
from aurelia.media.open import open_clip
from aurelia.media.probe import probe
from aurelia.media.roots import named
from aurelia.settings import load_settings
from aurelia.types.clip import Clip

ProbeName = Literal["muted", "other_audio", "shifted", "frozen"]
PROBES: tuple[ProbeName, ...] = get_args(ProbeName)

METHOD_VERSION = 1
"""Raise it when the same clip and parameters give another file."""
_FACTS = "altered.json"


@dataclass(frozen=True, slots=True)
class Altered:
    """A probe of a clip.

    Attributes:
        clip: the altered clip, with the original's window and candidates.
        parameters: what was done, as plain JSON: the probe, the shift in seconds, the other clip.
        lease: keeps the cache from removing its files while this object lives.
    """

    clip: Clip
    parameters: dict[str, Any]
    lease: object


def lacks(clip: Clip, probe_name: ProbeName) -> str:
    """Why a clip has no such probe, in words; empty where it can be made."""
    if probe_name == "frozen":
        return "" if clip.has_video else "the clip has no picture that could stand still"
    return "" if clip.has_audio else "the clip has no sound that could be changed"


def alter(
    clip: Clip,
    probe_name: ProbeName,
    *,
    donor: Clip | None = None,
    shift_s: float | None = None,
    cache_dir: Path | None = None,
    cache_max_bytes: int | None = None,
) -> Altered:
    """Render a probe of a clip, or take it from the cache.

    Args:
        clip: from `open_clip`.
        probe_name: `muted` (silence for sound), `other_audio` (the donor's sound, cut or repeated
            to the window), `shifted` (the sound later, going round within the window), `frozen`
            (the picture in the middle of the window throughout).
        donor: whose sound `other_audio` puts in; that of its window.
        shift_s: of `shifted`; None: the one that turns the order of most sounds and sights.
        cache_dir: directory of caches, of which probes take a part; None for the setting.
        cache_max_bytes: size cap of that part; None for the setting.

    Raises:
        InputError: the clip lacks what is to be changed, or a parameter makes no sense.
        MediaError: the file can't be read any more or written again, or the cache can't be.
    """
    _check(clip, probe_name, donor, shift_s)
    settings = load_settings()
    cache = Cache(
        root=Path(cache_dir or settings.cache_dir) / "probes",
        max_bytes=settings.cache_max_bytes if cache_max_bytes is None else cache_max_bytes,
    )
    key = entry_key(
        {
            "method": METHOD_VERSION,
            "probe": probe_name,
            "clip": _identity(clip),
            "donor": _identity(donor) if donor else None,
            "shift_s": shift_s,
        }
    )
    place, lease = cache.get(key, lambda folder: _build(clip, probe_name, donor, shift_s, folder))
    facts = json.loads((place / _FACTS).read_text())
    made = open_clip(
        place / facts["clip"] if facts["clip"] else clip.path,
        place / facts["audio"] if facts["audio"] else clip.audio,
        clip.start_s,
        clip.end_s,
        {c.label: c.path for c in clip.candidates},
    )
    return Altered(made, facts["parameters"], lease)


def _check(clip: Clip, name: ProbeName, donor: Clip | None, shift_s: float | None) -> None:
    if name not in PROBES:
        raise InputError(f"There is no probe {name!r}; there are: {', '.join(PROBES)}.")
    if why := lacks(clip, name):
        raise InputError(f"No probe {name!r} of {named(clip.path)}: {why}.")
    if (donor is not None) is not (name == "other_audio"):
        raise InputError("The probe 'other_audio', and no other, takes the clip of another sound.")
    if donor is not None and not donor.has_audio:
        raise InputError(f"{named(donor.path)} has no sound to put into another clip.")
    length = clip.window[1] - clip.window[0]
    if shift_s is not None and not (name == "shifted" and 0 < shift_s < length):
        raise InputError(
            f"shift_s is {shift_s:g}; it belongs to the probe 'shifted', and lies between 0 and "
            f"the window's {length:g} s."
        )


def _identity(clip: Clip) -> list[Any]:
    return [clip.sha256, clip.audio_sha256, *clip.window]


def _build(
    clip: Clip, name: ProbeName, donor: Clip | None, shift_s: float | None, folder: Path
) -> None:
    parameters: dict[str, Any] = {"probe": name, "method": METHOD_VERSION}
    if name == "frozen":
        own = read_track(clip.path, clip.duration_s) if _sounds(clip) else None
        made = {"clip": standing_still(clip, own, folder).name, "audio": ""}
        parameters["at_s"] = round(sum(clip.window) / 2, 3)
    else:
        change = _change(clip, name, donor, shift_s, parameters)
        made = _with_changed_sound(clip, change, folder)
    (folder / _FACTS).write_text(json.dumps({**made, "parameters": parameters}))


def _sounds(clip: Clip) -> bool:
    """Whether the clip's own file has sound, whatever stands beside it."""
    return clip.has_audio if clip.audio is None else probe(clip.path).has_audio


def _change(
    clip: Clip,
    name: ProbeName,
    donor: Clip | None,
    shift_s: float | None,
    parameters: dict[str, Any],
) -> Callable[[Track], Track]:
    if name == "muted":
        return silent
    if donor is None:
        by = shift_s if shift_s is not None else measured_shift(clip)
        parameters |= {"shift_s": by, "chosen": "given" if shift_s is not None else "measured"}
        return lambda track: shifted(track, clip.window, by)
    parameters |= {"donor_sha256": donor.audio_sha256 or donor.sha256, "donor_s": donor.window}
    return lambda track: replaced(track, clip.window, _sound_of(donor, track))


def _sound_of(donor: Clip, like: Track) -> Track:
    path = donor.audio or donor.path
    whole = read_track(path, donor.window[1], rate=like.rate, channels=like.channels)
    return part(whole, donor.window)


def _with_changed_sound(
    clip: Clip, change: Callable[[Track], Track], folder: Path
) -> dict[str, str]:
    """Write the changed sound where the sound was: in the file, or beside it."""
    track = change(read_track(clip.audio or clip.path, clip.duration_s))
    if clip.audio is not None:
        return {"clip": "", "audio": write_wav(track, folder / "sound.wav").name}
    if not clip.has_video:
        return {"clip": write_sound_alone(track, folder).name, "audio": ""}
    return {"clip": with_sound(clip, track, folder).name, "audio": ""}
