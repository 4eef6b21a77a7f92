"""Adapters of models that are asked in a conversation's template, or by a file of questions."""

from collections.abc import Callable
from typing import Any

import pytest

from aurelia.models.worker import worker
from tests.models.worker.adapters.stubbing import IMAGE, SOUND, TEXT, VIDEO, Stub, sound

Make = Callable[[str], Stub]


def test_onellm_is_told_the_medium_that_it_gets(stub: Make) -> None:
    asked = stub("onellm").load("weights.pth", "cuda:2", port="4711")
    assert asked.told("init_process_group")["init_method"] == "tcp://127.0.0.1:4711"
    assert asked.told("torch.load")["f"] == "weights.pth"
    assert asked.ask(video=VIDEO, max_tokens=30) == "Three times."
    assert asked.ask(audio=SOUND, temperature=0) == "Three times."
    seen, heard = asked.all_told("generate")
    assert seen["prompts"] == [f"### Human: {TEXT}\n### Assistant:"]
    assert (seen["modal"], seen["images"].of, seen["max_gen_len"]) == (["video"], VIDEO, 30)
    assert (heard["modal"], heard["images"].of, heard["temperature"]) == (["audio"], SOUND, 0)
    assert heard["images"].steps[:2] == [("transpose", 0, 1), ("at", None)]
    assert asked.told("video") == {"clip_duration": 1, "clips_per_video": 5, "with_audio": False}


def test_onellm_s_reply_begins_after_the_prompt_as_it_is_spelt_there(stub: Make) -> None:
    asked = stub("onellm").load()
    tokenizer = asked.adapter.model.tokenizer
    spelt = tokenizer.decode

    def respell(ids: Any) -> str:
        return str(spelt(ids)).replace("bell", "b?")

    tokenizer.decode = respell
    asked.adapter.model.generate = lambda prompts, *given, **more: [
        prompts[0].replace("bell", "b?") + " Three times.\n### Human:"
    ]
    assert asked.ask("How often does the bell ring?", video=VIDEO) == "Three times."


def test_onellm_would_drop_a_second_medium_so_it_is_refused(stub: Make) -> None:
    asked = stub("onellm").load()
    with pytest.raises(worker.Problem, match="1 of all together; this question has"):
        asked.ask(video=VIDEO, audio=SOUND)


def test_onellm_keeps_text_medium_and_reply_within_its_length(stub: Make) -> None:
    asked = stub("onellm").load()
    for wanted, most in ((64, 64), (1024, 66)):
        asked.ask("word " * 1945, video=VIDEO, max_tokens=wanted)
        assert asked.all_told("generate")[-1]["max_gen_len"] == most
        assert asked.ended == "stop"
    answers = [" so" * 32, " so" * 32 + "\n### Human: and"]
    asked.adapter.model.generate = lambda prompts, *given, **more: [prompts[0] + answers.pop(0)]
    for ended in ("length", "stop"):
        asked.ask("word " * 1979, video=VIDEO)
        assert asked.ended == ended
    with pytest.raises(asked.refused, match="have 2017 tokens, too many of 2048"):
        asked.ask("word " * 1980, video=VIDEO)


def test_avicuna_spreads_the_windows_over_its_places(stub: Make) -> None:
    asked = stub("avicuna").load("checkpoints", clap="clap.pt", base="vicuna")
    told = asked.told("load_pretrained_model")
    assert told["stage4"] == "checkpoints/avicuna-vicuna-v1-5-7b-stage4"
    assert told["pretrain_mm_mlp_adapter_a"].endswith("stage2/mm_projector_a.bin")
    assert asked.told("load_ckpt")["ckpt"] == "clap.pt"
    heard = sound(18)  # 3 windows of 10 s, every 4 s
    asked.ask(video=VIDEO, audio=heard, max_tokens=30)
    told = asked.told("inference")
    assert told["query"] == f"<video>\n {TEXT}"
    pictures, sounds = told["image"]
    assert pictures.of == ("seen", (75, VIDEO))
    assert sounds.of == heard
    assert ("repeat_interleave", [9, 8, 8], 0) in sounds.steps
    assert asked.told("model.generate") == {
        "do_sample": True, "temperature": 0.05, "max_new_tokens": 30
    }  # fmt: skip


def test_avicuna_refuses_sound_that_it_would_not_hear_out(stub: Make) -> None:
    asked = stub("avicuna").load(clap="clap.pt")
    asked.ask(video=VIDEO, audio=sound(106), temperature=0)
    assert asked.told("model.generate")["do_sample"] is False
    with pytest.raises(asked.refused, match="26 windows"):
        asked.ask(video=VIDEO, audio=sound(110))


def test_avicuna_fails_on_a_video_that_would_be_a_zero(stub: Make) -> None:
    with pytest.raises(RuntimeError, match="video was not read"):
        stub("avicuna").load(clap="clap.pt").ask(video=VIDEO + b"broken", audio=SOUND)


def test_videollama2_hears_the_sound_that_was_sent(stub: Make) -> None:
    asked = stub("videollama2").load("VideoLLaMA2.1-7B-AV")
    assert asked.told("model_init") == {"model_path": "VideoLLaMA2.1-7B-AV"}
    asked.ask(video=VIDEO, audio=SOUND, max_tokens=30)
    asked.ask(video=VIDEO, temperature=0.4)
    asked.ask(audio=SOUND)
    both, seen, heard = asked.all_told("mm_infer")
    assert both["media"]["video"].of == VIDEO
    assert both["media"]["audio"].of == ("8 x 2 s", SOUND)
    assert (both["modal"], both["instruct"], both["do_sample"]) == ("video", TEXT, False)
    assert (both["max_new_tokens"], "temperature" in both) == (30, False)
    assert (seen["media"].of, seen["temperature"], seen["do_sample"]) == (VIDEO, 0.4, True)
    assert (heard["media"].of, heard["modal"]) == (("30 s", SOUND), "audio")


def test_videollama2_fails_where_it_would_hear_silence_and_refuses_chance(stub: Make) -> None:
    asked = stub("videollama2").load()
    with pytest.raises(RuntimeError, match="Failed to load audio"):
        asked.ask(video=VIDEO, audio=SOUND + b"broken")
    asked.ask(video=VIDEO, audio=sound(31))
    with pytest.raises(asked.refused, match="this one is longer"):
        asked.ask(audio=sound(31))


def test_anygpt_gets_frames_as_images_and_forgets_the_question_before(stub: Make) -> None:
    asked = stub("anygpt").load("anygpt-chat", models="m")
    assert asked.told("init")["soundstorm"] == "m/soundstorm/speechtokenizer_soundstorm_mls.pt"
    for _ in range(2):
        asked.ask(images=(IMAGE, IMAGE), audio=SOUND)
    told = asked.all_told("response")[1]
    assert told == {
        "task": "interleaved", "instruction": TEXT, "to_modality": "text",
        "images": [IMAGE, IMAGE], "speech": [], "music": [SOUND], "earlier": [],
    }  # fmt: skip
    with pytest.raises(worker.Problem, match="8 images"):
        asked.ask(video=VIDEO)
    with pytest.raises(worker.Problem, match="does not take temperature"):
        asked.ask(images=(IMAGE,), temperature=0)


def test_anygpt_takes_sound_as_speech_when_told(stub: Make) -> None:
    asked = stub("anygpt")
    with pytest.raises(ValueError, match="music or speech"):
        asked.load(sound="noise")
    asked.load(sound="speech").ask(audio=SOUND)
    assert asked.told("response")["speech"] == [SOUND]


def test_unified_io_2_hears_in_the_places_where_it_sees(stub: Make) -> None:
    asked = stub("unified_io_2").load("allenai/uio2-xl", tokenizer="llama.model")
    assert asked.told("preprocessor")["tokenizer"] == "llama.model"
    assert asked.ask(video=VIDEO, audio=SOUND, max_tokens=30, temperature=0.6) == "Three times."
    told = asked.told("preprocess")
    assert told == {
        "text": TEXT, "target": "text", "video": VIDEO, "image": None, "own_sound": False,
        "audio": [SOUND, 10.0, 2.0, 4.08],
    }  # fmt: skip
    told = asked.told("generate")
    assert (told["max_new_tokens"], told["do_sample"], told["temperature"]) == (30, True, 0.6)
    assert told["batch"]["examples"] == [{"example": TEXT}]


def test_unified_io_2_ends_a_reply_where_its_positions_end(stub: Make) -> None:
    asked = stub("unified_io_2").load(tokenizer="llama.model")
    for wanted, most, ended in ((1024, 512, "stop"), (2, 2, "length"), (1, 1, "length")):
        asked.ask(video=VIDEO, max_tokens=wanted)
        assert asked.all_told("generate")[-1]["max_new_tokens"] == most
        assert asked.ended == ended


def test_unified_io_2_refuses_what_it_would_cut(stub: Make) -> None:
    asked = stub("unified_io_2").load(tokenizer="llama.model")
    asked.ask("word " * 509, video=VIDEO)
    with pytest.raises(asked.refused, match="513 tokens"):
        asked.ask("word " * 510, video=VIDEO)
    with pytest.raises(asked.refused, match="has both"):
        asked.ask(video=VIDEO, images=(IMAGE,))


@pytest.mark.parametrize(
    ("given", "kind", "first"),
    [
        ({"video": VIDEO, "audio": SOUND}, "audiovideoimage", "./dummy/dummy_audio.json"),
        ({"video": VIDEO}, "audiovideoimage", "./dummy/dummy_audio.json"),
        ({"audio": SOUND}, "audio", None),
    ],
)
def test_video_salmonn_is_asked_by_a_file_of_one_question(
    given: dict[str, bytes], kind: str, first: str | None, stub: Make
) -> None:
    asked = stub("video_salmonn").load("config/test.yaml")
    assert asked.told("config") == {"cfg_path": "config/test.yaml", "options": None}
    asked.ask(**given, max_tokens=30)  # type: ignore[arg-type]
    told = asked.told("forward")
    assert told["image_paths"] == [list(given.values())]
    assert told["output_texts"][0][0] == {"from": "human", "value": TEXT}
    assert (told["generate"], told["generate_config"]) == (True, {"max_new_tokens": 30})
    data = asked.told("dataset")
    assert (data["data_type"], data["training"]) == (kind, False)
    assert first is None or data["audio_data_path"] == first


@pytest.mark.parametrize(
    ("heard", "said"), [(sound(1, 44_100), "44100 Hz"), (b"OggS and so on", "no WAV")]
)
def test_video_salmonn_refuses_sound_that_it_would_hear_slowly(
    heard: bytes, said: str, stub: Make
) -> None:
    asked = stub("video_salmonn").load()
    with pytest.raises(asked.refused, match=said):
        asked.ask(video=VIDEO, audio=heard)
    with pytest.raises(asked.refused, match="beam search"):
        asked.ask(video=VIDEO, temperature=0.5)


def test_vita_puts_its_marks_where_its_demo_does(stub: Make) -> None:
    asked = stub("vita").load("VITA_ckpt")
    told = asked.told("load_pretrained_model")
    assert (told["model_type"], told["model_name"]) == ("mixtral-8x7b", "named VITA_ckpt")
    assert asked.told("load_model") == {}
    assert asked.ask(video=VIDEO, audio=SOUND, max_tokens=30) == "Three times."
    assert asked.told("tokenize") == {
        "prompt": f"video|user:<image><image><image>\n{TEXT}<audio>|bot:", "audio": True
    }  # fmt: skip
    told = asked.told("generate")
    assert (told["images"].of, told["audios"]["audios"].of) == (VIDEO, SOUND)
    assert (told["audios"]["lengths"].of, told["max_new_tokens"]) == (400, 30)
    assert asked.told("frames")["max_frames"] == 16


def test_vita_without_a_sound_gets_none(stub: Make) -> None:
    asked = stub("vita").load()
    asked.ask(temperature=0)
    assert asked.told("tokenize") == {"prompt": f"lang|user:{TEXT}|bot:", "audio": False}
    told = asked.told("generate")
    assert (told["audios"]["audios"].of, told["do_sample"]) == (None, False)


def test_video_salmonn_2_without_a_sound_does_not_listen(stub: Make) -> None:
    asked = stub("video_salmonn_2").load("tsinghua-ee/video-SALMONN2_plus_3B_full")
    settings = asked.told("data_args")
    assert (settings["video_max_frames"], settings["base_interval"]) == (768, 0.1)
    assert asked.ask(video=VIDEO, max_tokens=30, temperature=0) == "Three times."
    told = asked.told("question")
    assert told["use_audio"] is False
    assert told["conversations"][0]["value"] == f"<video>\n{TEXT}"
    told = asked.told("generate")
    assert (told["max_new_tokens"], told["do_sample"]) == (30, False)
    assert told["pixel_values_videos"].of == "pictures"
    with pytest.raises(asked.refused, match="has none"):
        asked.ask(audio=SOUND)


def test_baichuan_omni_gets_media_as_marks_before_the_question(stub: Make) -> None:
    asked = stub("baichuan_omni").load("omni")
    assert asked.told("bind_processor") == {"training": False, "relative_path": "/"}
    reply = asked.ask(video=VIDEO, audio=SOUND, images=(IMAGE,), max_tokens=30)
    assert reply == "Three times."
    told = asked.told("processor")
    assert told["media"] == [("image", IMAGE), ("video", VIDEO), ("audio", SOUND)]
    assert told["message"].startswith("<B_SYS><C_Q><image_start_baichuan>{")
    assert told["message"].endswith(f"<audio_end_baichuan>{TEXT}<C_A>")
    told = asked.told("generate")
    assert (told["temperature"], told["max_new_tokens"], told["labels"]) == (0.8, 30, None)
    assert told["audios"].steps == [("to", "cuda:0")]


def test_baichuan_omni_is_greedy_at_temperature_0(stub: Make) -> None:
    asked = stub("baichuan_omni").load()
    asked.ask(temperature=0)
    told = asked.told("generate")
    assert (told["do_sample"], told["temperature"]) == (False, None)
