"""Do the two modes differ by the r* block alone? By their requests, and by their templates."""

from collections.abc import Mapping
from pathlib import Path

from aurelia.bench.run.spent import add
from aurelia.bench.verify.files import kept_prompts
from aurelia.bench.verify.findings import Finding, finding, some
from aurelia.bench.verify.held import DISTILLED, ZERO_SHOT, Held, took_same
from aurelia.errors import PromptError
from aurelia.prompts.loader import load_prompts
from aurelia.prompts.pair import r_star_block

_FILLED = {
    "question": "Which comes first?",
    "options": "A. this\nB. that",
    "evidence": "Measured: nothing.",
    "r_star": "1. Look.",
}


def check_alike(folder: Path, replies: Mapping[tuple[str, str, str, int], Held]) -> list[Finding]:
    """Pairs of replies of the two modes to one question."""
    unlike, unknown = list[str](), list[str]()
    prompts: dict[tuple[str, str], str] = {}
    for one in replies.values():
        if one.key[1] != DISTILLED:
            continue
        target, _, sample_id, repeat = one.key
        zero = replies.get((target, ZERO_SHOT, sample_id, repeat))
        if zero is None:
            continue
        if one.status != "answered" or zero.status != "answered":
            continue
        if not one.asked or not zero.asked:
            unknown.append(one.name)
        elif one.asked != zero.asked or not (one.own and zero.own):
            unlike.append(one.name)
        else:
            prompts.setdefault((zero.prompt, one.prompt), one.name)
    return [
        *some(
            "prompt",
            True,
            "{n} pairs of requests differ by more than the r* block: model, settings, media, "
            "question, options or evidence.",
            unlike,
        ),
        *some(
            "unchecked",
            False,
            "{n} pairs of replies have no record of their requests (another harness made them).",
            unknown,
        ),
        *_check_templates(folder, prompts),
    ]


def check_standing(replies: Mapping[tuple[str, str, str, int], Held]) -> list[Finding]:
    """Replies that stand for another condition's, each against that one."""
    gone, other, taken = list[str](), list[str](), list[str]()
    for one in replies.values():
        if not one.stands_for:
            continue
        target, _, sample_id, repeat = one.key
        stands_for = replies.get((target, one.stands_for, sample_id, repeat))
        if stands_for is None:
            gone.append(one.name)
        elif (one.said, one.text, one.prompt) != (
            stands_for.said,
            stands_for.text,
            stands_for.prompt,
        ):
            other.append(one.name)
        elif one.counted is not None:
            # What the other took is paid for there.
            before = stands_for.spent.model_copy(update={"paid_usd": 0.0})
            if not took_same(one.spent, add(before, one.counted)):
                taken.append(one.name)
    return [
        *some("reply", True, "{n} replies stand for one that is not there.", gone),
        *some(
            "reply",
            True,
            "{n} replies stand for another condition's and say something else than it does.",
            other,
        ),
        *some("reply", True, "{n} replies stand for another one and took something else.", taken),
    ]


def _check_templates(folder: Path, pairs: Mapping[tuple[str, str], str]) -> list[Finding]:
    texts = kept_prompts(folder)
    found: list[Finding] = []
    for (zero, distilled), example in pairs.items():
        if missing := [name for name in (zero, distilled) if name not in texts]:
            found.append(
                finding(
                    "unchecked",
                    False,
                    f"The text of {missing[0]} is not kept, so that the two templates can't be "
                    "compared.",
                    missing,
                )
            )
            continue
        why = _differ(texts[zero], texts[distilled])
        if why:
            text = f"{zero} and {distilled} differ by more than the r* block: {why}."
            found.append(finding("prompt", True, text, [example]))
    return found


def _differ(zero: str, distilled: str) -> str:
    """Why two templates are no pair; empty where they are one."""
    try:
        prompts = load_prompts("default", {"target_zero_shot": zero, "target_distilled": distilled})
    except PromptError as error:
        return str(error).rstrip(".")
    try:
        r_star_block(prompts.get("target_zero_shot"), prompts.get("target_distilled"), _FILLED)
    except ValueError as error:
        return str(error)
    return ""
