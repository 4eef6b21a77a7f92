"""Was each r* handed over the one that the loop accepted, from the rollouts that are named?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aurelia.bench.analysis.asked import ZERO_SHOT
from aurelia.bench.rollouts import RolloutKey, Rollouts, open_rollouts
from aurelia.bench.run.settings import RunSettings
from aurelia.bench.run.steps import accepted_steps, form_of, steps_of
from aurelia.bench.verify.findings import Finding, finding, some
from aurelia.bench.verify.held import DISTILLED, Held
from aurelia.errors import InputError
from aurelia.types.hashing import json_hash, text_hash
from aurelia.types.reasoning import RStarForm
from aurelia.types.trajectory import Trajectory

_Replies = Mapping[tuple[str, str, str, int], Held]


def open_handed(
    folder: Path | None, manifest: Mapping[str, object], replies: _Replies
) -> tuple[Rollouts | None, list[Finding]]:
    """The rollouts of a run, where they can be found and are the ones.

    Args:
        folder: where they are; None: where they were.
        manifest: of the run.
        replies: of it.
    """
    named = manifest.get("r_star")
    if not isinstance(named, dict):
        strange = [one.name for one in replies.values() if one.origin and one.origin.run]
        text = "{n} replies were handed steps, and the manifest names no rollouts."
        return None, some("manifest", True, text, strange)
    places = manifest.get("places")
    before = places.get("r_star") if isinstance(places, dict) else None
    place = folder or (Path(str(before)) if before else None)
    try:
        rollouts = open_rollouts(place) if place else None
    except InputError as error:
        return None, [
            finding(
                "unchecked",
                False,
                f"The rollouts can't be compared with: {error} Name their folder with --r-star.",
                [str(place)],
            )
        ]
    if rollouts is None:
        text = "The rollouts are not named; give their folder with --r-star."
        return None, [finding("unchecked", False, text, ["--r-star"])]
    if json_hash(rollouts.manifest) != named.get("manifest_sha256"):
        text = f"{rollouts.folder} is not the folder of rollouts that the run was made with."
        return None, [finding("manifest", True, text, [str(rollouts.folder)])]
    return rollouts, []


@dataclass
class _Seen:
    """Places of each kind of trouble."""

    compared: int = 0
    other: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    unaccepted: list[str] = field(default_factory=list)
    withheld: dict[str, list[str]] = field(default_factory=dict)


def check_handed(
    replies: _Replies, rollouts: Rollouts | None, settings: RunSettings
) -> tuple[list[Finding], int]:
    """Every injected text against its rollout, and every accepted pass against what was injected.

    Returns:
        What is wrong, and how many texts were compared.
    """
    found = _by_origin(replies)
    if rollouts is None:
        return found, 0
    seen = _Seen()
    wanted: dict[RolloutKey, list[Held]] = {}
    by_id: dict[str, RolloutKey] = {}
    for one in replies.values():
        origin = one.origin
        if origin and origin.run and one.text:
            key = RolloutKey(origin.sample_id, origin.variant, origin.repeat)
            wanted.setdefault(key, []).append(one)
            by_id[origin.run] = key
        elif one.key[1] == DISTILLED and one.status == "stands":
            key = RolloutKey(one.key[2], settings.variant, _repeat(rollouts, settings, one.key[3]))
            wanted.setdefault(key, []).append(one)
    for key, listed in wanted.items():
        run = rollouts.get(*key)
        for one in listed:
            _compare(one, run, settings, seen)
    kinds = [
        *some(
            "handed_over",
            True,
            "{n} replies were given another text than the pass holds that they name.",
            seen.other,
        ),
        *some("handed_over", True, "{n} replies name a rollout that is not there.", seen.gone),
        *some(
            "selection",
            True,
            "{n} distilled replies were given a pass that the loop did not accept.",
            seen.unaccepted,
        ),
    ]
    for why, places in seen.withheld.items():
        kinds += some(
            "selection",
            False,
            f"{{n}} samples have accepted steps, and their zero-shot reply stands all the same: "
            f"{why}.",
            places,
        )
    return [*found, *kinds], seen.compared


def _repeat(rollouts: Rollouts, settings: RunSettings, repeat: int) -> int:
    several = any(key.repeat for key in rollouts.keys if key.variant == settings.variant)
    return repeat if several else 0


def _compare(one: Held, run: Trajectory | None, settings: RunSettings, seen: _Seen) -> None:
    if one.status == "stands":
        if run is not None and one.key[1] == DISTILLED:
            steps = accepted_steps(run, settings.form or form_of(run), settings.leaks)
            if steps.text:
                seen.withheld.setdefault("no reason is recorded", []).append(one.name)
            elif run.stop_reason == "accepted":
                seen.withheld.setdefault(steps.why, []).append(one.name)
        return
    origin = one.origin
    if origin is None:
        return
    if run is None or run.id != origin.run:
        # A control may draw passes of its own, which no folder holds.
        if one.key[1] == DISTILLED or run is None:
            seen.gone.append(one.name)
        return
    seen.compared += 1
    form: RStarForm = one.form or settings.form or form_of(run)
    steps = steps_of(run, origin.iteration or 0, form, settings.leaks)
    if text_hash(steps.text) != one.text:
        seen.other.append(one.name)
    if one.key[1] == DISTILLED:
        accepted = accepted_steps(run, form, settings.leaks)
        if accepted.origin is None or accepted.origin.iteration != origin.iteration:
            seen.unaccepted.append(one.name)


def _by_origin(replies: _Replies) -> list[Finding]:
    """What a record says of itself."""
    distilled = [one for one in replies.values() if one.key[1] == DISTILLED and one.text]
    other = [
        one.name for one in distilled if one.origin is None or one.origin.sample_id != one.key[2]
    ]
    chosen = [one.name for one in distilled if one.origin is None or not one.origin.accepted]
    plain = [
        one.name for one in replies.values() if one.key[1] == ZERO_SHOT and (one.text or one.origin)
    ]
    return [
        *some("selection", True, "{n} distilled replies were given another sample's steps.", other),
        *some(
            "selection",
            True,
            "{n} distilled replies were given a pass that is not marked as accepted.",
            chosen,
        ),
        *some("handed_over", True, "{n} zero-shot replies were given steps.", plain),
    ]
