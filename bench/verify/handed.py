"""Was each r* handed over the one that the loop accepted, from the rollouts that are named?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aurelia.bench.analysis.asked import ZERO_SHOT
from aurelia.bench.lines import named
from aurelia.bench.rollouts import RolloutKey, Rollouts, open_rollouts
from aurelia.bench.run.settings import RunSettings
from aurelia.bench.run.steps import accepted_steps, form_of, steps_of
from aurelia.bench.sample import Sample
from aurelia.bench.verify.decided import (
    FROM_ROLLOUT,
    booked_otherwise,
    ended_otherwise,
    given_otherwise,
    moved_on,
)
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
    about = manifest.get("r_star")
    if not isinstance(about, dict):
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
    if json_hash(rollouts.manifest) != about.get("manifest_sha256"):
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
    kept_back: list[str] = field(default_factory=list)
    moved_on: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    booked: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    withheld: dict[str, list[str]] = field(default_factory=dict)


def check_handed(
    replies: _Replies,
    rollouts: Rollouts | None,
    settings: RunSettings,
    samples: Mapping[str, Sample],
) -> tuple[list[Finding], int]:
    """Every injected text against its rollout, every accepted pass against what was injected, and
    whatever else a rollout alone decides.

    Returns:
        What is wrong, and how many texts were compared.
    """
    found = _by_origin(replies)
    if rollouts is None:
        return found, 0
    seen = _Seen()
    wanted: dict[RolloutKey, list[Held]] = {}
    for one in replies.values():
        origin = one.origin
        if origin and origin.run and one.text:
            key = RolloutKey(origin.sample_id, origin.variant, origin.repeat)
            wanted.setdefault(key, []).append(one)
    own: dict[RolloutKey, list[Held]] = {}
    repeats = _repeats(rollouts, settings)
    for one in replies.values():
        if one.key[1] in FROM_ROLLOUT:
            key = RolloutKey(one.key[2], settings.variant, one.key[3] if repeats else 0)
            own.setdefault(key, []).append(one)
    for key in {**wanted, **own}:
        run = rollouts.get(*key)
        if run is not None and (why := ended_otherwise(run, rollouts.head(key))):
            seen.ended.append(f"{named(key)}: {why}")
        for one in wanted.get(key, ()):
            _compare(one, run, settings, seen)
        for one in own.get(key, ()):
            if moved_on(one, key, rollouts, run):
                seen.moved_on.append(one.name)
            else:
                _decide_again(one, run, settings, seen, samples)
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
        *some(
            "selection",
            True,
            "{n} samples have accepted steps, and their zero-shot reply stands all the same, for "
            "no reason.",
            seen.kept_back,
        ),
        *some(
            "handed_over",
            True,
            "{n} replies were decided on a rollout that has come, or ended otherwise, since; the "
            "same `bench run` asks for them again.",
            seen.moved_on,
        ),
        *some(
            "handed_over",
            True,
            "{n} replies that nobody was asked for are not what their rollout gives.",
            seen.given,
        ),
        *some(
            "budget",
            True,
            "{n} replies book something else than the calls of their rollout's loop.",
            seen.booked,
        ),
        *some(
            "rollout",
            True,
            "{n} rollouts did not end as their scores and threshold have it.",
            seen.ended,
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


def _repeats(rollouts: Rollouts, settings: RunSettings) -> bool:
    """Whether each repeat has a rollout of its own."""
    return any(key.repeat for key in rollouts.keys if key.variant == settings.variant)


def _decide_again(
    one: Held,
    run: Trajectory | None,
    settings: RunSettings,
    seen: _Seen,
    samples: Mapping[str, Sample],
) -> None:
    """A reply against its own rollout."""
    if given_otherwise(one, run):
        seen.given.append(one.name)
    if booked_otherwise(one, run, samples.get(one.key[2])):
        seen.booked.append(one.name)
    if run is None or one.key[1] != DISTILLED or not one.stands_for:
        return
    steps = accepted_steps(run, settings.form or form_of(run), settings.leaks)
    if steps.text:
        seen.kept_back.append(one.name)
    elif run.stop_reason == "accepted":
        seen.withheld.setdefault(steps.why, []).append(one.name)


def _compare(one: Held, run: Trajectory | None, settings: RunSettings, seen: _Seen) -> None:
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
    answered = [r for r in replies.values() if r.key[1] == DISTILLED and r.status == "answered"]
    without = [one.name for one in answered if not one.text]
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
        *some("handed_over", True, "{n} distilled replies were asked for without steps.", without),
    ]
