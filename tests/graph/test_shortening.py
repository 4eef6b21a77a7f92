"""r* within a text budget: always within it, in order, and whole where it fits."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aurelia.models.counting import estimate_tokens
from aurelia.nodes.rstar import r_star_text
from aurelia.nodes.shortening import Shortened, longest_fitting, parts, shortenings
from aurelia.types.reasoning import Reasoning, RStarForm, Step

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85  "))
FORMS: st.SearchStrategy[RStarForm | None] = st.sampled_from(
    [None, "plan", "plan_and_findings", "evidence"]
)
WORDS = st.text("abc de. ", min_size=1, max_size=30).map(str.strip).filter(bool)


def _longest(candidates: list[Shortened], budget: int) -> tuple[Shortened, int] | None:
    async def tokens(one: Shortened) -> int:
        return estimate_tokens(one.text)

    return asyncio.run(longest_fitting(candidates, tokens, budget))


@given(st.integers(1, 40), st.integers(0, 45))
def test_the_longest_is_found_by_few_counts(size: int, budget: int) -> None:
    candidates = [Shortened("x" * n) for n in range(size, 0, -1)]
    asked: list[int] = []

    async def tokens(one: Shortened) -> int:
        asked.append(len(one.text))
        return len(one.text)

    found = asyncio.run(longest_fitting(candidates, tokens, budget))
    assert found
    assert found[1] == len(found[0].text) == min(size, max(1, budget))
    assert len(asked) <= 2 + size.bit_length()
    assert len(asked) == len(set(asked))


@given(TEXT, FORMS)
def test_parts_are_r_star_again(text: str, form: RStarForm | None) -> None:
    steps, findings = parts(text, form)
    assert "\n".join([*steps, *([findings] if findings else [])]) == text or (
        findings == text and steps == []
    )


@given(TEXT, FORMS, st.integers(0, 200))
def test_what_is_kept_fits_and_is_the_beginning(
    text: str, form: RStarForm | None, budget: int
) -> None:
    found = _longest(list(shortenings(text, form)), budget)
    assert found
    kept, tokens = found
    assert tokens == estimate_tokens(kept.text)
    if estimate_tokens(text) <= budget:
        assert (kept.text, kept.left_out) == (text, ())
    elif tokens <= budget:
        assert estimate_tokens(kept.text) <= budget
        assert text.startswith(kept.text)
        assert kept.left_out
        assert "\n".join([kept.text, *kept.left_out]) == text  # nothing twice, nothing lost


@given(TEXT, FORMS)
def test_each_is_shorter_than_the_one_before(text: str, form: RStarForm | None) -> None:
    texts = [each.text for each in shortenings(text, form)]
    assert all(len(b) < len(a) for a, b in pairwise(texts))


@given(st.lists(WORDS, min_size=1, max_size=8), WORDS, st.data())
def test_steps_of_a_reasoning_go_from_the_last_on_after_the_findings(
    steps: list[str], findings: str, data: st.DataObject
) -> None:
    reasoning = Reasoning(
        steps=[Step(id=f"s{n}", text=text) for n, text in enumerate(steps, start=1)],
        findings=findings,
    )
    text = r_star_text(reasoning, "plan_and_findings")
    found = list(shortenings(text, "plan_and_findings"))
    assert len(found) == 1 + len(steps)
    assert found[1].left_out == (f"Findings: {findings}",)
    kept = data.draw(st.integers(1, len(steps)))
    shorter = found[1 + len(steps) - kept]
    assert shorter.text == r_star_text(
        reasoning.model_copy(update={"steps": reasoning.steps[:kept]}), "plan"
    )


# Lines that look like items, introductions or findings, in any order, within a step.
LINES = (
    st.lists(
        st.one_of(
            WORDS,
            st.sampled_from(
                ["- the red ball", "* blue", "1. first", "2. second", "3) x", "  - deep"]
            ),
            st.sampled_from(["Look at these:", "Findings: none.", "", "  2. sub", "- ", "1."]),
        ),
        min_size=1,
        max_size=5,
    )
    .map("\n".join)
    .map(str.strip)
)
STEPS = st.lists(
    st.builds(
        Step,
        id=st.just(""),
        text=LINES.filter(str.strip),
        plan=st.one_of(st.just(""), LINES.filter(str.strip)),
        evidence=st.sampled_from([[], ["e1"]]),
    ),
    min_size=1,
    max_size=6,
).map(lambda steps: [s.model_copy(update={"id": f"s{n}"}) for n, s in enumerate(steps)])


@example([Step(id="s1", text="Look.\n", evidence=["e1"])], "evidence", False)
@example([Step(id="s1", text="Look.\n\n", evidence=["e1"])], "evidence", False)
@given(STEPS, st.sampled_from(["plan", "plan_and_findings", "evidence"]), st.booleans())
def test_no_step_is_cut_whatever_its_lines_look_like(
    steps: list[Step], form: RStarForm, told: bool
) -> None:
    """What is kept is the r* of some of the steps, each with all of its lines."""
    reasoning = Reasoning(steps=steps, findings="1. None." if told else "")
    texts = [each.text for each in shortenings(r_star_text(reasoning, form), form)]
    pieces = [_whole(step, form) for step in reasoning.steps]
    measured = [step for step in steps if step.evidence] if form == "evidence" else []
    if measured:
        pieces = [_whole(step, form) for step in measured]
    elif form == "evidence":
        pieces = [_whole(step, "none") for step in steps]
    else:
        plans = dict.fromkeys(_whole(step, form) for step in steps if step.plan)
        pieces = [*plans, *(_whole(step, form) for step in steps if not step.plan)]
    least = 1 if form != "plan_and_findings" or not told else 2
    assert len(texts) == len(pieces) + least - 1
    for kept, text in enumerate(reversed(texts[least - 1 :]), start=1):
        for number, piece in enumerate(pieces):
            assert number >= kept or all(line in text for line in piece)
        lines = [line for piece in pieces[:kept] for line in piece]
        assert len([line for line in text.split("\n") if line.strip()]) == len(lines)


def _whole(step: Step, form: str) -> tuple[str, ...]:
    text = step.plan if step.plan and form in ("plan", "plan_and_findings") else step.text
    lines = text.strip().splitlines()
    # The first stands behind its number or dash, and so counts even where it is empty.
    return (lines[0].strip(), *(line for line in lines[1:] if line.strip()))


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("1. Look at these:\n- the red ball\n- the blue ball", 1),
        ("1. Look:\n- red\n- blue\n2. Listen.", 2),
        ("Follow these steps:\n1. Look.\n2. Listen.", 2),
        ("Do this:\n  1. Look.\n  2. Listen.", 2),
        ("Follow these steps:\nLook.\nListen.", 2),
        ("1. Look.\n1. red\n2. Listen.\n7. end", 2),
        ("- Look:\n1. red\n2. blue\n- Listen.", 2),
        ("- Look.\n- Listen.\n1. Compare.\n2. Conclude.", 4),
        ("There are:\n- a ball\n- a bell\n1. Look.\n2. Listen.", 2),
        ("- Look:\n* red\n* blue\n- Listen.", 2),
        ("Steps:\n\n- Look.\n\n- Listen.", 2),
    ],
)
def test_lists_within_steps_and_introductions_begin_none(text: str, steps: int) -> None:
    found, _ = parts(text)
    assert len(found) == steps
    assert "\n".join(found) == text


def test_a_step_of_several_lines_stays_whole() -> None:
    text = "1. Listen:\nthe first knock,\n\nthen the second.\n2. Look."
    assert [each.text for each in shortenings(text)] == [text, text.removesuffix("\n2. Look.")]


def test_findings_are_told_by_the_form_alone() -> None:
    text = "1. Listen.\nFindings: none."
    assert parts(text, "plan") == ([text], "")
    assert parts(text, "plan_and_findings") == (["1. Listen."], "Findings: none.")


def test_what_has_no_items_is_left_out_line_by_line() -> None:
    assert [each.text for each in shortenings("One.\nTwo.\nThree.")] == [
        "One.\nTwo.\nThree.",
        "One.\nTwo.",
        "One.",
    ]
