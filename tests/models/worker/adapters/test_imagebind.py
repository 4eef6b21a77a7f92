"""Adapters of models that see and hear through ImageBind, one vector for a medium."""

from collections.abc import Callable

import pytest

from aurelia.models.worker import worker
from tests.models.worker.adapters.stubbing import IMAGE, QUESTION, SOUND, TEXT, VIDEO, Stub

Make = Callable[[str], Stub]


def test_pandagpt_gets_paths_by_kind_and_a_list_of_its_own(stub: Make) -> None:
    asked = stub("pandagpt").load("ckpt", size="7b")
    assert asked.told("torch.load")["f"] == "ckpt/pandagpt_ckpt/7b/pytorch_model.pt"
    assert asked.told("init")["vicuna_ckpt_path"] == "ckpt/vicuna_ckpt/7b_v0"
    assert asked.told("load_state_dict")["strict"] is False
    for _ in range(2):
        assert asked.ask(video=VIDEO, audio=SOUND, max_tokens=20) == "Three times."
    for told in asked.all_told("generate"):
        assert told["kept"] == [], "the features of the clip before would stand for this one"
        assert (told["video_paths"], told["audio_paths"]) == ([VIDEO], [SOUND])
        assert (told["image_paths"], told["thermal_paths"]) == ([], [])
        assert (told["prompt"], told["max_tgt_len"], told["top_p"]) == (TEXT, 20, 0.01)


def test_pandagpt_is_greedy_at_temperature_0_though_it_samples(stub: Make) -> None:
    asked = stub("pandagpt").load()
    asked.ask(images=(IMAGE,), temperature=0)
    told = asked.told("generate")
    assert (told["top_p"], told["temperature"], told["image_paths"]) == (0.0, 1.0, [IMAGE])


@pytest.mark.parametrize("name", ["pandagpt", "imagebind_llm"])
def test_without_media_there_is_nothing_to_ask(name: str, stub: Make) -> None:
    options = {"llama_dir": "llama"} if name == "imagebind_llm" else {}
    asked = stub(name).load(**options)
    with pytest.raises(asked.refused, match="has none"):
        asked.ask()


def test_imagebind_llm_weighs_media_alike(stub: Make) -> None:
    asked = stub("imagebind_llm").load("7B-beta", llama_dir="llama", knn="no")
    assert asked.told("load") == {
        "name": "7B-beta", "llama_dir": "llama", "device": "cuda:0", "knn": False,
        "llama_type": "7B",
    }  # fmt: skip
    asked.ask(video=VIDEO, audio=SOUND, images=(IMAGE,), max_tokens=40, temperature=0)
    told = asked.told("generate")
    media = {kind: (tensor.of, weight) for kind, (tensor, weight) in told["inputs"].items()}
    assert media == {"Image": ([IMAGE], 1), "Video": ([VIDEO], 1), "Audio": ([SOUND], 1)}
    assert (told["max_gen_len"], told["temperature"], told["top_p"]) == (40, 0, 0.75)
    assert told["prompts"][0].text == f"Instruction: {TEXT} Response:"


@pytest.mark.parametrize(
    ("reply", "ended"),
    [("so " * 7, "stop"), ("so " * 8, "length"), ("so " * 8 + "###", "stop"), ("", "stop")],
)
def test_pandagpt_s_reply_was_cut_where_two_tokens_are_missing(
    stub: Make, reply: str, ended: str
) -> None:
    asked = stub("pandagpt").load()
    asked.adapter.model.generate = lambda inputs: reply
    assert asked.ask(video=VIDEO, max_tokens=10) == reply.strip("# ")
    assert asked.ended == ended


def test_imagebind_llm_gives_the_reply_what_the_text_leaves(stub: Make) -> None:
    asked = stub("imagebind_llm").load(llama_dir="llama")
    text = "word " * 445  # 448 with its own three marks
    for wanted, most in ((63, 63), (64, 64), (1024, 64)):
        asked.ask(text, video=VIDEO, max_tokens=wanted)
        assert asked.all_told("generate")[-1]["max_gen_len"] == most
        assert asked.ended == "stop"
    asked.ask("word " * 477, video=VIDEO)
    with pytest.raises(asked.refused, match=r"481 tokens.*too few of 512 for a reply"):
        asked.ask("word " * 478, video=VIDEO)


@pytest.mark.parametrize(("words", "ended"), [(39, "stop"), (40, "length"), (41, "length")])
def test_imagebind_llm_tells_that_its_reply_was_cut(stub: Make, words: int, ended: str) -> None:
    asked = stub("imagebind_llm").load(llama_dir="llama")
    asked.adapter.model[0].generate = lambda *given, **more: ["so " * words]
    asked.ask("word " * 469, video=VIDEO, max_tokens=1024)
    assert asked.ended == ended


def test_imagebind_llm_raises_what_its_load_returns(stub: Make) -> None:
    with pytest.raises(RuntimeError, match="not found"):
        stub("imagebind_llm").load("missing", llama_dir="llama")


def test_next_gpt_takes_both_media_as_media(stub: Make) -> None:
    asked = stub("next_gpt").load("ckpt/")
    assert asked.told("init")["stage of"] == 2
    assert asked.told("torch.load")["f"] == "ckpt/pytorch_model.pt"
    asked.ask("What rings?", video=VIDEO, audio=SOUND, max_tokens=9, temperature=0)
    told = asked.told("generate")
    assert told["media"] == [("Audio", SOUND), ("Video", VIDEO)]
    assert told["texts"] == ["### Human:", "and", "What rings?\n### Assistant:"]
    assert (told["max_tgt_len"], told["max_num_imgs"], told["temperature"]) == (9, 0, 1.0)


def test_next_gpt_loses_the_second_medium_as_its_demo_writes_it(stub: Make) -> None:
    """Why a word stands between the marks: the stub splits as the published model does."""
    asked = stub("next_gpt").load()
    for name, data in (("a.wav", SOUND), ("v.mp4", VIDEO)):
        (asked.folder / name).write_bytes(data)
    prompt = "### Human: <Audio>a.wav</Audio> <Video>v.mp4</Video>  What rings?"
    limits = dict.fromkeys(("max_num_imgs", "max_num_vids", "max_num_auds"), 0)
    asked.adapter.model.generate(
        {"prompt": prompt, "stops_id": [], "ENCOUNTERS": 1, **limits}
    )  # fmt: skip
    assert asked.told("generate")["media"] == [("Audio", SOUND)]


def test_next_gpt_refuses_a_text_that_it_would_split(stub: Make) -> None:
    with pytest.raises(worker.Problem, match="reads as a mark"):
        stub("next_gpt").load().ask(QUESTION, video=VIDEO)


def test_bay_cat_asks_between_its_marks(stub: Make) -> None:
    asked = stub("bay_cat").load("ckpt", base="llama-2")
    told = asked.told("load_pretrained_model")
    assert (told["model_base"], told["pretrain_CA"]) == ("llama-2", "ckpt/CA/CA.bin")
    assert told["pretrain_attn_a2v"] == "ckpt/attn_a2v/attn_a2v.bin"
    asked.ask(video=VIDEO, audio=SOUND, max_tokens=30)
    told = asked.told("inference")
    assert told["query"] == f"<Q>{TEXT}<Q>\n<video>"
    assert (told["image"].of, told["audio"].of) == (VIDEO, SOUND)
    assert told["image"].steps == [("unsqueeze", 0), ("to", "bfloat16")]
    assert asked.told("model.generate")["max_new_tokens"] == 30


def test_bay_cat_samples_when_told(stub: Make) -> None:
    asked = stub("bay_cat").load(base="llama-2")
    asked.ask(video=VIDEO, audio=SOUND, temperature=0.7)
    told = asked.told("model.generate")
    assert (told["do_sample"], told["temperature"]) == (True, 0.7)


@pytest.mark.parametrize("given", [{"video": VIDEO}, {"audio": SOUND}])
@pytest.mark.parametrize("name", ["bay_cat", "avicuna"])
def test_one_medium_of_two_is_refused(name: str, given: dict[str, bytes], stub: Make) -> None:
    asked = stub(name).load(**({"base": "llama-2"} if name == "bay_cat" else {"clap": "clap.pt"}))
    with pytest.raises(asked.refused, match="does not have both"):
        asked.ask(**given)  # type: ignore[arg-type]
