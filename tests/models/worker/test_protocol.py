"""What the worker answers, and that it refuses what it would otherwise have to ignore."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.models.worker.running import COUNTED, ECHO, Running, Told, data_url, medium

IMAGE = data_url(b"\x89PNG-and-so-on", "image/png")
SOUND = data_url(b"RIFF0000WAVEfmt ", "audio/wav")


@pytest.fixture(scope="module")
def echo() -> Iterator[Running]:
    options = ("--checkpoint", "weights", "--option", "extra=more=less", "--max-new-tokens", "64")
    with Running(ECHO, *options) as worker:
        yield worker


@pytest.fixture(scope="module")
def counted() -> Iterator[Running]:
    with Running(COUNTED, "--name", "counted-7b") as worker:
        yield worker


def to_counted(worker: Running, *messages: tuple[str, str], **fields: object) -> Told:
    said = [{"role": role, "content": text} for role, text in messages]
    body = {"model": "counted-7b", "messages": said, **fields}
    return worker.post("/v1/chat/completions", body)


def test_the_adapter_is_loaded_as_the_command_says(echo: Running) -> None:
    given = echo.ask("hello").given
    assert [given[n] for n in ("checkpoint", "device", "extra")] == ["weights", "cpu", "more=less"]
    assert given["main"]  # as the repository's own script would call it


def test_its_model_is_listed_with_what_it_takes(echo: Running, counted: Running) -> None:
    (one,) = echo.get("/v1/models").json["data"]
    assert one["id"] == "echo"
    assert (one["capabilities"]["audio"], one["capabilities"]["image"]) == (2, 3)
    assert one["fields"] == ["max_tokens", "seed", "stop", "temperature"]
    other = counted.get("/v1/models/counted-7b").json
    assert (other["id"], other["capabilities"]["text_budget"]) == ("counted-7b", 10)
    assert other["capabilities"]["audio_in_video"] is True
    assert counted.get("/health").json == {"status": "ok"}


def test_texts_and_media_arrive_in_their_order(echo: Running) -> None:
    told = echo.ask("One:", medium("image", IMAGE), "Two:", medium("audio", SOUND), "Which?")
    given = told.given
    assert given["kinds"] == ["text", "image", "text", "audio", "text"]
    assert given["text"] == "One:\nTwo:\nWhich?"
    assert [seen[1] for seen in given["images"] + given["audios"]] == [".png", ".wav"]


def test_messages_may_be_texts_and_a_developer_is_a_system(echo: Running) -> None:
    messages = [{"role": "developer", "content": "Be short."}, {"role": "user", "content": "Hm?"}]
    body = {"model": "echo", "messages": [*messages, {"role": "assistant", "content": "Ah."}]}
    given = echo.post("/v1/chat/completions", body).given
    assert given["roles"] == ["system", "user", "assistant"]


def test_sampling_is_passed_on(echo: Running) -> None:
    given = echo.ask("hi", temperature=0.5, seed=7, max_completion_tokens=5).given
    assert [given[n] for n in ("temperature", "seed", "max_new_tokens")] == [0.5, 7, 5]
    bare = echo.ask("hi", temperature=None, n=1, user="me", response_format={"type": "text"}).given
    assert [bare[n] for n in ("temperature", "seed", "max_new_tokens")] == [None, None, 64]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("top_k", 3, "does not take top_k; it takes max_tokens, seed, stop, temperature"),
        ("mm_processor_kwargs", {"use_audio_in_video": True}, "does not take mm_processor_kwargs"),
        ("n", 2, "does not take n"),
        ("presence_penalty", 0.5, "does not take presence_penalty"),
        ("response_format", {"type": "json_object"}, "does not take response_format"),
        ("parts", [], "does not take parts"),
        ("text", "another", "does not take text"),
        ("temperature", 3, "a number from 0 to 2"),
        ("temperature", True, "a number from 0 to 2"),
        ("seed", 1.5, "a whole number"),
        ("max_tokens", 65, "is 65, and this worker writes 64 at most"),
        ("max_tokens", 0, "a whole number from 1"),
        ("stop", [""], "a text, or a list of texts"),
        ("stream", "yes", "is to be a bool"),
        ("messages", [], "hold no text"),
        ("messages", [{"role": ["user"], "content": "x"}], "role is to be"),
        ("messages", [{"role": "user", "content": 3}], "content is to be"),
        ("messages", ["x"], "is to be an object"),
    ],
)
def test_what_it_would_have_to_ignore_is_refused(
    echo: Running, field: str, value: object, says: str
) -> None:
    told = echo.ask("hi", **{field: value})
    assert told.status == 400
    assert says in told.error


def test_two_limits_that_differ_are_refused(echo: Running) -> None:
    assert "two things" in echo.ask("hi", max_tokens=5, max_completion_tokens=6).error


def test_another_model_is_not_answered_for(echo: Running) -> None:
    told = echo.ask("hi", model="gpt-4o")
    assert (told.status, told.json["error"]["code"]) == (404, "model_not_found")


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ([medium("video", IMAGE.replace("image", "video"))] * 2, "at most 3 images, 1 video, 2"),
        ([medium("image", IMAGE)] * 4, "this question has 4 image"),
        ([{"type": "file", "file": {"file_id": "x"}}], "no part of type 'file'; it knows text"),
        ([{"type": "image_url", "image_url": {"url": IMAGE, "fps": 2}}], "not of its form"),
        ([{"type": "input_audio", "input_audio": {"data": 3, "format": "wav"}}], "not of its form"),
        (["a <image> b"], "which echo reads as a mark"),
    ],
)
def test_media_beyond_what_it_takes_are_refused(
    echo: Running, parts: list[object], says: str
) -> None:
    told = echo.ask("hi", *parts)
    assert told.status == 400
    assert says in told.error


def test_one_kind_at_a_time_where_the_model_takes_one(counted: Running) -> None:
    both = [medium("video", data_url(b"v", "video/mp4")), medium("audio", SOUND)]
    body = {"model": "counted-7b", "messages": [{"role": "user", "content": both}]}
    told = counted.post("/v1/chat/completions", body)
    assert "1 video, 1 audio, 1 of all together; this question has 1 video, 1 audio" in told.error


def test_a_dialogue_is_refused_where_it_would_become_one_text(counted: Running) -> None:
    told = to_counted(counted, ("user", "a"), ("assistant", "b"), ("user", "c"))
    assert "takes no dialogue" in told.error


def test_system_and_question_are_kept_apart_where_the_adapter_does(counted: Running) -> None:
    assert to_counted(counted, ("system", "Rules"), ("user", "Why?")).text == "Rules: Why?"


def test_a_text_beyond_the_budget_is_refused_with_both_numbers(counted: Running) -> None:
    told = to_counted(counted, ("system", "one two"), ("user", "3 4 5 6 7 8 9 10 11"))
    assert told.status == 400
    assert "has 11 tokens, and 10 reach counted-7b" in told.error
    assert told.json["error"]["code"] == "context_length_exceeded"


def test_tokens_are_counted_by_the_adapter(counted: Running, echo: Running) -> None:
    usage = to_counted(counted, ("user", "one two three")).json["usage"]
    assert usage == {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}
    assert echo.ask("hi").json["usage"] is None
    for path in ("/tokenize", "/v1/tokenize"):
        told = counted.post(path, {"model": "counted-7b", "prompt": "a b c"})
        assert told.json == {"count": 3, "max_model_len": 10}
    assert echo.post("/tokenize", {"model": "echo", "prompt": "a"}).status == 404
    assert counted.post("/tokenize", {"model": "x", "prompt": "a"}).status == 404
    assert counted.post("/tokenize", {"prompt": ["a"]}).status == 400


def test_it_is_said_why_an_answer_ended(counted: Running, echo: Running) -> None:
    def ended(told: Told) -> str:
        return str(told.json["choices"][0]["finish_reason"])

    assert ended(to_counted(counted, ("user", "a b c"), max_tokens=1)) == "length"
    assert ended(to_counted(counted, ("user", "a b c"), max_tokens=9)) == "stop"
    assert ended(echo.ask("!cut half of it")) == "length"
    assert ended(echo.ask("hello")) == "stop"


def test_an_answer_ends_before_a_stop_text(echo: Running) -> None:
    told = echo.ask("!cut one END two STOP", stop=["STOP", "END"])
    assert told.text == "one "
    assert told.json["choices"][0]["finish_reason"] == "stop"


def test_a_stream_says_the_same_in_events(counted: Running) -> None:
    options = {"stream": True, "stream_options": {"include_usage": True}}
    told = to_counted(counted, ("user", "a b"), **options)
    assert told.headers["content-type"] == "text/event-stream"
    *events, last = [line[6:] for line in told.body.decode().split("\n\n") if line]
    assert last == "[DONE]"
    first, second, third = map(json.loads, events)
    assert first["choices"][0]["delta"] == {"role": "assistant", "content": ": a b"}
    assert second["choices"][0]["finish_reason"] == "stop"
    assert third["usage"]["prompt_tokens"] == 2
    assert to_counted(counted, ("user", "a b"), stream=True).body.count(b"data: ") == 3


def test_an_adapter_that_fails_is_told_of_and_the_next_question_answered(echo: Running) -> None:
    broken = echo.ask("!break its tensor")
    assert (broken.status, broken.json["error"]["code"]) == (500, "adapter_failed")
    assert "ValueError: its tensor" in broken.error
    assert echo.ask("!exit").status == 500
    assert "returned int, not a text" in echo.ask("!number").error
    assert (echo.ask("!refuse no colour").status, echo.ask("!refuse it").error) == (400, "it")
    full = echo.ask("!memory tried to allocate")
    assert (full.status, full.json["error"]["code"]) == (503, "out_of_memory")
    assert "ran out of memory; send fewer frames" in full.error
    assert echo.ask("hello").given["text"] == "hello"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("!raise interrupt", "failed with KeyboardInterrupt"),
        ("!raise generator", "failed with GeneratorExit"),
        ("!raise group", "failed with Own: of my own"),
        ("!raise half", r"ValueError: half \ud800"),
        ("!raise mute", "its message can't be read"),
        ("!half", "returned half of a character (a lone surrogate)"),
        ("!ends early", "ended with '[3]', neither 'stop' nor 'length'"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_whatever_an_adapter_does_the_answer_is_json_and_the_next_comes(
    echo: Running, text: str, says: str, stream: bool
) -> None:
    told = echo.ask(text, stream=stream)
    assert (told.status, told.json["error"]["code"]) == (500, "adapter_failed")
    assert says in told.error
    told.error.encode()  # which half of a character can't be
    assert echo.ask("hello").given["text"] == "hello"


@pytest.mark.parametrize("counted", ['"10"', "-1", "2.5"])
def test_a_count_that_is_no_number_is_a_failure_that_is_told(tmp_path: Path, counted: str) -> None:
    adapter = tmp_path / "m.py"
    adapter.write_text(
        'NAME = "m"\nCAPABILITIES = {}\ndef load(checkpoint, device): ...\n'
        "def answer(model, *, text, max_new_tokens): return text\n"
        f"def count_tokens(model, text): return {counted}\n"
    )
    with Running(adapter) as worker:
        for told in (worker.ask("hi", model="m"), worker.post("/tokenize", {"prompt": "hi"})):
            assert (told.status, "count_tokens() returned" in told.error) == (500, True)


def test_what_is_not_there_is_said(echo: Running) -> None:
    assert "'/v1/completions'" in echo.post("/v1/completions", {}).error
    assert echo.get("/").status == 404
    assert echo.get("/v1/models/other").status == 404
