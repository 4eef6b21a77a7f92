"""Whether a model can take in a clip at all: found out before anything is paid."""

from functools import lru_cache

from aurelia.errors import ConfigurationError
from aurelia.media.probe import probe
from aurelia.media.roots import open_binary
from aurelia.models.capabilities import HEARINGS
from aurelia.models.faults import redact
from aurelia.models.registry import ResolvedModel
from aurelia.types.clip import Clip

_BRANDS = {b"qt  ": "video/mov", b"3gp4": "video/3gpp", b"3gp5": "video/3gpp"}
_CODECS = frozenset(("h264", "hevc", "vp8", "vp9", "av1", "libdav1d", "libvpx", "libvpx-vp9"))
_EVIDENCE = "set evidence='missing_modalities'"


def check_media(model: ResolvedModel, clip: Clip, *, who: str, evidence: bool) -> list[str]:
    """Refuse a model that can't take in what it is asked about; say what will not reach it.

    Args:
        model: who is asked.
        clip: about what.
        who: its role, for messages.
        evidence: whether it is given measured sentences in place of what it lacks.

    Returns:
        A sentence for each part of the clip that will not reach it.

    Raises:
        ConfigurationError: one sentence that names the setting that helps.
    """
    if model.computes:
        return []
    takes = model.takes
    sees, hears = takes.sight != "off", takes.hearing != "off"
    sounds = clip.has_audio or bool(clip.candidates)
    deaf = sounds and not hears
    if takes.sight == "frames" and hears:
        return []  # spares most calls the words below
    name = f"The {who} {redact(model.name)}"
    unheard = "hears no sound" if takes.hears is False else "is not known to hear"
    if clip.candidates and not hears and not takes.was_told_off("audio"):
        raise ConfigurationError(
            f"{name} {unheard}, and the question compares sounds; use a model that hears"
            f"{_hint(model)}."
        )
    if not clip.has_video and deaf and not (evidence or takes.was_told_off("audio")):
        raise ConfigurationError(
            f"{name} {unheard}, and this clip has no picture; use offline:perception or a model "
            f"that hears as {who}{_hint(model)}, or {_EVIDENCE}."
        )
    blind = clip.has_video and not sees
    reached = hears and sounds
    if blind and not reached and not (evidence or takes.was_told_off("visual")):
        raise ConfigurationError(
            f"{name} takes in no picture{' and no sound' if deaf else ''}; use another model as "
            f"{who}, or {_EVIDENCE}."
        )
    _check_file(model, clip, name)
    if blind and not reached:
        return [f"{name} is sent neither picture nor sound."]
    if blind:
        return [f"{name} is sent sound only; it sees no picture."]
    if deaf:
        form = "frames only" if clip.has_video else "text"
        helps = "" if takes.was_told_off("audio") else _help(model, who, evidence=evidence)
        return [f"{name} is sent {form}; it {unheard}{helps}."]
    if takes.sight == "native" and clip.has_video and not sends_file(model, clip):
        return [f"{name} is sent frames and the separate sound, as the file has another."]
    return []


def sent_form(model: ResolvedModel, clip: Clip) -> str:
    """In which form a clip goes to a model, for the trajectory."""
    takes = model.takes
    if model.computes:
        return "the clip, to measure"
    file = sends_file(model, clip)
    in_file = takes.hearing == "in_video" or (takes.hearing == "native" and clip.audio is None)
    if takes.hearing == "off":
        sound = "no sound"
    else:
        kind = "MP3" if takes.hearing == "mp3" else "WAV"
        sound = "its sound in it" if file and in_file else f"sound as {kind}"
    if file:
        return f"the video file; {sound}"
    return f"{'no picture' if takes.sight == 'off' else 'frames'}; {sound}"


def reads_clip(model: ResolvedModel) -> bool:
    """Whether `check_media` looks into the clip's file: in async code, in a thread."""
    return not model.computes and model.takes.sight not in ("off", "frames")


def sends_file(model: ResolvedModel, clip: Clip) -> bool:
    """Whether the clip's own file is sent as its picture, instead of frames.

    It is not where its own sound would reach a model that is to hear another sound, or none.
    """
    takes = model.takes
    if takes.sight in ("off", "frames") or not clip.has_video:
        return False
    if takes.sight != "native":
        return True  # such a server takes the picture of a file alone, unless told otherwise
    if takes.was_told_off("audio"):
        return not clip.has_audio
    return clip.audio is None or not _has_own_sound(clip.path, clip.sha256)


@lru_cache(maxsize=64)
def _has_own_sound(path: str, sha256: str) -> bool:
    """Whether the file has sound of its own; asked for each call, and it reads the whole file."""
    return probe(path).has_audio


def window_of(clip: Clip) -> tuple[float, float] | None:
    """The part of the file that is looked at, seconds; None where it is all of it."""
    whole = not clip.start_s and (clip.end_s is None or clip.end_s >= clip.duration_s)
    return None if whole else clip.window


def video_mime(clip: Clip) -> str | None:
    """The type of the clip's file, by its content; None where providers don't take it."""
    if clip.video_codec not in _CODECS:
        return None
    with open_binary(clip.path) as file:
        head = file.read(64)
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head.startswith(b"\x1a\x45\xdf\xa3"):  # Matroska says what it is within its first element
        return "video/webm" if b"webm" in head else None
    return None


def _check_file(model: ResolvedModel, clip: Clip, name: str) -> None:
    if not sends_file(model, clip):
        return
    if video_mime(clip) is None:
        raise ConfigurationError(
            f"{name} can't be sent this kind of video file ({clip.video_codec or 'no codec'}); "
            "convert it to MP4 with H.264, or set video=frames."
        )
    if model.takes.sight != "native" and window_of(clip):
        raise ConfigurationError(
            f"{name} is sent the whole file, and can't be told a window of it; cut the clip, or "
            "set video=frames."
        )
    if model.takes.hearing == "in_video" and clip.audio is not None:
        raise ConfigurationError(
            f"{name} hears the sound in the file, and this clip has its sound beside it; set "
            "audio=input_audio."
        )


def _help(model: ResolvedModel, who: str, *, evidence: bool) -> str:
    """What brings sound to a role, for a warning; measured sentences may be there already."""
    ways = [f"use a model that hears as {who}"]
    if model.takes.hears is None:
        ways.insert(0, f"set audio={HEARINGS[model.family][0]} if it does")
    if evidence:
        return f", and is told what was measured; to change that, {' or '.join(ways)}"
    return f"; {', '.join(ways)}, or {_EVIDENCE}"


def _hint(model: ResolvedModel) -> str:
    """The setting by which a model that does hear is known to."""
    form = HEARINGS[model.family][0]
    return f", or set audio={form} if it does" if model.takes.hears is None else ""
