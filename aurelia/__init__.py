"""AURELIA: test-time reasoning distillation for audio-visual language models.

An actor proposes reasoning steps from a clip and a question, a summarizer condenses them to a
caption, a critic scores the caption against the clip, and feedback sends the actor back until the
score reaches the threshold. The accepted steps r* help a target model to answer.

    import aurelia

    clip = aurelia.open_clip("clip.mp4")
    run = aurelia.reason(clip, "Which comes first, the sound or the movement?")
    print(run.stop_reason, run.actor_answer)

Nothing heavy is imported until a name is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

_EXPORTS = {
    "open_clip": "aurelia.media.open",
    "prepare_media": "aurelia.media.prepare",
    "demo_clip": "aurelia.media.render",
    "PreparedMedia": "aurelia.media.prepared",
    "reason": "aurelia.graph.run",
    "areason": "aurelia.graph.run",
    "critique": "aurelia.graph.run",
    "answer": "aurelia.graph.run",
    "Fork": "aurelia.graph.run",
    "as_node": "aurelia.graph.as_node",
    "as_tool": "aurelia.graph.as_tool",
    "build_graph": "aurelia.graph.build",
    "Context": "aurelia.graph.context",
    "register_model": "aurelia.models.registry",
    "save_run": "aurelia.saved",
    "load_run": "aurelia.saved",
    "Clip": "aurelia.types.clip",
    "Answer": "aurelia.types.reasoning",
    "Unscored": "aurelia.types.reasoning",
    "Verdict": "aurelia.types.reasoning",
    "Trajectory": "aurelia.types.trajectory",
    "AureliaError": "aurelia.errors",
    "ConfigurationError": "aurelia.errors",
    "InputError": "aurelia.errors",
    "MediaError": "aurelia.errors",
    "MissingExtra": "aurelia.errors",
    "ModelError": "aurelia.errors",
    "PromptError": "aurelia.errors",
    "ReplyError": "aurelia.errors",
    "RunError": "aurelia.errors",
    "UnseenRequest": "aurelia.errors",
}

if TYPE_CHECKING:
    from aurelia.errors import AureliaError as AureliaError
    from aurelia.errors import ConfigurationError as ConfigurationError
    from aurelia.errors import InputError as InputError
    from aurelia.errors import MediaError as MediaError
    from aurelia.errors import MissingExtra as MissingExtra
    from aurelia.errors import ModelError as ModelError
    from aurelia.errors import PromptError as PromptError
    from aurelia.errors import ReplyError as ReplyError
    from aurelia.errors import RunError as RunError
    from aurelia.errors import UnseenRequest as UnseenRequest
    from aurelia.graph.as_node import as_node as as_node
    from aurelia.graph.as_tool import as_tool as as_tool
    from aurelia.graph.build import build_graph as build_graph
    from aurelia.graph.context import Context as Context
    from aurelia.graph.run import Fork as Fork
    from aurelia.graph.run import answer as answer
    from aurelia.graph.run import areason as areason
    from aurelia.graph.run import critique as critique
    from aurelia.graph.run import reason as reason
    from aurelia.media.open import open_clip as open_clip
    from aurelia.media.prepare import prepare_media as prepare_media
    from aurelia.media.prepared import PreparedMedia as PreparedMedia
    from aurelia.media.render import demo_clip as demo_clip
    from aurelia.models.registry import register_model as register_model
    from aurelia.saved import load_run as load_run
    from aurelia.saved import save_run as save_run
    from aurelia.types.clip import Clip as Clip
    from aurelia.types.reasoning import Answer as Answer
    from aurelia.types.reasoning import Unscored as Unscored
    from aurelia.types.reasoning import Verdict as Verdict
    from aurelia.types.trajectory import Trajectory as Trajectory

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in _EXPORTS:
            raise AttributeError(f"module 'aurelia' has no attribute {name!r}")
        value = getattr(import_module(_EXPORTS[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_EXPORTS])
