"""True captions state the facts; a corruption changes one of them and nothing else."""

from difflib import SequenceMatcher

import pytest

from aurelia.bench.rendered.captions import Corruption, corruptions, true_caption
from aurelia.bench.rendered.looks import caption_words_of
from aurelia.bench.rendered.render import FAMILIES, Split, draw_scene
from aurelia.bench.sample import Sample

SPLITS: tuple[Split, ...] = ("dev", "held_out")


def sample_of(family: str, index: int, split: Split) -> Sample:
    scene = draw_scene(family, index, 2, split=split)
    return Sample(
        id=f"{family}-{index}",
        task=family,
        clip="clip.mp4",
        question=scene.question,
        options=scene.options,
        ground_truth=[scene.answer or "-"],
        true_facts=scene.facts,
        split=split,
    )


def by_kind(sample: Sample, seed: int) -> dict[str, Corruption]:
    return {one.kind: one for one in corruptions(sample, seed)}


def changed_words(true: str, false: str) -> tuple[list[str], list[str]]:
    """Words that differ, in both captions."""
    old, new = true.split(), false.split()
    edits = [o for o in SequenceMatcher(None, old, new, False).get_opcodes() if o[0] != "equal"]
    return (
        [word for _, first, last, _, _ in edits for word in old[first:last]],
        [word for _, _, _, first, last in edits for word in new[first:last]],
    )


EXPECTED = {
    "av_compositional": {
        *("sound_swapped", "time_shifted", "colour_swapped", "modality_dropped"),
        *("path_reversed", "order_reversed"),
    },
    "music_avqa": {"count_off", "modality_dropped"},
    "dm_match": {"tempo_off", "modality_dropped"},
    "av_meme": {"mood_flipped", "text_changed", "modality_dropped"},
    "av_captioning": {
        *("sound_swapped", "time_shifted", "colour_swapped", "modality_dropped", "path_reversed"),
    },
}


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("family", FAMILIES)
def test_every_kind_that_applies_is_there_and_differs(family: str, split: Split) -> None:
    for index in range(4):
        sample = sample_of(family, index, split)
        true = true_caption(sample, index)
        assert true == true_caption(sample, index)
        found = by_kind(sample, index)
        if family == "av_geoiq":
            place = "place_swapped" if sample.question and "flag" in sample.question.lower() else ""
            assert found.keys() == {
                "sound_swapped", "time_shifted", "modality_dropped", place or "text_changed",
                "place_moved",
            }  # fmt: skip
        else:
            assert found.keys() == EXPECTED[family]
        captions = [one.caption for one in found.values()]
        assert true not in captions
        assert len(set(captions)) == len(captions)


@pytest.mark.parametrize("split", SPLITS)
def test_a_true_caption_states_every_time_and_value(split: Split) -> None:
    sample = sample_of("av_captioning", 5, split)
    caption = true_caption(sample, 1)
    for fact in sample.true_facts:
        assert f"{fact.start_s:.1f}" in caption
        assert f"{fact.end_s:.1f}" in caption
        if fact.kind == "object.moves":
            assert str(fact.value) in caption.lower()
    meme = sample_of("av_meme", 1, split)
    assert f'"{meme.true_facts[0].value}"' in true_caption(meme, 1)
    dance = sample_of("dm_match", 1, split)
    for fact in dance.true_facts:
        assert f" {round(float(fact.value))} " in true_caption(dance, 1).replace(".", " ")


@pytest.mark.parametrize("split", SPLITS)
def test_a_shift_is_half_a_second_and_changes_nothing_but_two_times(split: Split) -> None:
    for index in range(12):
        sample = sample_of("av_captioning", index, split)
        true, false = true_caption(sample, index), by_kind(sample, index)["time_shifted"].caption
        old, new = changed_words(true, false)
        shifts = [
            float(after.strip("().,;")) - float(before.strip("().,;"))
            for before, after in zip(old, new, strict=True)
        ]
        assert len(shifts) == 2
        assert shifts[0] == pytest.approx(shifts[1])
        assert abs(shifts[0]) == pytest.approx(0.5)
        assert all(0 <= float(word.strip("().,;")) <= 8.5 for word in new)


@pytest.mark.parametrize("split", SPLITS)
def test_swaps_change_the_words_of_one_fact_alone(split: Split) -> None:
    for index in range(8):
        sample = sample_of("av_compositional", index, split)
        true, found = true_caption(sample, index), by_kind(sample, index)
        old, new = changed_words(true, found["colour_swapped"].caption)
        assert {word.lower() for word in old} - {"a", "an"} < set(
            str(sample.true_facts[0].value).split()
        )
        assert len({word.lower() for word in new} - {"a", "an"}) == 1
        tempo = sample_of("dm_match", index, split)
        old, new = changed_words(
            true_caption(tempo, index), by_kind(tempo, index)["tempo_off"].caption
        )
        ratio = float(new[0].strip(".:")) / float(old[0].strip(".:"))
        assert len(old) == len(new) == 1
        assert abs(abs(ratio - 1) - 0.08) < 0.012


@pytest.mark.parametrize("split", SPLITS)
def test_a_dropped_modality_leaves_only_the_other(split: Split) -> None:
    for index in range(6):
        sample = sample_of("music_avqa", index, split)
        dropped = by_kind(sample, 1)["modality_dropped"]
        gone = "visual" if "seen" in dropped.changed else "audio"
        kept = [fact for fact in sample.true_facts if fact.modality != gone]
        rest = sample.model_copy(update={"true_facts": kept})
        assert not corruptions(rest, 1) or "modality_dropped" not in by_kind(rest, 1)
        assert len(dropped.caption) < len(true_caption(sample, 1))


def test_wordings_vary_with_the_seed_and_between_the_sets() -> None:
    sample = sample_of("av_compositional", 0, "dev")
    assert len({true_caption(sample, seed) for seed in range(20)}) > 12
    dev, held = caption_words_of("dev"), caption_words_of("held_out")
    for kind, templates in dev.templates.items():
        assert min(len(templates), len(held.templates[kind])) >= 4
        assert not set(templates) & set(held.templates[kind])


@pytest.mark.parametrize("split", SPLITS)
def test_a_lie_about_the_order_turns_one_sentence_round(split: Split) -> None:
    for index in range(8):
        sample = sample_of("av_compositional", index, split)
        moves, heard = sample.true_facts[:2]
        first, second = sorted((moves, heard), key=lambda fact: fact.start_s or 0)
        true, found = true_caption(sample, index), by_kind(sample, index)
        said = f" The {first.value} comes before the {second.value}."
        assert true.endswith(said)
        lie = f" The {second.value} comes before the {first.value}."
        assert found["order_reversed"].caption == true.removesuffix(said) + lie
        assert "comes before" not in found["modality_dropped"].caption


@pytest.mark.parametrize("split", SPLITS)
def test_a_lie_about_a_place_names_one_of_another_time(split: Split) -> None:
    for index in range(12):
        sample = sample_of("av_geoiq", index, split)
        heard = next(fact for fact in sample.true_facts if fact.kind == "event.heard")
        places = [f for f in sample.true_facts if f.kind in ("flag.shown", "text.shown")]
        middle = ((heard.start_s or 0) + (heard.end_s or 0)) / 2
        true, lie = true_caption(sample, index), by_kind(sample, index)["place_moved"].caption
        told = {
            place.value: (f"The flag of {place.value}" if place.kind == "flag.shown"
                          else f'The sign "{place.value}"')
            + f" is shown while the {heard.value} is heard."
            for place in places
        }  # fmt: skip
        (right,) = [p.value for p in places if (p.start_s or 0) <= middle < (p.end_s or 0)]
        assert true.endswith(told[right])
        rest = true.removesuffix(told[right])
        assert lie in [rest + told[value] for value in told if value != right]


@pytest.mark.parametrize("split", SPLITS)
def test_a_turned_path_is_the_opposite_and_nothing_else(split: Split) -> None:
    turned = set()
    for index in range(16):
        sample = sample_of("av_captioning", index, split)
        lie = by_kind(sample, index)["path_reversed"]
        before, after = lie.changed.split(" -> ")
        turned.add((before, after))
        moved = [
            fact.model_copy(update={"other": after})
            if fact.other == before and fact.kind == "object.moves" else fact
            for fact in sample.true_facts
        ]  # fmt: skip
        if sum(fact.other == before for fact in sample.true_facts) == 1:
            assert lie.caption == true_caption(
                sample.model_copy(update={"true_facts": moved}), index
            )
    assert turned == {
        ("left to right", "right to left"), ("right to left", "left to right"),
        ("upwards", "downwards"), ("downwards", "upwards"),
    }  # fmt: skip
