"""Every adapter: video, sound and a text with r* reach its repository whole, or are refused."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from aurelia.models.worker import worker
from tests.models.worker.adapters.stubbing import (
    IMAGE,
    NAMES,
    PLAN,
    SOUND,
    TEXT,
    VIDEO,
    Stub,
)

Make = Callable[[str], Stub]


class Case(NamedTuple):
    """How an adapter is loaded, what it takes, and where its stub tells of it."""

    call: str
    options: dict[str, str] = {}
    media: tuple[str, ...] = ("video", "audio")
    sets_length: bool = True


CASES = {
    "pandagpt": Case("generate"),
    "macaw_llm": Case("question", media=("audio",)),
    "video_llama": Case("answer", media=("video",)),
    "imagebind_llm": Case("generate", {"llama_dir": "llama"}),
    "x_instructblip": Case("generate"),
    "onellm": Case("generate", media=("video",)),
    "avicuna": Case("inference", {"clap": "clap.pt"}),
    "crema": Case("generate"),
    "videollama2": Case("mm_infer"),
    "anygpt": Case("response", media=("audio", "image"), sets_length=False),
    "next_gpt": Case("generate"),
    "unified_io_2": Case("preprocess", {"tokenizer": "llama.model"}),
    "bay_cat": Case("inference", {"base": "llama-2"}),
    "video_salmonn": Case("forward"),
    "vita": Case("tokenize"),
    "video_salmonn_2": Case("question", media=("video",)),
    "baichuan_omni": Case("processor"),
}
PLAIN = TEXT.replace("<= 3", "at most 3")
"""Without the mark at which NExT-GPT splits."""


def _ask(stub: Stub, case: Case, text: str = PLAIN, **fields: Any) -> str:
    given: dict[str, Any] = {"video": VIDEO, "audio": SOUND}
    given = {kind: data for kind, data in given.items() if kind in case.media}
    images = (IMAGE,) if "image" in case.media else ()
    return stub.ask(text, images=images, **given, **fields)


def test_every_adapter_is_here() -> None:
    assert sorted(CASES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_text_reaches_it_whole(name: str, stub: Make) -> None:
    case = CASES[name]
    asked = stub(name).load(**case.options)
    reply = _ask(asked, case)
    assert reply.rstrip(".") in ("Three times", "three")
    told = repr(asked.told(case.call)) + repr(asked.all_told("generate"))
    question = PLAIN.partition("\n")[2]
    assert repr(PLAN)[1:-1] in told
    assert repr(question)[1:-1] in told


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"anygpt"}))
def test_length_of_the_reply_reaches_it(name: str, stub: Make) -> None:
    case = CASES[name]
    asked = stub(name).load(**case.options)
    _ask(asked, case, max_tokens=37)
    assert "37" in repr(asked.calls)


@pytest.mark.parametrize("name", NAMES)
def test_more_than_it_takes_is_refused(name: str, stub: Make) -> None:
    asked = stub(name)
    most = asked.adapter.most
    for kind in worker.KINDS:
        with pytest.raises(worker.Problem, match="takes"):
            asked.adapter.check([kind] * (most[kind] + 1))


@pytest.mark.parametrize("name", NAMES)
def test_marks_of_its_own_in_a_text_are_refused(name: str, stub: Make) -> None:
    asked = stub(name)
    for mark in asked.adapter.reserved:
        with pytest.raises(worker.Problem, match="mark"):
            asked.ask(f"What{mark}follows?")


@pytest.mark.parametrize("name", NAMES)
def test_two_questions_have_nothing_of_each_other(name: str, stub: Make) -> None:
    case = CASES[name]
    asked = stub(name).load(**case.options)
    _ask(asked, case, "First?")
    begun = len(asked.calls)
    _ask(asked, case, "Second?")
    assert "First?" not in repr(asked.calls[begun:])
