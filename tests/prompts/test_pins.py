"""A pinned prompt runs as it was meant, or not at all."""

from collections.abc import Callable
from pathlib import Path

import pytest

import aurelia
from aurelia.errors import PromptError
from aurelia.prompts.loader import load_prompts
from aurelia.prompts.pins import check_pins
from tests.clips import ordinary
from tests.scripts import everyone, script

PROMPTS = load_prompts()
PINS = [PROMPTS.get(name).identity for name in PROMPTS.names]
OTHER = "generator@0123456789ab"


def test_the_shipped_texts_match_their_own_pins() -> None:
    check_pins(PROMPTS, PINS)
    check_pins(PROMPTS, [])


def test_another_text_is_refused_with_both_hashes() -> None:
    changed = load_prompts(
        overrides={"generator": PROMPTS.get("generator").text.replace("clip", "film")}
    )
    with pytest.raises(PromptError) as caught:
        check_pins(changed, PINS)
    assert PROMPTS.get("generator").identity in str(caught.value)
    assert changed.get("generator").identity in str(caught.value)
    assert "aurelia prompts list" in str(caught.value)


def test_a_prompt_may_have_either_of_two_hashes() -> None:
    check_pins(PROMPTS, [OTHER, PROMPTS.get("generator").identity])
    with pytest.raises(PromptError, match=f"{OTHER} or generator@ff"):
        check_pins(PROMPTS, [OTHER, "generator@ff"])


@pytest.mark.parametrize(
    ("pin", "said"),
    [
        ("genrator@0123", "has no prompt `genrator`; did you mean `generator`"),
        ("generator", "'generator' is no pin; write name@hash"),
        ("@0123", "is no pin"),
    ],
)
def test_a_pin_that_fits_nothing_is_said(pin: str, said: str) -> None:
    with pytest.raises(PromptError, match=said):
        check_pins(PROMPTS, [pin])


def test_a_run_is_refused_before_anything_is_asked(
    configured: Callable[[str], Path], tmp_path: Path
) -> None:
    clip = ordinary(tmp_path)
    nobody = script(tmp_path, [])  # fails as soon as it is asked
    configured(f'[prompts]\npins = ["{OTHER}"]\n')
    for act in (
        lambda: aurelia.reason(clip, "What?", **everyone(nobody)),
        lambda: aurelia.critique(clip, "A tone.", critic=nobody),
        lambda: aurelia.answer(nobody, clip, "What?"),
    ):
        with pytest.raises(PromptError, match=f"generator is pinned as {OTHER}"):
            act()
    # The file speaks for whoever says nothing: an explicit list of pins stands in its place.
    assert aurelia.critique(clip, "A tone.", critic="offline:perception", prompt_pins=[])
