"""What a folder of rollouts was made with."""

import platform
from collections.abc import Sequence
from importlib import metadata
from typing import Any

from aurelia.bench.generate.order import Order, Variant, roles
from aurelia.bench.imports.manifest import changed_since, file_hash, items_hash, read_manifest
from aurelia.bench.sample import Sample
from aurelia.graph.forms import PROMPT_NODES, SUFFIX
from aurelia.models.faults import redact
from aurelia.models.grounded import asked_as
from aurelia.models.registry import resolve_model

SCHEMA_VERSION = 1
FREE = ("aurelia", "versions", "samples_file", "templates")
"""Parts of the manifest that may differ when the same command goes on: where the files lie, which
version goes on (each session notes its own), and texts that their hashes stand for."""

_OWN = {
    *("prompts", "prompt_overrides", "prompt_pins", "panel"),  # by hash, and among the models
    *("actor", "summarizer", "critic", "target"),
    *(f"{name}{SUFFIX}" for name in PROMPT_NODES),
    # How often and how long is tried doesn't change what comes of it.
    *("call_timeout_s", "max_retries", "stream_tokens", "review"),
}
_PACKAGES = ("langgraph", "langchain-core", "langchain-openai", "langchain-google-genai", "av")


def manifest_of(order: Order, samples: Sequence[Sample]) -> dict[str, Any]:
    """The manifest, JSON values. Hashes the samples file.

    Args:
        order: what is to be generated.
        samples: all of the file, those beyond a limit included.
    """
    first = order.variants[0].context
    imported = read_manifest(order.path)
    beside = None
    if imported is not None:
        beside = {
            "kind": imported.kind,
            "title": imported.title,
            "manifest_sha256": imported.hash,
            "edited_since": changed_since(order.path, imported),
            "licence": imported.licence,
            "note": imported.note,
        }
    return {
        "kind": "rollouts",
        "schema_version": SCHEMA_VERSION,
        "samples": {
            "items_sha256": items_hash(samples),
            "count": len(samples),
            "kind": imported.kind if imported else "as given",
            "licences": _licences(samples),
        },
        "settings": first.model_dump(mode="json", exclude=_OWN),
        "models": _models(order),
        "variants": {
            variant.name: {name: t.hash for name, t in sorted(variant.prompts.templates.items())}
            for variant in order.variants
        },
        "samples_file": {
            "name": order.path.name,
            "sha256": file_hash(order.path),
            "imported": beside,
        },
        "aurelia": metadata.version("aurelia"),
        "versions": versions(),
        "templates": _templates(order.variants),
    }


def _licences(samples: Sequence[Sample]) -> dict[str, list[str]]:
    """What the authors of each data set allow, in their words."""
    found: dict[str, set[str]] = {}
    for sample in samples:
        found.setdefault(sample.dataset, set()).add(sample.licence)
    return {name: sorted(notes) for name, notes in sorted(found.items())}


def versions() -> dict[str, str]:
    """Python's version, and those of the packages that replies pass through."""
    return {
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in _PACKAGES},
    }


def _models(order: Order) -> dict[str, Any]:
    """Model by role, profiles spelled out, so that one which was edited is another one."""
    found: dict[str, list[str]] = {}
    for role, name in roles(order.variants[0].context):
        identity = resolve_model(asked_as(role, name)).identity
        found.setdefault(role, []).append(redact(identity))
    return {role: names[0] if len(names) == 1 else names for role, names in found.items()}


def _templates(variants: Sequence[Variant]) -> dict[str, dict[str, str]]:
    return {
        template.hash: {"name": template.name, "text": template.text}
        for variant in variants
        for template in variant.prompts.templates.values()
    }
