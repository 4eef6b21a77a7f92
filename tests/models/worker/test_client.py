"""AURELIA asks the worker: picture, separate sound and r* arrive as they are, or it is said why."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

import aurelia
from aurelia.media.open import open_clip
from aurelia.media.prepare import prepare_media
from aurelia.models.call import CallFailed
from aurelia.models.endpoints import check_endpoint
from aurelia.models.registry import resolve_model
from aurelia.settings import load_settings
from aurelia.types.clip import Clip
from tests.clips import make_clip, wav
from tests.models.worker.running import ECHO, STUBS, Running

R_STAR = "1. Listen for the tone: «it» begins at 1.0 s.\n2. Then — look at the block. 音\n" * 40
QUESTION = "Which comes first, the tone or the movement?"

pytestmark = pytest.mark.usefixtures("ledger_path")


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Running(ECHO, "--media-root", str(tmp_path_factory.getbasetemp())) as worker:
        yield worker


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    """A clip whose file has one sound, and which is to be heard with another."""
    place = tmp_path_factory.mktemp("clips")
    video = make_clip(place / "clip.mp4", 2.0, moves=[(0.2, 0.8)], sounds=[(1.0, 1.4)])
    return open_clip(video, audio=wav(place, "other.wav"))


def digest(path: Path | str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def asked(worker: Running, clip: Clip, forms: str, r_star: str | None = None) -> Any:
    target = f"{worker.model}#echo?{forms}"
    return aurelia.answer(target, clip, QUESTION, r_star=r_star, max_retries=0, use_cache=False)


@pytest.mark.parametrize("audio", ["input_audio", "raw", "path"])
@pytest.mark.parametrize("video", ["raw", "path"])
def test_video_and_separate_sound_arrive_byte_for_byte(
    worker: Running, clip: Clip, video: str, audio: str
) -> None:
    given = json.loads(asked(worker, clip, f"video={video}&audio={audio}").raw)
    heard = prepare_media(clip, cache_dir=load_settings().cache_dir).wav
    assert heard
    assert given["video"] == [digest(clip.path), ".mp4"]
    assert given["audios"] == [[digest(heard), ".wav"]]
    assert given["images"] == []
    assert "The picture of the clip:" in given["text"]
    assert "The sound of the clip:" in given["text"]


def test_mp3_arrives_as_such(worker: Running, clip: Clip) -> None:
    given = json.loads(asked(worker, clip, "video=raw&audio=mp3").raw)
    assert given["audios"][0][1] == ".mp3"


def test_frames_arrive_between_their_labels(worker: Running, clip: Clip) -> None:
    target = f"{worker.model}#echo?video=frames&audio=input_audio&temperature=0&seed=3"
    told = aurelia.answer(target, clip, QUESTION, max_frames=2, max_retries=0, use_cache=False)
    given = json.loads(told.raw)
    media = prepare_media(clip, 2, cache_dir=load_settings().cache_dir)
    assert [seen[0] for seen in given["images"]] == [digest(f.path) for f in media.frames]
    assert re.search(r"Frame at \d\.\d\d s:\nFrame at \d\.\d\d s:", given["text"])
    assert (given["temperature"], given["seed"]) == (0, 3)


def test_r_star_arrives_whole_and_is_all_that_differs(worker: Running, clip: Clip) -> None:
    forms = "video=raw&audio=input_audio"
    bare, told = (json.loads(asked(worker, clip, forms, text).raw) for text in (None, R_STAR))
    assert R_STAR.strip() in told["text"]
    assert R_STAR.splitlines()[0] not in bare["text"]
    same = {name for name in told if name not in ("text", "most")}
    assert {name: told[name] for name in same} == {name: bare[name] for name in same}


def test_what_the_worker_refuses_is_the_failure_of_the_call(worker: Running, clip: Clip) -> None:
    with pytest.raises(CallFailed, match="does not take top_p; it takes max_tokens"):
        asked(worker, clip, "video=raw&audio=input_audio&top_p=0.5")
    target = f"{worker.model}#echo?video=frames&audio=off"
    with pytest.raises(CallFailed, match="at most 3 images, 1 video, 2 audios"):
        aurelia.answer(target, clip, QUESTION, max_frames=5, max_retries=0, use_cache=False)


def test_a_text_beyond_the_budget_fails_in_the_words_of_the_worker(clip: Clip) -> None:
    with Running(STUBS / "counted.py") as worker:
        target = f"{worker.model}#counted?video=raw&audio=off"
        with pytest.raises(CallFailed, match=r"The text has \d+ tokens, and 10 reach counted"):
            aurelia.answer(target, clip, QUESTION, max_retries=0, use_cache=False)


def test_tokens_are_recorded_where_they_are_counted(clip: Clip, tmp_path: Path) -> None:
    adapter = tmp_path / "roomy.py"
    text = (STUBS / "counted.py").read_text("utf-8")
    adapter.write_text(text.replace('"text_budget": 10', '"text_budget": 900'), "utf-8")
    with Running(adapter) as worker:
        run = aurelia.reason(
            clip,
            QUESTION,
            target=f"{worker.model}#counted?video=raw&audio=off",
            actor="offline:perception",
            critic="offline:perception",
            summarizer="offline:perception",
            max_iterations=1,
        )
    calls = [call for target in run.targets.values() for call in target.calls]
    assert calls
    assert all(call.usage.input_tokens and call.usage.output_tokens for call in calls)


def test_a_token_comes_from_a_profile(
    clip: Clip, configured: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_WORKER", "a-secret-of-the-worker")
    with Running(ECHO, "--token-env", "MY_WORKER") as worker:
        lines = [f'base_url = "{worker.model}"', 'model = "echo"', 'api_key_env = "MY_WORKER"']
        configured("\n".join(["[models.mine]", *lines, 'video = "raw"', 'audio = "raw"']))
        told = aurelia.answer("mine", clip, QUESTION, max_retries=0, use_cache=False)
        assert json.loads(told.raw)["video"][0] == digest(clip.path)
        with pytest.raises(CallFailed, match="no token, or not that of this worker") as failed:
            asked(worker, clip, "video=raw&audio=raw")
    assert "a-secret" not in str(failed.value)


def test_a_doctor_finds_it(worker: Running) -> None:
    found = check_endpoint(resolve_model(f"{worker.model}#echo"))
    assert (found.state, found.text) == ("ok", "it answers, and serves echo")
    refused = [
        ("video=raw&audio=in_video", "does not hear the sound in a video", "audio=input_audio"),
    ]
    for forms, says, helps in refused:
        found = check_endpoint(resolve_model(f"{worker.model}#echo?{forms}"))
        assert (found.state, found.blocks) == ("warning", False)
        assert says in found.text
        assert helps in found.help
    assert "does not list 'other'" in check_endpoint(resolve_model(f"{worker.model}#other")).text


def test_the_openai_client_reads_its_streams(worker: Running) -> None:
    from langchain_openai import ChatOpenAI

    unpooled = {"connection": "close"}
    chat = ChatOpenAI(
        base_url=worker.model,
        api_key=SecretStr("none"),
        model="echo",
        max_retries=0,
        stream_usage=True,
        default_headers=unpooled,
    )
    whole, *rest = list(chat.stream("hello"))
    for chunk in rest:
        whole += chunk
    assert json.loads(str(whole.content))["text"] == "hello"
    assert whole.response_metadata["finish_reason"] == "stop"
    assert whole.usage_metadata is None  # nobody counted
