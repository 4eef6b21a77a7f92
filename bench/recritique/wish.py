"""What is to be judged anew, and with which settings: those of the recorded run, but for a few."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aurelia.errors import InputError
from aurelia.graph.context import Context, make_context
from aurelia.graph.forms import PROMPT_NODES, SUFFIX
from aurelia.models.faults import redact
from aurelia.models.grounded import asked_as
from aurelia.models.registry import resolve_model
from aurelia.prompts.loader import SETS, PromptSet, load_prompts
from aurelia.types.hashing import json_hash
from aurelia.types.trajectory import Trajectory

RECRITIQUED = "recritiqued"
"""In a manifest: which rollouts were judged anew, and what changed."""

DOWNSTREAM = ("evaluator", "summarizer", "repair")
"""Prompts that are used again; of a set that is given, only these matter."""


@dataclass(frozen=True, slots=True)
class Settings:
    """With what one run is judged anew."""

    context: Context
    prompts: PromptSet


@dataclass(frozen=True)
class Wish:
    """What differs from the recorded runs.

    Attributes:
        critic: another critic; None: the recorded one.
        panel: further critics; None: as recorded; empty: none.
        summarizer: asked first; None: captions stay as they are, unless `prompts` has another
            template of the summarizer.
        prompts: a set by name, or a folder; None: the recorded texts.
    """

    critic: str | None = None
    panel: tuple[str, ...] | None = None
    summarizer: str | None = None
    prompts: str | None = None
    _known: dict[str, Settings] = field(default_factory=dict, compare=False)

    def check(self) -> None:
        """Refuse a wish that changes nothing, or that can't be fulfilled.

        Raises:
            InputError: nothing is to be changed.
            ConfigurationError: a model's string names none.
            PromptError: the prompts can't be loaded.
        """
        if not self.given:
            raise InputError(
                "Nothing is to be judged anew: name another --critic, --panel, --summarizer, or "
                "--prompts."
            )
        for role, name in self._models():
            resolve_model(asked_as(role, name))
        if self.prompts is not None:
            load_prompts(self.prompts)

    @property
    def given(self) -> dict[str, Any]:
        """What was given, without secrets."""
        panel = None if self.panel is None else [redact(name) for name in self.panel]
        named: dict[str, Any] = {
            "critic": self.critic and redact(self.critic),
            "panel": panel,
            "summarizer": self.summarizer and redact(self.summarizer),
            "prompts": self.prompts,
        }
        return {name: value for name, value in named.items() if value is not None}

    def manifest(self) -> dict[str, Any]:
        """What makes this another wish: models spelled out, prompts by their texts."""
        found: dict[str, Any] = {}
        for role, name in self._models():
            identity = redact(resolve_model(asked_as(role, name)).identity)
            found.setdefault("models", []).append(f"{role} {identity}")
        if self.panel == ():
            found["panel"] = "none"
        if self.prompts is not None:
            found["prompts"] = {
                name: t.hash
                for name, t in sorted(load_prompts(self.prompts).templates.items())
                if name.partition(".")[0] in DOWNSTREAM
            }
        return found

    def settings(self, run: Trajectory) -> Settings:
        """With what a run is judged anew. Reads configuration and prompts: in async code, call it
        in a thread.

        Raises:
            ConfigurationError: recorded settings can't be used any more.
            PromptError: recorded prompts can't.
        """
        key = json_hash([json.loads(json.dumps(run.context)), sorted(run.templates)])
        if key not in self._known:
            context = make_context(**self._merged(run))
            self._known[key] = Settings(context, context.load_prompts())
        return self._known[key]

    def _merged(self, run: Trajectory) -> dict[str, Any]:
        known = {k: v for k, v in run.context.items() if k in Context.model_fields}
        known |= dict.fromkeys((f"{name}{SUFFIX}" for name in PROMPT_NODES), "")
        # Budgets bounded the loop, and nobody is there to review.
        known |= {"review": "off", "stream_tokens": False, "target": None, "prompt_pins": []}
        known |= dict.fromkeys(("max_cost", "max_tokens", "max_seconds"))
        if self.prompts is None:
            # Texts as recorded: the folder may be gone, and a set may have changed since.
            texts = {template.name: template.text for template in run.templates.values()}
            kept = known.get("prompts") if known.get("prompts") in SETS else SETS[0]
            known |= {"prompts": kept, "prompt_overrides": texts}
        else:
            known |= {"prompts": self.prompts, "prompt_overrides": {}}
        if self.critic is not None:
            known["critic"] = self.critic
        if self.panel is not None:
            known["panel"] = list(self.panel)
        if self.summarizer is not None:
            known["summarizer"] = self.summarizer
        return known

    def _models(self) -> list[tuple[str, str]]:
        listed = [("critic", name) for name in (self.critic, *(self.panel or ())) if name]
        return [*listed, *([("summarizer", self.summarizer)] if self.summarizer else [])]


def summarizes_again(wish: Wish, run: Trajectory, settings: Settings) -> bool:
    """Whether captions are written anew: by another summarizer, or by another template."""
    if wish.summarizer is not None:
        return True
    if wish.prompts is None:
        return False
    task: Mapping[str, Any] = run.sample or {}
    template = settings.prompts.get("summarizer", task.get("task"))
    return template.hash not in run.templates
