"""Each importer, on a small file in its published shape."""

import json
from pathlib import Path
from typing import Any

import pytest

from aurelia.bench.imports.rows import Wish
from aurelia.bench.imports.run import Imported, collect
from aurelia.bench.sample import Sample
from tests.bench.imports import shapes
from tests.bench.imports.shapes import media, put


def run(tmp_path: Path, form: str, data: Any, *names: str, **more: Any) -> Imported:
    file = put(tmp_path / more.pop("file", "annotations.json"), data)
    return collect(form, [file], media(tmp_path / "clips", *names), tmp_path, **more)


def by_question(imported: Imported) -> dict[str, Sample]:
    return {sample.question: sample for sample in imported.samples}


def test_music_avqa(tmp_path: Path) -> None:
    made = run(tmp_path, "music-avqa", shapes.MUSIC_AVQA, "00000093.mp4", "00000094.webm")
    louder, types, piano = made.samples
    assert louder.question == "Is the cello on the left louder than the violin?"
    assert (louder.id, louder.ground_truth) == ("music-avqa-12", ["yes"])
    assert (louder.question_type, louder.answer_type) == ("Audio/Comparative", "short")
    assert (louder.task, louder.category) == ("music_avqa", "Musical Performances")
    assert (louder.clip, louder.video_id) == ("clips/00000093.mp4", "00000093")
    assert types.question == "How many types of instruments are there?"
    assert types.clip == "clips/00000094.webm"
    assert types.id != piano.id
    assert all(sample.id.startswith("music-avqa-13-") for sample in (types, piano))
    (skip,) = made.skipped
    assert skip.where == "annotations.json, item 4"
    assert "question_deleted" in skip.reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"templ_values": '["cello"]'}, "3 placeholders"),
        ({"templ_values": "[cello"}, "`templ_values` holds no list"),
        ({"type": '["Audio"]'}, "modality and kind"),
        ({"anser": None}, "`anser` is null; it should be text"),
        ({"video_id": ["00000093"]}, "`video_id` is a list; it should be text"),
        ({"question_content": "  "}, "`question_content` is empty"),
    ],
)
def test_a_bad_item_is_named_and_the_others_go_on(
    tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    data = [shapes.MUSIC_AVQA[0] | change, shapes.MUSIC_AVQA[1]]
    made = run(tmp_path, "music-avqa", data, "00000093.mp4", "00000094.mp4")
    assert [sample.video_id for sample in made.samples] == ["00000094"]
    assert made.skipped[0].where == "annotations.json, item 1"
    assert reason in made.skipped[0].reason


def test_avsd_with_references(tmp_path: Path) -> None:
    references = put(tmp_path / "lbl.json", shapes.AVSD_REFERENCES)
    made = run(tmp_path, "avsd", shapes.AVSD, "ABCDE.mp4", "FGHIJ.mp4", references=[references])
    (sample,) = made.samples
    assert sample.ground_truth == ["no", "he does not"]
    assert (sample.id, sample.answer_type) == ("avsd-ABCDE-2", "open")
    assert sample.context == "Q: is he alone ?\nA: yes he is"
    assert sample.asked == "Q: is he alone ?\nA: yes he is\n\ndoes he speak ?"
    assert "gives it away" not in sample.model_dump_json()
    (skip,) = made.skipped
    assert skip.where == "annotations.json, dialogue 2, turn 1"
    assert "--references" in skip.reason
    assert [source.role for source in made.sources] == ["annotations", "references"]


def test_avsd_without_its_dialogue_and_with_its_caption(tmp_path: Path) -> None:
    wish = Wish(turns="all", use_context=False, with_caption=True)
    made = run(tmp_path, "avsd", shapes.AVSD, "ABCDE.mp4", wish=wish)
    (sample,) = made.samples
    assert sample.id == "avsd-ABCDE-1"
    assert sample.context == "Caption: a man walks in"
    assert sample.asked == "is he alone ?"


def test_avsd_takes_the_last_turn_where_all_are_disclosed(tmp_path: Path) -> None:
    turns = [{"question": f"q{n}", "answer": f"a{n}"} for n in range(3)]
    turns[2]["reason"] = [{"timestamp": [0.0, 1.0], "sentence": "he is seen"}]  # type: ignore[assignment]
    data = {"dialogs": [{"image_id": "ABCDE", "caption": "", "dialog": turns}]}
    (sample,) = run(tmp_path, "avsd", data, "ABCDE.mp4").samples
    assert (sample.question, sample.ground_truth) == ("q2", ["a2"])
    assert sample.reference_reasoning == ["he is seen"]


def test_valor_splits_ids_from_their_end(tmp_path: Path) -> None:
    names = ("x-2Abohj8VY.mkv", "_a_b_c_d_e__0.000_10.000.mp4")
    first, second = run(tmp_path, "valor32k", shapes.VALOR, *names).samples
    assert (first.clip, first.start_s, first.end_s) == ("clips/x-2Abohj8VY.mkv", 30.0, 40.0)
    assert first.ground_truth == ["A man sings while a dog barks.", "Someone sings beside a dog."]
    assert (second.clip, second.start_s) == ("clips/_a_b_c_d_e__0.000_10.000.mp4", None)
    assert (first.answer_type, first.task) == ("caption", "av_captioning")


def test_a_cut_clip_is_preferred_to_the_whole_video(tmp_path: Path) -> None:
    names = ("x-2Abohj8VY.mp4", "x-2Abohj8VY_30.000_40.000.webm")
    (sample,) = run(tmp_path, "valor32k", shapes.VALOR[:1], *names).samples
    assert (sample.clip, sample.end_s) == ("clips/x-2Abohj8VY_30.000_40.000.webm", None)


def test_daily_omni_takes_the_sound_that_its_authors_give(tmp_path: Path) -> None:
    folder = "Videos/G_VTkkb34gw/G_VTkkb34gw"
    names = (f"{folder}_video.mp4", f"{folder}_audio.wav")
    (sample,) = run(tmp_path, "daily-omni", shapes.DAILY_OMNI, *names).samples
    assert sample.clip == f"clips/{names[0]}"
    assert sample.audio == f"clips/{names[1]}"
    assert sample.options == {"A": "A door", "B": "A cat", "C": "A boat", "D": "A lamp"}
    assert sample.ground_truth == ["C"]
    assert sample.id.startswith("daily-omni-")


def test_worldsense_gives_a_sample_for_each_task_and_no_caption(tmp_path: Path) -> None:
    made = run(tmp_path, "worldsense", shapes.WORLDSENSE, "abCDefGH.mp4")
    assert [s.id for s in made.samples] == [
        "worldsense-abCDefGH-task1",
        "worldsense-abCDefGH-task2",
    ]
    assert [s.ground_truth for s in made.samples] == [["B"], ["D"]]
    assert made.samples[0].question_type == "Audio Counting"
    assert "tells what is in it" not in made.samples[0].model_dump_json()


def test_omnivideobench_keeps_the_reasoning_of_its_authors(tmp_path: Path) -> None:
    (sample,) = run(tmp_path, "omnivideobench", shapes.OMNIVIDEOBENCH, "video_1.mp4").samples
    assert sample.options == {"A": "0", "B": "1", "C": "2", "D": "3"}
    assert sample.ground_truth == ["C"]
    assert sample.reference_reasoning == [
        "[audio] A horn at 0:10. → Look at 0:10.",
        "[vision] Two bicycles. → 2.",
    ]


def test_avhbench_reads_a_folder_of_files(tmp_path: Path) -> None:
    put(tmp_path / "json" / "00191.json", shapes.AVHBENCH)
    swapped = [shapes.AVHBENCH[0] | {"video_id": "00191_swap", "label": "Yes"}]
    put(tmp_path / "json" / "00192.json", swapped)
    clips = media(tmp_path / "video", "00191.mp4", "00191_swap.mp4")
    made = collect("avhbench", [tmp_path / "json"], clips, tmp_path)
    couch, caption, other = made.samples
    assert (couch.answer_type, couch.ground_truth) == ("yes_no", ["no"])
    assert (caption.answer_type, caption.question_type) == ("caption", "AV Captioning")
    assert (other.clip, other.ground_truth) == ("video/00191_swap.mp4", ["yes"])
    assert len({couch.id, caption.id, other.id}) == 3


def parquet(path: Path, rows: list[dict[str, Any]]) -> Path:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


TRACKS = tuple(f"data/audio/16_3_{n}.wav" for n in range(1, 5))


def test_av_odyssey_takes_the_dance_items(tmp_path: Path) -> None:
    file = parquet(tmp_path / "test.parquet", shapes.AV_ODYSSEY)
    clips = media(tmp_path / "media", "data/video/16_3.mp4", *TRACKS)
    made = collect("av-odyssey", [file], clips, tmp_path)
    (sample,) = made.samples
    assert (sample.id, sample.task) == ("av-odyssey-16_3", "dm_match")
    assert sample.candidates == {
        label: f"media/{track}" for label, track in zip("ABCD", TRACKS, strict=True)
    }
    assert sample.question == "Which music fits the dance in the video?"
    assert sample.options == {letter: f"track {letter}" for letter in "ABCD"}
    assert sample.ground_truth == ["C"]
    (skip,) = made.skipped
    assert "1 items that do not ask about dance" in skip.reason


def test_av_odyssey_by_type_and_with_paths_in_lists(tmp_path: Path) -> None:
    told = {"question": "Match <[video1]>.", "options": ["track 2", "track 1", "none", "both"]}
    listed = {
        "video_path": ["video/16_3.mp4"],
        "audio_path": [f"audio/16_3_{n}.wav" for n in range(1, 5)],
    }
    item = {
        name: value
        for name, value in shapes.AV_ODYSSEY[0].items()
        if not name.startswith(("audio_", "video_", "image_"))
    }
    file = parquet(tmp_path / "test.parquet", [item | listed | told | {"answer": "A"}])
    clips = media(tmp_path / "data", "video/16_3.mp4", *(t.removeprefix("data/") for t in TRACKS))
    (sample,) = collect("av-odyssey", [file], clips, tmp_path, wish=Wish(kinds=("16",))).samples
    assert list(sample.candidates) == ["1", "2", "3", "4"]
    assert sample.question == "Match the video."


def test_csv(tmp_path: Path) -> None:
    made = run(
        tmp_path, "csv", shapes.CSV_TEXT, "a.mp4", "t1.wav", "t2.wav", file="mine.csv",
        wish=Wish(task="own_trial"),
    )  # fmt: skip
    asked = by_question(made)
    assert asked["Which, of these?"].options == {"A": "Left", "B": "Right"}
    assert asked["Which, of these?"].ground_truth == ["B"]
    assert asked["Say what is heard."].ground_truth == ["a bell", "bells"]
    assert asked["Say what is heard."].answer_type == "open"
    assert asked["Which fits?"].candidates == {"A": "clips/t1.wav", "B": "clips/t2.wav"}
    assert {sample.task for sample in made.samples} == {"own_trial"}
    assert [sample.id for sample in made.samples] == ["csv-one", "csv-two", "csv-three"]


def test_jsonl_goes_on_after_a_truncated_line(tmp_path: Path) -> None:
    whole = {"clip": "a.mp4", "question": "Is it loud?\u2028", "answer": "Yes"}
    broken = json.dumps(whole)[:25]
    last = whole | {"question": "Is it dark?", "split": "dev"}
    text = "\n".join([json.dumps(whole, ensure_ascii=False), broken, json.dumps(last), "7"])
    made = run(tmp_path, "jsonl", text, "a.mp4", file="mine.jsonl", wish=Wish(split="dev"))
    assert [(s.question, s.answer_type) for s in made.samples] == [
        ("Is it loud?", "yes_no"),
        ("Is it dark?", "yes_no"),
    ]
    where = {skip.where: skip.reason for skip in made.skipped}
    assert "no whole JSON value" in where["mine.jsonl, line 2"]
    assert where["mine.jsonl, line 4"] == "the line holds no object"


def test_rows_of_another_split_are_left_out_on_purpose(tmp_path: Path) -> None:
    row = {"clip": "a.mp4", "question": "Is it loud?", "answer": "yes", "split": "train"}
    data = [row, row | {"question": "Is it dark?", "split": "test"}]
    made = run(tmp_path, "jsonl", data, "a.mp4", file="m.jsonl", wish=Wish(split="test"))
    assert [sample.question for sample in made.samples] == ["Is it dark?"]
    assert [(skip.where, skip.meant) for skip in made.skipped] == [("m.jsonl, line 1", True)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"answer_type": "letter"}, "`answer_type` is 'letter'; it is one of option"),
        ({"options": "[1"}, "`options` is no JSON"),
        ({"options": ["one", "two"], "answer": "C"}, "'C' is none of the options"),
        ({"answer": ""}, "it names no answer; give `ground_truth` or `answer`"),
        ({"clip": None}, "it names no clip; give `clip` or `video` or `video_id`"),
        ({"start_s": "soon"}, "`start_s` is 'soon'; it should be a number"),
        ({"start_s": 3, "end_s": "2"}, "the window ends at 2 s, not after its start"),
        ({"audio": "b.wav"}, "there is no sound 'b.wav'"),
        ({"candidate_A": "b.wav"}, "there is no sound 'b.wav'"),
        ({"task": "av_mem"}, "there is no task 'av_mem'"),
    ],
)
def test_a_bad_row_of_ones_own_says_what_is_wrong(
    tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    row = {"clip": "a.mp4", "question": "Is it loud?", "answer": "yes"}
    data = [row | change, row | {"question": "And dark?"}]
    made = run(tmp_path, "jsonl", data, "a.mp4", file="m.jsonl")
    assert [sample.question for sample in made.samples] == ["And dark?"]
    (skip,) = made.skipped
    assert skip.where == "m.jsonl, line 1"
    assert reason in skip.reason
