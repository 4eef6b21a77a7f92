"""What a model takes in: configuration, then its profile, then unknown; refusals before a call."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel

from aurelia.errors import ConfigurationError
from aurelia.media.open import open_clip
from aurelia.models import registry
from aurelia.models.adapters.check import check_media, sent_form, video_mime
from aurelia.models.capabilities import SETTINGS, Capabilities, forms
from aurelia.models.registry import ResolvedModel, register_model, resolve_model
from aurelia.types.clip import Candidate, Clip
from tests.clips import ordinary, picture, wav, write_clip

SEES = "http://127.0.0.1:1/v1#m"
HEARS = f"{SEES}?audio=input_audio"
DEAF = f"{SEES}?audio=off"
BLIND = f"{SEES}?video=off&audio=off"
GEMINI = "google_genai:gemini-2.5-pro"


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_built", {})  # or clients with these keys would stay
    for name in ("OPENAI", "GOOGLE", "ANTHROPIC"):
        monkeypatch.setenv(f"{name}_API_KEY", "a-key-of-tests")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    """Picture and sound."""
    return open_clip(ordinary(tmp_path_factory.mktemp("clips")))


def _with_candidates(clip: Clip) -> Clip:
    candidate = Candidate(label="A", path=clip.path, sha256="0", duration_s=1)
    return clip.model_copy(update={"candidates": (candidate,)})


def _sound_alone(clip: Clip) -> Clip:
    return clip.model_copy(update={"has_video": False, "video_codec": None})


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("offline:perception", "picture: as a path (client); sound: as a path (client)"),
        (GEMINI, "picture: as it is (profile); sound: as it is (profile)"),
        (f"{GEMINI}?video=frames&audio=off", "picture: as frames (configured); sound: no (conf"),
        ("google_genai:gemini-99", "picture: unknown, sent as frames; sound: unknown, none is s"),
        ("openai:gpt-4o", "picture: as frames (profile); sound: no (profile)"),
        ("openai:gpt-4o?audio=input_audio", "picture: as frames (profile); sound: as input_audio"),
        ("openai:gpt-3.5-turbo", "picture: no (profile); sound: no (profile)"),
        (SEES, "picture: unknown, sent as frames; sound: unknown, none is sent"),
        (f"{SEES}?video=raw&audio=raw", "picture: as a data URL (configured); sound: as a data"),
        ("anthropic:claude-sonnet-4-6", "picture: as frames (profile); sound: no (client)"),
        ("ollama:llava", "picture: unknown, sent as frames; sound: no (client)"),
    ],
)
def test_configuration_comes_first_then_the_profile_then_unknown(name: str, said: str) -> None:
    assert resolve_model(name).takes.describe().startswith(said)


def test_the_size_of_the_context_is_configured_or_of_the_profile_or_unknown() -> None:
    assert resolve_model("openai:gpt-4o").takes.context_size == 128_000
    assert resolve_model("openai:gpt-4o?context=1000").takes.context_size == 1000
    assert resolve_model(SEES).takes.context_size is None
    assert resolve_model(SEES).takes.describe().endswith("context: unknown")


def test_our_settings_never_reach_the_client() -> None:
    chat: Any = resolve_model(f"{HEARS}&video=raw&context=99&temperature=0").chat
    assert (chat.model_kwargs, chat.temperature) == ({}, 0)


def test_a_body_of_the_servers_own_is_read_as_json() -> None:
    body = '{"mm_processor_kwargs":{"use_audio_in_video":true}}'
    chat: Any = resolve_model(f"{SEES}?extra_body={body}").chat
    assert chat.extra_body == {"mm_processor_kwargs": {"use_audio_in_video": True}}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("openai:gpt-4o?video=native", "can't have video=native; its client can be sent video=fr"),
        ("anthropic:claude-sonnet-4-6?audio=native", "can be sent audio=off."),
        (f"{SEES}?audio=in_video", "audio=in_video, which needs video=raw"),
        (f"{SEES}?context=long", "context='long'; give the number of tokens"),
        (f"{SEES}?extra_body=nothing", "an extra_body that is no JSON object"),
        (f"{GEMINI}?base_url=http://elsewhere", "can't have 'base_url'"),
        ("anthropic:claude-sonnet-4-6?anthropic_api_url=http://elsewhere", "can't have 'anthropic"),
    ],
)
def test_a_setting_that_can_not_be_is_one_sentence(name: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(message)):
        resolve_model(name)


def test_a_registered_model_is_configured_where_it_is_registered() -> None:
    fake = FakeListChatModel(responses=["x"])
    register_model("ears", fake, video="off", audio="native")
    assert resolve_model("ears").takes == Capabilities("off", "native", "configured", "configured")
    with pytest.raises(ConfigurationError, match="can't have audio=raw"):
        register_model("ears", fake, audio="raw")


@pytest.mark.parametrize(
    ("name", "tries"),
    [
        ("openai:gpt-4o", 0),
        ("anthropic:claude-sonnet-4-6", 0),
        (GEMINI, 1),
        (SEES, 0),
        ("openai:gpt-4o?max_retries=3", 3),
        (f"{GEMINI}?max_retries=3", 3),
    ],
)
def test_clients_try_once_unless_the_string_says_otherwise(name: str, tries: int) -> None:
    chat: Any = resolve_model(name).chat
    assert chat.max_retries == tries


def test_sound_keeps_a_client_from_the_protocol_that_drops_it() -> None:
    hearing: Any = resolve_model("openai:gpt-5-pro?audio=input_audio").chat
    assert hearing.use_responses_api is False
    plain: Any = resolve_model("openai:gpt-5-pro").chat
    assert plain.use_responses_api is not False


@pytest.mark.parametrize(
    ("name", "warning"),
    [
        ("offline:perception", None),
        (GEMINI, None),
        (HEARS, None),
        (
            SEES,
            "is sent frames only; it is not known to hear; set audio=input_audio if it does, use a "
            "model that hears as critic, or set evidence='missing_modalities'.",
        ),
        (DEAF, "is sent frames only; it hears no sound."),
        (BLIND, "is sent neither picture nor sound."),
        (f"{SEES}?video=off&audio=input_audio", "is sent sound only; it sees no picture."),
    ],
)
def test_what_of_an_ordinary_clip_does_not_reach_a_model_is_said(
    clip: Clip, name: str, warning: str | None
) -> None:
    said = check_media(resolve_model(name), clip, who="critic", evidence=False)
    assert said == ([f"The critic {name} {warning}"] if warning else [])


def test_a_model_that_nothing_reaches_is_refused_unless_it_gets_evidence(clip: Clip) -> None:
    model = resolve_model("openai:gpt-3.5-turbo")
    with pytest.raises(ConfigurationError, match="no picture and no sound; use another model as"):
        check_media(model, clip, who="actor", evidence=False)
    said = check_media(model, clip, who="actor", evidence=True)
    assert said == ["The actor openai:gpt-3.5-turbo is sent neither picture nor sound."]


@pytest.mark.parametrize(("name", "hint"), [(SEES, "audio=input_audio"), ("ollama:llava", "")])
def test_a_question_that_compares_sounds_needs_ears(clip: Clip, name: str, hint: str) -> None:
    clip = _with_candidates(clip)
    model = resolve_model(name)
    for evidence in (False, True):  # nothing is measured of candidates
        with pytest.raises(ConfigurationError, match=f"compares sounds.*{hint}"):
            check_media(model, clip, who="actor", evidence=evidence)
    assert not check_media(resolve_model(HEARS), clip, who="actor", evidence=False)
    assert check_media(resolve_model(DEAF), clip, who="actor", evidence=False)  # as configured


def test_a_clip_of_sound_alone_needs_ears_or_evidence(clip: Clip) -> None:
    clip, model = _sound_alone(clip), resolve_model(SEES)
    with pytest.raises(ConfigurationError, match=r"has no picture; use offline:perception.*evi"):
        check_media(model, clip, who="critic", evidence=False)
    said = check_media(model, clip, who="critic", evidence=True)
    assert said == [
        f"The critic {SEES} is sent text; it is not known to hear, and is told what was measured; "
        "to change that, set audio=input_audio if it does or use a model that hears as critic."
    ]
    assert not check_media(resolve_model(GEMINI), clip, who="critic", evidence=False)


def _named(clip: Clip, place: Path, head: bytes, codec: str) -> Clip:
    file = place / "clip"
    file.write_bytes(head)
    return clip.model_copy(update={"path": str(file), "video_codec": codec})


@pytest.mark.parametrize(
    ("head", "codec", "mime"),
    [
        (b"\0\0\0\x20ftypisom", "h264", "video/mp4"),
        (b"\0\0\0\x20ftypqt  ", "hevc", "video/mov"),
        (b"\0\0\0\x20ftyp3gp4", "h264", "video/3gpp"),
        (b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x82\x84webm", "vp9", "video/webm"),
        (b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x82\x88matroska", "h264", None),
        (b"RIFF\0\0\0\0AVI ", "mpeg4", None),
        (b"\0\0\0\x20ftypqt  ", "prores", None),
    ],
)
def test_a_file_is_known_by_its_content(
    clip: Clip, tmp_path: Path, head: bytes, codec: str, mime: str | None
) -> None:
    assert video_mime(_named(clip, tmp_path, head, codec)) == mime


def test_a_file_that_the_provider_does_not_take_is_refused(tmp_path: Path) -> None:
    frames = [picture(n / 10) for n in range(4)]
    clip = open_clip(write_clip(tmp_path / "clip.mkv", frames, fps=10))
    with pytest.raises(ConfigurationError, match="convert it to MP4 with H"):
        check_media(resolve_model(GEMINI), clip, who="actor", evidence=False)
    with pytest.raises(ConfigurationError, match="convert it to MP4 with H"):
        check_media(resolve_model(f"{SEES}?video=raw"), clip, who="actor", evidence=False)
    assert not check_media(resolve_model(f"{GEMINI}?video=frames"), clip, who="a", evidence=False)


def test_a_server_that_takes_files_can_not_be_told_a_window_nor_another_sound(clip: Clip) -> None:
    window = clip.model_copy(update={"start_s": 0.5, "end_s": 1.0})
    with pytest.raises(ConfigurationError, match="can't be told a window of it; cut the clip"):
        check_media(resolve_model(f"{SEES}?video=raw"), window, who="actor", evidence=False)
    assert not check_media(resolve_model(GEMINI), window, who="actor", evidence=False)
    beside = clip.model_copy(update={"audio": clip.path})
    model = resolve_model(f"{SEES}?video=raw&audio=in_video")
    assert not check_media(model, clip, who="actor", evidence=False)
    with pytest.raises(ConfigurationError, match="set audio=input_audio"):
        check_media(model, beside, who="actor", evidence=False)


def test_a_file_with_another_sound_is_not_sent(clip: Clip, tmp_path: Path) -> None:
    model = resolve_model(GEMINI)
    beside = clip.model_copy(update={"audio": clip.path})
    assert sent_form(model, beside) == "frames; sound as WAV"
    assert check_media(model, beside, who="actor", evidence=False) == [
        f"The actor {GEMINI} is sent frames and the separate sound, as the file has another."
    ]
    silent = write_clip(tmp_path / "silent.mp4", [picture(n / 10) for n in range(4)], fps=10)
    dubbed = open_clip(silent, audio=wav(tmp_path))
    assert sent_form(model, dubbed) == "the video file; sound as WAV"


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("offline:perception", "the clip, to measure"),
        (GEMINI, "the video file; its sound in it"),
        (f"{GEMINI}?audio=off", "frames; no sound"),
        (f"{GEMINI}?video=frames", "frames; sound as WAV"),
        (SEES, "frames; no sound"),
        (HEARS, "frames; sound as WAV"),
        (BLIND, "no picture; no sound"),
        (f"{SEES}?video=raw&audio=in_video", "the video file; its sound in it"),
        (f"{SEES}?video=raw&audio=input_audio", "the video file; sound as WAV"),
    ],
)
def test_the_form_of_a_clip_is_said(clip: Clip, name: str, form: str) -> None:
    assert sent_form(resolve_model(name), clip) == form


def test_sentences_about_a_model_hold_no_secrets(
    clip: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWAY_TOKEN", "private-word")
    model = resolve_model(SEES)
    named: ResolvedModel = replace(model, name="http://private-word/v1#m")
    assert "private" not in str(check_media(named, clip, who="actor", evidence=False))


DOCUMENT = (Path(__file__).parents[2] / "docs" / "models.md").read_text("utf-8")


def test_every_form_and_every_setting_is_documented() -> None:
    for word in forms() | set(SETTINGS):
        assert f"`{word}`" in DOCUMENT, word


def test_the_documented_strings_name_models() -> None:
    section = DOCUMENT.split("## What a model is sent")[1]
    block = re.search(r"```text\n(.*?)```", section, re.S)
    assert block
    for name in block.group(1).split():
        takes = resolve_model(name).takes
        assert "configured" in (takes.sight_from, takes.hearing_from), name
