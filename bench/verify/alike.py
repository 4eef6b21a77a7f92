"""Do the two modes differ by the r* block alone? By their requests, and by their templates."""

from collections.abc import Mapping
from pathlib import Path

from aurelia.bench.verify.files import kept_prompts
from aurelia.bench.verify.findings import Finding, finding, some
from aurelia.bench.verify.held import DISTILLED, ZERO_SHOT, Held
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
    other, unlike, unknown = list[str](), list[str](), list[str]()
    prompts: dict[tuple[str, str], str] = {}
    for one in replies.values():
        if one.key[1] != DISTILLED:
            continue
        target, _, sample_id, repeat = one.key
        zero = replies.get((target, ZERO_SHOT, sample_id, repeat))
        if zero is None:
            continue
        if one.stands_for == ZERO_SHOT and one.said != zero.said:
            other.append(one.name)
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
            "reply",
            True,
            "{n} distilled replies stand for the zero-shot one and say something else.",
            other,
        ),
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
