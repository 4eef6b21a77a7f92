"""From a path to a `Clip`: checked, measured and identified by content."""

import hashlib
import math
import os
import stat
import time
from collections.abc import Mapping
from pathlib import Path

from aurelia.errors import InputError, MediaError
from aurelia.media.container import describe
from aurelia.media.fetch import download, is_url
from aurelia.media.fetch import shown as shown_url
from aurelia.media.probe import Facts, probe
from aurelia.media.roots import is_bounded, named, open_binary
from aurelia.serving import download_settings
from aurelia.types.clip import Candidate, Clip
from aurelia.types.unchanged import Signature, settled, signature


def open_clip(
    path: str | Path,
    audio: str | Path | None = None,
    start_s: float | None = None,
    end_s: float | None = None,
    candidates: Mapping[str, str | Path] | None = None,
) -> Clip:
    """Open a clip: check the files, measure what they hold, and hash their content.

    Args:
        path: a video or audio file.
        audio: a separate audio file that replaces the clip's own sound.
        start_s: start of the window to look at, seconds; None for the file's start.
        end_s: end of the window, seconds; None for the file's end.
        candidates: label to audio file, for questions that compare tracks.

    Returns:
        The clip, by reference; nothing is decoded but the first picture and sound.

    Raises:
        MediaError: a file is missing, unreadable, or holds nothing that can be decoded.
        InputError: the window or a candidate's label makes no sense.
    """
    full, size = _checked(path, "clip")
    facts, digest = _identified(full)
    warnings = [
        f"The {what} was downloaded from {shown_url(os.fspath(given))}."
        for what, given in (("clip", path), ("separate audio file", audio or ""))
        if is_url(os.fspath(given))
    ]
    warnings += facts.warnings
    beside: tuple[str, Facts] | None = None
    if audio is not None:
        beside = _sound_file(audio, "separate audio file")
        warnings += beside[1].warnings
        if facts.has_video and beside[1].duration_s > facts.duration_s + 0.5:
            warnings.append(
                f"The separate audio lasts {beside[1].duration_s:.1f} s; what lies beyond the "
                f"clip's {facts.duration_s:.1f} s is not used."
            )
    duration = facts.duration_s
    if beside and not facts.has_video:
        duration = max(duration, beside[1].duration_s)
    warnings += _check_window(start_s, end_s, duration)
    if facts.has_video and not (facts.has_audio or beside):
        warnings.append("The clip has no sound.")
    if not facts.has_video:
        warnings.append("The clip has no picture; it is sound alone.")
    return Clip(
        path=full,
        sha256=digest,
        size_bytes=size,
        duration_s=duration,
        has_video=facts.has_video,
        has_audio=facts.has_audio or beside is not None,
        width=facts.width,
        height=facts.height,
        fps=facts.fps,
        video_codec=facts.video_codec,
        audio_codec=beside[1].audio_codec if beside else facts.audio_codec,
        audio=beside[0] if beside else None,
        audio_sha256=_sha256(beside[0]) if beside else None,
        start_s=start_s,
        end_s=end_s,
        candidates=_candidates(candidates or {}),
        warnings=tuple(warnings),
    )


_known: dict[str, tuple[Signature, Facts, str]] = {}
_MOST_KNOWN = 4096


def _identified(path: str) -> tuple[Facts, str]:
    """What a file holds, and the SHA-256 of its bytes.

    A run opens the clip that its caller has opened already: that takes one look at the file, where
    nothing touched it since. Below roots it is opened each time, as only that keeps to them.
    """
    if is_bounded():
        return probe(path), _sha256(path)
    now, mark = time.time_ns(), signature(Path(path).stat())
    known = _known.get(path)
    if known is None or known[0] != mark:
        known = (mark, probe(path), _sha256(path))
        if settled(mark, now):
            if len(_known) >= _MOST_KNOWN:
                _known.clear()
            _known[path] = known
    return known[1], known[2]


def _checked(path: str | Path, what: str) -> tuple[str, int]:
    """Absolute path and size in bytes of a readable, regular, non-empty file."""
    text = os.fspath(path)
    if not text:
        raise MediaError(f"The path of the {what} is empty; give a file.")
    if is_url(text) and download_settings().enabled:
        text = str(download(text, what))
    shown = named(text)
    if "\0" in text or not _is_utf8(text):
        raise MediaError(
            f"The name of the {what}, {shown}, is no valid UTF-8 text; rename the file."
        )
    full = os.path.abspath(text)  # noqa: PTH100 (Path.absolute keeps "..")
    try:
        status = Path(full).stat()
    except FileNotFoundError:
        hint = "; download it first, or set AURELIA_MEDIA_URLS=1" if is_url(text) else ""
        raise MediaError(f"There is no file at {shown}, given as the {what}{hint}.") from None
    except OSError as error:
        raise MediaError(f"The {what} {shown} can't be read: {describe(error)}.") from error
    if stat.S_ISDIR(status.st_mode):
        raise MediaError(f"The {what} {shown} is a directory; give a file.")
    if not stat.S_ISREG(status.st_mode):
        raise MediaError(f"The {what} {shown} is no regular file; copy its content to one first.")
    if status.st_size == 0:
        raise MediaError(f"The {what} {shown} is empty (0 bytes).")
    return full, status.st_size


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _sound_file(path: str | Path, what: str) -> tuple[str, Facts]:
    full, _ = _checked(path, what)
    facts = probe(full)
    if not facts.has_audio:
        raise MediaError(f"The {what} {named(path)} holds no sound that can be decoded.")
    return full, facts


def _check_window(start: float | None, end: float | None, duration: float) -> list[str]:
    """Refuse a window that holds nothing; warn about one that reaches past the end."""
    for name, value in (("start_s", start), ("end_s", end)):
        if value is None:
            continue
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value) or value < 0:
            what = str(value) if number else f"no number ({type(value).__name__})"
            raise InputError(f"{name} is {what}; give a number of seconds, 0 or more.")
    if start is not None and start >= duration:
        raise InputError(
            f"start_s is {start:g} s, but the clip lasts {duration:.2f} s; start earlier."
        )
    if end is not None and end <= (start or 0.0):
        raise InputError(f"end_s is {end:g} s, not after the window's start {start or 0:g} s.")
    if end is not None and end > duration + 0.05:
        return [f"The window ends at {end:g} s, past the clip's end at {duration:.2f} s."]
    return []


def _candidates(given: Mapping[str, str | Path]) -> tuple[Candidate, ...]:
    found: dict[str, Candidate] = {}
    for raw, path in given.items():
        label = raw.strip()
        if not label:
            raise InputError(f"The candidate {named(path)} has no label; give LABEL=FILE.")
        if label in found:
            raise InputError(
                f"The candidate label {label[:80]!r} is given twice; labels must differ."
            )
        full, facts = _sound_file(path, f"candidate {label[:80]}")
        found[label] = Candidate(
            label=label, path=full, sha256=_sha256(full), duration_s=facts.duration_s
        )
    return tuple(found.values())


def _sha256(path: str) -> str:
    try:
        with open_binary(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise MediaError(f"{named(path)} can't be read: {describe(error)}.") from error
