"""What a benchmark run was made with, and whether its rollouts are of its samples."""

import json
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from aurelia.bench.generate.manifest import versions
from aurelia.bench.imports.formats import FORMATS
from aurelia.bench.imports.manifest import (
    OWN_FORMATS,
    Manifest,
    changed_since,
    file_hash,
    items_hash,
    read_manifest,
)
from aurelia.bench.rollouts import Rollouts
from aurelia.bench.run.condition import Condition
from aurelia.bench.run.files import write_file
from aurelia.bench.run.settings import RunSettings
from aurelia.bench.sample import Sample
from aurelia.bench.settled import NAME, read_settled, settle
from aurelia.errors import InputError
from aurelia.graph.context import Context
from aurelia.graph.forms import PROMPT_NODES, SUFFIX
from aurelia.models.faults import redact
from aurelia.models.registry import resolve_model
from aurelia.prompts.loader import PromptSet
from aurelia.types.hashing import json_hash

SCHEMA_VERSION = 1
FREE = ("aurelia", "versions", "places")
"""Parts that may differ when the same command goes on: versions, and where files lie."""

_GROWING = ("targets", "target_prompts", "conditions", "r_star")
"""Parts to which something may be added, and in which nothing may change."""

RECONSTRUCTION = "Results on AVReasonBench (reconstruction)"
OWN = "Results on {name} (own samples)"
OWN_IMPORTED = "Results on {name} (reconstruction of own samples)"
RENDERED = "Results on rendered clips"
PLUMBING = "plumbing, no evidence of the paper's gains"
"""Stands above tables of rendered clips, or of targets that are no language models."""

_OWN = {
    *("prompts", "prompt_overrides", "prompt_pins"),  # by hash
    *(f"{name}{SUFFIX}" for name in PROMPT_NODES),
    *("target", "call_timeout_s", "max_retries", "stream_tokens", "review"),
}


def manifest_of(
    path: Path,
    samples: Sequence[Sample],
    *,
    settings: RunSettings,
    context: Context,
    prompts: PromptSet,
    targets: Sequence[str] = (),
    target_prompts: Mapping[str, Sequence[str]] | None = None,
    conditions: Sequence[Condition] = (),
    rollouts: Rollouts | None,
    rendered: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The manifest, JSON values. Hashes the samples file.

    Args:
        path: of the samples file.
        samples: all of it.
        settings: of the benchmark.
        context: of all requests.
        prompts: of the targets.
        targets: model strings.
        target_prompts: identities of the prompts that a target is asked with, by target.
        conditions: in which they are asked; none: it is not known.
        rollouts: whose steps are handed over, if any.
        rendered: how the clips were rendered, where they were.
    """
    imported = read_manifest(path)
    beside = imported and {
        "kind": imported.kind,
        "title": imported.title,
        "manifest_sha256": imported.hash,
        "edited_since": changed_since(path, imported),
        "licence": imported.licence,
        "note": imported.note,
    }
    return {
        "kind": "benchmark",
        "schema_version": SCHEMA_VERSION,
        "title": _title(path, samples, imported),
        "samples": {
            "items_sha256": items_hash(samples),
            "count": len(samples),
            "imported": beside or None,
            "rendered": dict(rendered) if rendered is not None else None,
        },
        "r_star": rollouts and {"manifest_sha256": json_hash(rollouts.manifest)},
        # Profiles spelled out, so that one which was edited is another one.
        "conditions": {condition.name: condition.title for condition in conditions},
        "target_prompts": {redact(k): sorted(v) for k, v in (target_prompts or {}).items()},
        "targets": {redact(name): redact(resolve_model(name).identity) for name in targets},
        "settings": settings.model_dump(mode="json"),
        "context": context.model_dump(mode="json", exclude=_OWN),
        "prompts": {name: t.hash for name, t in sorted(prompts.templates.items())},
        "places": {
            "samples": str(path.absolute()),
            "samples_sha256": file_hash(path),
            "r_star": str(rollouts.folder.absolute()) if rollouts else None,
        },
        "aurelia": metadata.version("aurelia"),
        "versions": versions(),
    }


def settle_run(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest, or compare with the one that stands there.

    Some things may come later: further targets and conditions, and rollouts where there were none.

    Raises:
        InputError: the folder holds results of something else; names what differs.
    """
    path = folder / NAME
    if not path.exists():
        settle(folder, manifest)
        return
    held = read_settled(folder)
    grown, alike = dict(held), dict(manifest)
    for name in _GROWING:
        before, now = held.get(name) or {}, manifest[name] or {}
        grown[name] = {**now, **before} or held.get(name)
        alike[name] = {key: now.get(key, value) for key, value in before.items()} or held.get(name)
    settle(folder, alike, free=FREE)
    if grown != held:
        write_file(path, json.dumps(grown, indent=2, ensure_ascii=False) + "\n")


def check_same_samples(rollouts: Rollouts, samples: Sequence[Sample], path: Path) -> str:
    """Refuse rollouts of other samples.

    Returns:
        What the reader should know though it goes on, in a sentence; empty: nothing.

    Raises:
        InputError: they were made from another file, and not all of their ids are in this one.
    """
    there = (rollouts.manifest.get("samples") or {}).get("items_sha256")
    if there == items_hash(samples):
        return ""
    known = {sample.id for sample in samples}
    ids = list(dict.fromkeys(key.sample_id for key in rollouts.keys))
    strange = [sample_id for sample_id in ids if sample_id not in known]
    if strange:
        raise InputError(
            f"{rollouts.folder} was generated from other samples than {path}: {len(strange)} of "
            f"its {len(ids)} ids, such as {strange[0]!r}, are not there. Give the samples file "
            "that it was generated from; nothing was started."
        )
    return (
        f"{rollouts.folder} was generated from another state of the samples; the ids match, and "
        "each question is compared before its steps are handed over."
    )


def _title(path: Path, samples: Sequence[Sample], imported: Manifest | None) -> str:
    """What the samples are; those that list facts were rendered."""
    if all(sample.true_facts for sample in samples):
        return RENDERED
    if imported is not None:
        return OWN_IMPORTED.format(name=path.name) if imported.is_own else RECONSTRUCTION
    known = set(FORMATS) - set(OWN_FORMATS)
    return (
        RECONSTRUCTION if all(s.dataset in known for s in samples) else OWN.format(name=path.name)
    )
