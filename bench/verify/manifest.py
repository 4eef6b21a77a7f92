"""The manifest against what it is about: its title, its conditions, its targets."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from aurelia.bench.run.manifest import OWN, RECONSTRUCTION, RENDERED
from aurelia.bench.run.settings import RunSettings
from aurelia.bench.sample import Sample
from aurelia.bench.settled import NAME
from aurelia.bench.verify.findings import Finding, finding, some
from aurelia.bench.verify.held import Held
from aurelia.errors import InputError

_OBJECTS = ("samples", "places", "prompts", "target_prompts", "conditions", "targets", "context")


def check_shape(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Refuse a manifest whose parts are not what any run writes.

    Raises:
        InputError: a part is no object; names it.
    """
    for name in _OBJECTS:
        if not isinstance(manifest.get(name) or {}, dict):
            raise InputError(
                f"{folder / NAME} is damaged: its {name!r} is no object; nothing can be checked."
            )
    try:
        RunSettings.model_validate(manifest.get("settings") or {})
    except ValidationError:
        raise InputError(
            f"{folder / NAME} is damaged: its 'settings' are none of a benchmark run."
        ) from None


def check_title(manifest: Mapping[str, Any], samples: Mapping[str, Sample]) -> list[Finding]:
    """The title that stands above every table, against the samples: whether they were rendered or
    imported is told by them."""
    about, title = manifest.get("samples") or {}, manifest.get("title")
    listed = list(samples.values())
    possible = {_title(manifest, listed)}
    if len(listed) < int(about.get("count") or 0):
        # With a limit those that are not here had a say too, so that less is known for sure.
        possible |= {_title(manifest, [])} if not about.get("rendered") else set()
    if about.get("rendered"):
        possible = {RENDERED}
    if title in possible:
        return []
    comes = " or ".join(repr(one) for one in sorted(possible))
    text = f"The title is {title!r}, and the samples give {comes}."
    return [finding("manifest", True, text, ["title"])]


def _title(manifest: Mapping[str, Any], samples: list[Sample]) -> str:
    """As a run has it; of no samples, what they could be that are not rendered."""
    imported = (manifest.get("samples") or {}).get("imported")
    if samples and all(sample.true_facts for sample in samples):
        return RENDERED
    if imported or (samples and all(sample.dataset for sample in samples)):
        return RECONSTRUCTION
    return OWN.format(name=Path(str((manifest.get("places") or {}).get("samples", ""))).name)


def check_asked(
    manifest: Mapping[str, Any], replies: Mapping[tuple[str, str, str, int], Held], expected: int
) -> list[Finding]:
    """Conditions and targets that were asked, and that the manifest lacks.

    A condition that another one stands for was asked on the way, and for those samples alone.

    Args:
        manifest: of the run.
        replies: of it.
        expected: how many replies a condition of one target has.
    """
    conditions, targets = manifest.get("conditions") or {}, manifest.get("targets") or {}
    needed = {
        (one.key[0], one.stands_for, *one.key[2:]) for one in replies.values() if one.stands_for
    }
    strange: dict[tuple[str, str], int] = {}
    for key in replies:
        if conditions and key[1] not in conditions and key not in needed:
            strange[key[:2]] = strange.get(key[:2], 0) + 1
    # A few may be left from when another condition stood for them; a whole one was asked for.
    whole = {name for (_, name), count in strange.items() if count >= expected}
    unknown = sorted({key[0] for key in replies if targets and key[0] not in targets})
    return [
        *(
            finding(
                "manifest",
                name in whole,
                f"The condition {name!r} has replies and is not in the manifest, so that no table "
                "shows it.",
                [f"{target}, {name}: {count} replies"],
            )
            for (target, name), count in strange.items()
        ),
        *some("manifest", True, "{n} targets have replies and are not in the manifest.", unknown),
    ]
