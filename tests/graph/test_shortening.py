"""r* within a text budget: always within it, in order, and whole where it fits."""

import asyncio
from itertools import pairwise

from hypothesis import given
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
