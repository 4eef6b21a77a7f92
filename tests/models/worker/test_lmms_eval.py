"""The adapter for lmms-eval, against a stand-in that has its signatures and no model."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clips import still_picture, wav
from tests.models.worker.running import STUBS, WORKER, Running, data_url, medium
from tests.models.worker.test_life import start

ADAPTER = WORKER.parent / "adapters" / "lmms_eval.py"
STANDIN = {"PYTHONPATH": str(STUBS / "standin")}
GIVEN = ("--name", "omni-7b", "--checkpoint", "org/omni-7b", "--option", "model=omni")


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    place = tmp_path_factory.mktemp("media")
    sound = wav(place).read_bytes()
    return {
        "video": medium("video", data_url(b"\0\0\0\x18ftypisom", "video/mp4")),
        "audio": medium("audio", data_url(sound, "audio/wav")),
        "image": medium("image", data_url(still_picture(place).read_bytes(), "image/png")),
    }


@pytest.fixture(scope="module")
def chat() -> Iterator[Running]:
    options = ("--option", "takes=video,audio,image:2", "--option", "args=frames=8,fps=2")
    with Running(ADAPTER, *GIVEN, *options, env=STANDIN) as worker:
        yield worker


@pytest.fixture(scope="module")
def simple() -> Iterator[Running]:
    options = ("--option", "takes=video,audio,image:2", "--option", "simple=yes")
    with Running(ADAPTER, *GIVEN, *options, env=STANDIN) as worker:
        yield worker


def test_the_class_is_made_as_on_its_command_line(chat: Running) -> None:
    told = json.loads(chat.ask("hi", model="omni-7b").text)
    assert told["kind"] == "Chat"
    assert told["class"] == {
        "frames": "8",
        "fps": "2",
        "pretrained": "org/omni-7b",
        "batch_size": 1,
        "device": "cpu",
    }


def test_a_chat_class_gets_all_parts_in_their_order(chat: Running, media: dict[str, Any]) -> None:
    parts = ("Look:", media["video"], "Listen:", media["audio"], media["image"], "Well?")
    told = json.loads(chat.ask(*parts, model="omni-7b").text)
    (message,) = told["given"]
    assert message["role"] == "user"
    assert [part.get("text", part.get("url")) for part in message["content"]] == [
        "Look:",
        ["path", "mp4", 12],
        "Listen:",
        ["array", ["array", "sampling_rate"], 32000, 16000],
        ["image", "RGB", told["given"][0]["content"][4]["url"][2]],
        "Well?",
    ]
    assert told["context"] == "Look:\nListen:\nWell?"


def test_sound_may_be_given_as_a_path(media: dict[str, Any]) -> None:
    options = ("--option", "takes=audio", "--option", "audio=path")
    with Running(ADAPTER, *GIVEN, *options, env=STANDIN) as worker:
        told = json.loads(worker.ask("hi", media["audio"], model="omni-7b").text)
    assert told["given"][0]["content"][1]["url"][:2] == ["path", "wav"]


def test_a_simple_class_gets_a_medium_and_is_never_given_more_than_it_attaches(
    simple: Running, media: dict[str, Any]
) -> None:
    told = json.loads(simple.ask("hi", media["video"], model="omni-7b").text)
    assert (told["kind"], told["given"]) == ("Simple", [["path", "mp4", 12]])
    both = simple.ask("hi", media["video"], media["audio"], model="omni-7b")
    assert both.status == 400
    assert "1 of all together" in both.error
    (entry,) = simple.get("/v1/models").json["data"]
    assert entry["capabilities"]["media"] == 1


def test_settings_are_those_of_the_question(simple: Running) -> None:
    bare = json.loads(simple.ask("hi", model="omni-7b").text)["settings"]
    assert bare == {"max_new_tokens": 1024}
    fields = {
        "temperature": 0,
        "top_p": 0.9,
        "max_tokens": 5,
        "stop": "a\nb",
    }  # as it does not stand in the reply
    told = json.loads(simple.ask("hi", model="omni-7b", **fields).text)["settings"]
    assert told == {
        "max_new_tokens": 5,
        "temperature": 0,
        "do_sample": False,
        "top_p": 0.9,
        "until": ["a\nb"],
    }


def test_no_two_questions_are_one_document(simple: Running) -> None:
    ids = [json.loads(simple.ask("same", model="omni-7b").text)["ids"] for _ in range(2)][-1]
    assert len(set(ids)) == len(ids) > 1


def test_a_reply_that_failed_in_silence_is_an_error(simple: Running) -> None:
    told = simple.ask("fail", model="omni-7b")
    assert (told.status, "Simple returned no text" in told.error) == (500, True)


@pytest.mark.parametrize("mark", ["<image>", "<speech>", "<|image_1|>", "<|video_pad|>"])
def test_a_mark_that_would_stand_for_a_medium_is_refused(simple: Running, mark: str) -> None:
    told = simple.ask(f"What does {mark} show?", model="omni-7b")
    assert (told.status, "which such models read as a mark" in told.error) == (400, True)


def test_marks_and_endings_are_those_of_the_model(media: dict[str, Any]) -> None:
    options = ("--option", "takes=video", "--option", "reserved=<own>", "--option", "simple=yes")
    endings = ("--option", "endings=.avi, .mov")
    with Running(ADAPTER, *GIVEN, *options, *endings, env=STANDIN) as worker:
        assert worker.ask("an <image>", model="omni-7b").status == 200
        assert "'<own>'" in worker.ask("an <own>", model="omni-7b").error
        left_out = worker.ask("hi", media["video"], model="omni-7b")
        assert (left_out.status, "is no .avi, .mov file" in left_out.error) == (400, True)
        film = medium("video", data_url(b"RIFF\0\0\0\0AVI ", "video/avi"))
        assert json.loads(worker.ask("hi", film, model="omni-7b").text)["given"][0][1] == "avi"
    with Running(ADAPTER, *GIVEN, *options[:2], "--option", "reserved=", env=STANDIN) as worker:
        assert worker.ask("an <image>", model="omni-7b").status == 200


def test_tokens_and_ends_are_told_where_the_class_tells_them(
    chat: Running, simple: Running
) -> None:
    told = chat.ask("one two", model="omni-7b", max_tokens=7).json
    assert told["usage"]["prompt_tokens"] == 2
    assert told["choices"][0]["finish_reason"] == "length"
    assert chat.ask("hi", model="omni-7b").json["choices"][0]["finish_reason"] == "stop"
    assert simple.ask("hi", model="omni-7b").json["usage"] is None
    assert simple.post("/tokenize", {"prompt": "a"}).status == 404


@pytest.mark.parametrize(
    ("options", "env", "says"),
    [
        (("--option", "model=omni"), {}, "missing a required argument: 'takes'"),
        (("--option", "model=omni", "--option", "takes=smell"), {}, "smell, which means nothing"),
        (
            ("--option", "model=omni", "--option", "takes=video"),
            {"LMMS_EVAL_USE_CACHE": "True"},
            "LMMS_EVAL_USE_CACHE is set",
        ),
    ],
)
def test_what_can_not_be_kept_to_is_not_started(
    options: tuple[str, ...], env: dict[str, str], says: str
) -> None:
    done = start(ADAPTER, *options, **STANDIN, **env)
    assert (done.returncode, says in done.stderr) == (2, True), done.stderr


def test_beside_the_package_it_would_stand_for_it(tmp_path: Path) -> None:
    beside = tmp_path / "lmms_eval.py"
    beside.write_text(ADAPTER.read_text("utf-8"), "utf-8")
    done = start(beside, PYTHONPATH=f"{tmp_path}:{STANDIN['PYTHONPATH']}")
    assert "would stand for the package lmms_eval" in done.stderr


def test_beside_the_folder_of_the_package_it_may_lie(tmp_path: Path) -> None:
    beside = tmp_path / "lmms_eval.py"
    beside.write_text(ADAPTER.read_text("utf-8"), "utf-8")
    (tmp_path / "lmms_eval").symlink_to(STUBS / "standin" / "lmms_eval")
    options = (*GIVEN, "--option", "takes=video")
    with Running(beside, *options, cwd=tmp_path, env=STANDIN) as worker:
        assert worker.ask("hi", model="omni-7b").status == 200
