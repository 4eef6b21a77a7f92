"""Samples follow from their arguments, are balanced, and travel with their folder."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from numpy.random import default_rng

from aurelia.bench.rendered.dance import draw_tempos
from aurelia.bench.rendered.ensembles import registers
from aurelia.bench.rendered.looks import look_of
from aurelia.bench.rendered.render import FAMILIES, Split, draw_scene, render, render_sample
from aurelia.bench.rendered.scene import Scene
from aurelia.bench.sample import read_samples
from aurelia.errors import InputError
from tests.bench.rendered.conftest import Clip

SPLITS: tuple[Split, ...] = ("dev", "held_out")


def scenes(family: str, split: Split, count: int = 40) -> list[Scene]:
    return [draw_scene(family, index, 3, split=split) for index in range(count)]


def test_the_same_arguments_give_the_same_sample_and_the_same_media(tmp_path: Path) -> None:
    first, second = (
        render_sample("dm_match", 1, 5, tmp_path / name, difficulty="noisy", split="held_out")
        for name in ("one", "two")
    )
    assert first == second
    assert first.id == "dm_match-noisy-held_out-5-0001"
    for name in (first.clip, *first.candidates.values()):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_another_seed_gives_another_clip() -> None:
    facts = [draw_scene("av_captioning", 0, seed).facts for seed in range(4)]
    assert all(facts[0] != other for other in facts[1:])


def test_a_folder_of_samples_can_be_moved(tmp_path: Path) -> None:
    seen: list[str] = []
    samples = render(["av_geoiq"], 2, 1, tmp_path / "a", on_sample=lambda s: seen.append(s.id))
    assert seen == [sample.id for sample in samples]
    assert all(not Path(sample.clip).is_absolute() for sample in samples)
    (tmp_path / "a").rename(tmp_path / "b")
    read = read_samples(tmp_path / "b" / "samples.jsonl")
    assert [s.id for s in read] == seen
    assert all(Path(sample.clip).is_file() for sample in read)


def test_wrong_names_are_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="family"):
        render_sample("chess", 0, 1, tmp_path)
    with pytest.raises(InputError, match="set"):
        render_sample("av_meme", 0, 1, tmp_path, split="test")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="difficulty"):
        render_sample("av_meme", 0, 1, tmp_path, difficulty="hard")  # type: ignore[arg-type]


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("family", FAMILIES)
def test_facts_lie_inside_the_clip_and_options_hold_the_answer(family: str, split: Split) -> None:
    for scene in scenes(family, split, 8):
        for fact in scene.facts:
            if fact.start_s is not None and fact.end_s is not None:
                assert 0 <= fact.start_s < fact.end_s <= scene.length_s
        if scene.options:
            assert len(set(scene.options.values())) == len(scene.options)
            assert scene.answer in scene.options
        assert 6 <= scene.length_s <= 9.1


@pytest.mark.parametrize("split", SPLITS)
def test_the_picture_says_nothing_about_the_order(split: Split) -> None:
    middles = {True: [], False: []}  # type: dict[bool, list[float]]
    answers = Counter[str]()
    for scene in scenes("av_compositional", split):
        shape = next(fact for fact in scene.facts if fact.kind == "object.moves")
        assert scene.options is not None
        assert all(str(shape.value) in text.lower() for text in scene.options.values())
        event = next(fact for fact in scene.facts if fact.kind == "event.heard")
        assert shape.start_s is not None
        assert event.start_s is not None
        assert abs(event.start_s - shape.start_s) >= 0.5
        middles[event.start_s < shape.start_s].append(shape.start_s)
        answers[scene.answer] += 1
    assert [len(values) for values in middles.values()] == [20, 20]
    means = [sum(values) / len(values) for values in middles.values()]
    assert abs(means[0] - means[1]) < 0.8  # spread 1.0 s, so 0.32 s is the error of a difference
    assert set(answers.values()) == {10}


@pytest.mark.parametrize("split", SPLITS)
def test_what_is_shown_says_nothing_about_what_is_heard(split: Split) -> None:
    answers, pairs = dict[float, Counter[str]](), Counter[tuple[object, object]]()
    for scene in scenes("music_avqa", split, 32):
        heard, shown = (fact.value for fact in scene.facts)
        assert scene.options is not None
        said = scene.options[scene.answer]
        if scene.category == "compare":
            answers.setdefault(float(shown), Counter())[said] += 1
            assert said == ("yes" if float(heard) > float(shown) else "no")
        else:
            pairs[heard, shown] += 1
            assert said == f"{float(heard):.0f}"
    assert set(answers) == {1.0, 2.0, 3.0}
    assert all(abs(count["yes"] - count["no"]) <= 1 for count in answers.values())
    assert len(pairs) == 16
    assert set(pairs.values()) == {1}


@pytest.mark.parametrize("split", SPLITS)
def test_words_and_music_come_in_all_four_combinations(split: Split) -> None:
    look, found = look_of(split), Counter[tuple[bool, str, str]]()
    for scene in scenes("av_meme", split, 16):
        text, mood = (str(fact.value) for fact in scene.facts)
        assert scene.options is not None
        found[text in look.cheerful, mood, scene.options[scene.answer]] += 1
    assert found == {
        (True, "bright", "no"): 4,
        (True, "dark", "yes"): 4,
        (False, "bright", "yes"): 4,
        (False, "dark", "no"): 4,
    }


@pytest.mark.parametrize("split", SPLITS)
def test_the_sound_asked_about_falls_into_any_shot(split: Split) -> None:
    positions = dict[int, Counter[int]]()
    for index in range(72):
        scene = draw_scene("av_geoiq", index, 3, split=split)
        shots = [fact for fact in scene.facts if fact.kind != "event.heard"]
        events = [fact for fact in scene.facts if fact.kind == "event.heard"]
        spots = []
        for event in events:
            assert event.start_s is not None
            assert event.end_s is not None
            inside = [
                k
                for k, shot in enumerate(shots)
                if (shot.start_s or 0) + 0.39 <= event.start_s
                and event.end_s <= (shot.end_s or 0) - 0.39
            ]
            assert len(inside) == 1
            spots += inside
        assert spots[0] != spots[1]
        assert scene.options is not None
        assert len(scene.options) == len(shots)
        if scene.category == "flag_country":
            assert scene.options[scene.answer] == shots[spots[0]].value
        positions.setdefault(len(shots), Counter())[spots[0]] += 1
    for shots_count, counter in positions.items():
        assert set(counter.values()) == {24 // shots_count}


def test_tempos_differ_and_none_is_near_twice_another() -> None:
    for seed in range(50):
        tempos = sorted(draw_tempos(default_rng(seed)))
        ratios = [high / low for k, low in enumerate(tempos) for high in tempos[k + 1 :]]
        assert min(ratios) >= 1.1
        assert all(abs(ratio - 2) > 0.12 for ratio in ratios)


def test_letters_of_tracks_are_even_and_apart_from_their_names() -> None:
    """No letter and no pair of letter and name is right more often than another."""
    pairs = []
    for index in range(16):
        scene = draw_scene("dm_match", index, 4, split="dev")
        assert scene.options is not None
        assert sorted(scene.options.values()) == [f"track {label}" for label in "ABCD"]
        pairs.append((scene.answer, scene.options[scene.answer]))
        again = draw_scene("dm_match", index, 4, split="dev")
        assert (again.options, again.answer) == (scene.options, scene.answer)
    assert len(set(pairs)) == 16
    for start in range(0, 16, 4):
        assert {letter for letter, _ in pairs[start : start + 4]} == set("ABCD")


def test_registers_are_apart() -> None:
    for seed in range(50):
        lows = sorted(registers(default_rng(seed), 1 + seed % 4))
        assert all(high - (low + 7) >= 5 for low, high in pairwise(lows))


def test_flags_of_a_set_are_unique() -> None:
    for split in SPLITS:
        flags = look_of(split).flags
        assert len({(flag.layout, flag.colours) for flag in flags}) == len(flags)


def test_the_sets_share_neither_words_nor_places() -> None:
    dev, held = look_of("dev"), look_of("held_out")
    assert not set(dev.cheerful + dev.gloomy) & set(held.cheerful + held.gloomy)
    assert not {f.country for f in dev.flags} & {f.country for f in held.flags}
    assert not {c.name for c in dev.cities} & {c.name for c in held.cities}
    for category, questions in dev.wording.questions.items():
        assert min(len(questions), len(held.wording.questions[category])) >= 4
        assert not set(questions) & set(held.wording.questions[category])


def test_a_caption_sample_has_a_reference_and_no_options(clip: Clip) -> None:
    sample, _ = clip("av_captioning")
    assert sample.answer_type == "caption"
    assert sample.options is None
    assert sample.ground_truth[0].endswith(".")
