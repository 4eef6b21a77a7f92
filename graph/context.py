"""Settings of a run: what a user can turn, presets, and the one way that nodes get at them.

What is given explicitly beats `aurelia.toml`, which beats the environment, which beats a preset.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal, Self

from langgraph.runtime import Runtime
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, field_validator, model_validator

from aurelia.configuration.parameters import sampling_problem
from aurelia.configuration.strings import string_problem
from aurelia.errors import ConfigurationError
from aurelia.graph.forms import PromptText, given_texts, on, prompt_field
from aurelia.graph.repeats import repeats
from aurelia.graph.sources import Refusing, check_given, gather
from aurelia.graph.state import State
from aurelia.models.registry import is_offline
from aurelia.prompts.loader import PromptSet, load_prompts
from aurelia.prompts.pins import check_pins
from aurelia.settings import configuration, refresh_configuration
from aurelia.types.reasoning import RStarForm

OFFLINE = "offline:perception"

_MODEL = "Model string, e.g. openai:gpt-4o, offline:perception, scripted:FILE."
_SAMPLING = "Sampling parameters of this role, e.g. {'temperature': 0}."

PRESETS: dict[str, dict[str, Any]] = {
    "default": {},
    "published": {
        "prompts": "published",
        "frame_rule": "published",
        "max_frames": 5,
        "r_star_form": "plan",
        "keep_best": False,
        "threshold": 6.0,
        "max_iterations": 5,
    },
}
"""Settings that a preset gives to whatever the user left alone."""


if TYPE_CHECKING:
    _Settings = BaseModel
else:

    class _Settings(BaseModel, metaclass=Refusing):
        """Settings whose refusal is a sentence."""


class Context(_Settings):
    """Everything that can be set for one run. The preset fills in what is not set explicitly."""

    # A refused value may be a key: it is not repeated.
    model_config = ConfigDict(extra="forbid", validate_assignment=True, hide_input_in_errors=True)

    preset: Literal["default", "published"] = Field(
        default="default", description="Named settings: what we think best, or what was published."
    )
    actor: str = Field(
        default=OFFLINE, description=f"Proposes steps. {_MODEL}", json_schema_extra=on("generator")
    )
    summarizer: str = Field(
        default=OFFLINE,
        description=f"Condenses steps to a caption. {_MODEL}",
        json_schema_extra=on("summarizer"),
    )
    critic: str = Field(
        default=OFFLINE,
        description=f"Scores the caption. {_MODEL}",
        json_schema_extra=on("evaluator"),
    )
    target: str | None = Field(
        default=None,
        description=f"Answers with and without the accepted steps. {_MODEL}",
        json_schema_extra=on("distill"),
    )
    actor_sampling: dict[str, Any] = Field(
        default={}, description=_SAMPLING, json_schema_extra=on("generator")
    )
    summarizer_sampling: dict[str, Any] = Field(
        default={}, description=_SAMPLING, json_schema_extra=on("summarizer")
    )
    critic_sampling: dict[str, Any] = Field(
        default={}, description=_SAMPLING, json_schema_extra=on("evaluator")
    )
    target_sampling: dict[str, Any] = Field(
        default={}, description=_SAMPLING, json_schema_extra=on("distill")
    )
    threshold: float = Field(
        default=6.0,
        ge=1,
        le=10,
        description="τ: the score, 1 to 10, at which a caption is accepted.",
        json_schema_extra=on("evaluator"),
    )
    max_iterations: int = Field(default=5, ge=1, le=50, description="Passes of the loop at most.")
    stop_when: Literal["accepted", "never"] = Field(
        default="accepted",
        description="`never` runs every pass, so that thresholds can be replayed later.",
    )
    keep_best: bool = Field(
        default=True,
        description="Keep the best pass where none reached the threshold.",
        json_schema_extra=on("distill"),
    )
    inject_unaccepted: bool = Field(
        default=False,
        description="Give unaccepted steps to the target; otherwise its zero-shot answer stands.",
        json_schema_extra=on("distill"),
    )
    r_star_form: Literal["auto", "plan", "plan_and_findings", "evidence"] = Field(
        default="auto",
        description="What is injected; auto: evidence from actors that measure, else the plan.",
        json_schema_extra=on("distill"),
    )
    injection: Literal["auto", "set", "default", "paper_style", "brief"] = Field(
        default="auto",
        description="In which words the target is asked; auto: as its profile says, else in those "
        "of the prompt set.",
        json_schema_extra=on("distill"),
    )
    too_long: Literal["auto", "shorten", "refuse"] = Field(
        default="auto",
        description="Steps beyond the target's text budget: the last left out, or nothing asked; "
        "auto: as its profile says.",
        json_schema_extra=on("distill"),
    )
    leak_policy: Literal["record", "drop"] = Field(
        default="record",
        description="Steps that reveal the answer: recorded only, or left out of r* as well.",
        json_schema_extra=on("distill"),
    )
    actor_sees_options: bool = Field(
        default=False,
        description="Show the options to the actor.",
        json_schema_extra=on("generator"),
    )
    prompts: str = Field(default="default", description="Prompt set by name, or a directory.")
    prompt_overrides: dict[str, str] = Field(
        default={},
        description="Whole template texts by name, for variants and partials too; they replace "
        "those of the set. A text on the prompt's own node replaces both.",
    )
    prompt_pins: list[str] = Field(
        default=[], description="Prompts as name@hash; another text in their place is refused."
    )
    max_frames: int = Field(
        default=8,
        ge=1,
        le=256,
        description="Frame budget of a clip.",
        json_schema_extra=on("observe"),
    )
    frames_per_minute: float = Field(
        default=0.0,
        ge=0,
        le=600,
        description="Growth of the frame budget with the clip's length.",
        json_schema_extra=on("observe"),
    )
    max_side: int = Field(
        default=768,
        ge=64,
        le=4096,
        description="Longest side of a frame, px.",
        json_schema_extra=on("observe"),
    )
    frame_rule: Literal["informative", "published", "uniform"] = Field(
        default="informative", description="How frames are chosen.", json_schema_extra=on("observe")
    )
    panel: list[str] = Field(
        default=[],
        description="Further critics; the score is then the median of all.",
        json_schema_extra=on("evaluator"),
    )
    evidence: Literal["off", "missing_modalities", "always"] = Field(
        default="off",
        description="Measured sentences for models that lack a sense, or for all, marked as such.",
    )
    max_cost: float | None = Field(
        default=None, gt=0, description="USD a run may cost; refused for models without a price."
    )
    max_tokens: int | None = Field(default=None, gt=0, description="Tokens a run may take.")
    max_seconds: float | None = Field(default=None, gt=0, description="Seconds a run may take.")
    call_timeout_s: float = Field(
        default=300.0, gt=0, description="Total time of one call, retries included, seconds."
    )
    max_retries: int = Field(
        default=4, ge=0, le=20, description="Further tries of a call that failed for now."
    )
    video_fps: float | None = Field(
        default=None, gt=0, le=60, description="Frames a second that a native video is sampled at."
    )
    context_cache: bool = Field(
        default=False, description="Let the provider keep the clip between calls, where it can."
    )
    review: Literal["off", "steps", "verdict", "exhausted"] = Field(
        default="off",
        description="Where a person decides: on every pass's steps, on every verdict, or once no "
        "pass is left and none was accepted. Needs a checkpointer.",
        json_schema_extra=on("review"),
    )
    stream_tokens: bool = Field(
        default=False,
        description="Report a reply while it is written, as `token` events, where a model streams.",
    )
    seed: int = Field(default=0, ge=0, description="Which draw: another seed asks models anew.")
    use_cache: bool = Field(
        default=True, description="Serve replies that were already paid for, marked as such."
    )

    generator_prompt: PromptText = prompt_field("generator")
    generator_revise_prompt: PromptText = prompt_field("generator_revise")
    summarizer_prompt: PromptText = prompt_field("summarizer")
    evaluator_prompt: PromptText = prompt_field("evaluator")
    feedback_prompt: PromptText = prompt_field("feedback")
    repair_prompt: PromptText = prompt_field("repair")
    target_zero_shot_prompt: PromptText = prompt_field("target_zero_shot")
    target_distilled_prompt: PromptText = prompt_field("target_distilled")

    _elsewhere: Mapping[str, str] = PrivateAttr(default={})
    """Where settings come from that were not given explicitly, and are neither preset nor default.
    They are not among `model_fields_set`, so that a run that goes on isn't changed by them."""

    @field_validator("actor", "summarizer", "critic", "target", "panel")
    @classmethod
    def _check_models(cls, value: str | list[str] | None) -> str | list[str] | None:
        """Refuse what would be saved with the run, before anything is."""
        for name in value if isinstance(value, list) else [value or ""]:
            if problem := string_problem(name):
                raise ValueError(problem)
        return value

    @field_validator("actor_sampling", "summarizer_sampling", "critic_sampling", "target_sampling")
    @classmethod
    def _check_sampling(cls, value: dict[str, Any]) -> dict[str, Any]:
        """Here, and so on every road: arguments, file, environment, a server's request."""
        if problem := sampling_problem(value):
            raise ValueError(problem)
        return value

    @model_validator(mode="after")
    def _apply_preset(self) -> Self:
        for name, value in PRESETS[self.preset].items():
            if name not in self.model_fields_set and name not in self._elsewhere:
                # Past the validator: an assignment would validate, and so apply, again.
                self.__dict__[name] = value
        return self

    @property
    def r_star(self) -> RStarForm:
        """The form of r* once `auto` is resolved."""
        if self.r_star_form == "auto":
            return "evidence" if is_offline(self.actor) else "plan"
        return self.r_star_form

    @property
    def sources(self) -> dict[str, str]:
        """Where each setting comes from: `explicit`, a file's table, a variable, a preset …"""
        preset = PRESETS[self.preset]
        return {
            name: "explicit"
            if name in self.model_fields_set
            else self._elsewhere.get(name)
            or (f"preset {self.preset}" if name in preset else "default")
            for name in type(self).model_fields
        }

    @property
    def overrides(self) -> dict[str, str]:
        """Every text that replaces one of the set; what stands on a prompt's own node wins."""
        return {**self.prompt_overrides, **given_texts(self)}

    def load_prompts(self) -> PromptSet:
        """The prompts of the run. Lists a directory: in async code, call it in a thread.

        Raises:
            PromptError: the set can't be loaded, or a pinned prompt has another text.
        """
        prompts = load_prompts(self.prompts, self.overrides)
        check_pins(prompts, self.prompt_pins)
        return prompts

    def sampling(self, role: str) -> dict[str, Any]:
        """Sampling parameters of a role."""
        value: dict[str, Any] = getattr(self, f"{role}_sampling")
        return value


def make_context(**settings: Any) -> Context:
    """A `Context` from keyword arguments, and what file and environment say besides.

    Reads `aurelia.toml`: in async code, call it in a thread.

    Raises:
        ConfigurationError: a name is unknown or a value wrong, in one sentence that says where.
    """
    check_given(Context, settings)
    gathered = gather(Context, refresh_configuration())
    context = Context(**{**gathered.values, **settings})
    context._elsewhere = {k: v for k, v in gathered.sources.items() if k not in settings}
    context.__pydantic_fields_set__ = set(settings)
    return context


just_made: ContextVar[Context | None] = ContextVar("aurelia_just_made", default=None)
"""Settings that `make_context` gave a moment ago for the run that begins: to gather once more what
file and environment say would find the same."""


def context_for(state: State, runtime: Runtime[Context]) -> tuple[Context, dict[str, Any]]:
    """The settings in force at a node, and which of them differ from those the run had so far.

    What was resolved at the start lives in state, so that a resume without a context goes on with
    it, whatever file and environment say by then. A context of another type is a parent graph's,
    leaked into a subgraph: it is not ours. Reads `aurelia.toml`: in async code call it in a thread.

    Raises:
        ConfigurationError: at the start of a run, file or environment are wrong; later, what was
            edited into state, or another preset is given.
    """
    given = runtime.context if isinstance(runtime.context, Context) else None
    stored = state.get("context")
    explicit = {name: getattr(given, name) for name in given.model_fields_set} if given else {}
    if stored is None:
        made = given is not None and given is just_made.get()
        context = given.model_copy() if given and made else make_context(**explicit)
        context.__dict__.update(dict.fromkeys(repeats(explicit, context.__dict__), ""))
        return context, {}
    configuration()  # read here, in a thread, where this process goes on with another's run
    plain = given.model_dump(include=given.model_fields_set) if given else {}
    changes = {name: value for name, value in plain.items() if stored.get(name) != value}
    if "preset" in changes:
        named = sorted({*PRESETS[changes["preset"]], *PRESETS.get(stored.get("preset", ""), ())})
        raise ConfigurationError(
            f"preset can't be changed to {changes['preset']!r} in a thread that has begun, since "
            f"what it stands for was settled then; give what is to change ({', '.join(named)}), or "
            "start another thread."
        )
    for name in repeats(changes, {**stored, **changes}):
        if not stored.get(name):
            del changes[name]
    return check_given(Context, {**stored, **changes}), changes
