"""From a role's string to a chat model.

offline:perception?modality=deaf      measures the clip; no key, no network
scripted:FILE                         replies from a file
replay:RUN                            replies of a saved run, prompts must be the same
http://host:port/v1#model             an OpenAI-compatible server, no key from the environment
name                                  what was given to `register_model`
provider:model?temperature=0          whatever LangChain's `init_chat_model` knows
"""

from dataclasses import dataclass
from pathlib import Path

from langchain_core.language_models.chat_models import BaseChatModel
from pydantic import ValidationError

from aurelia.errors import ConfigurationError
from aurelia.models.faults import redact
from aurelia.models.providers import provider, server, split_query
from aurelia.types.trajectory import Trajectory

_registered: dict[str, BaseChatModel] = {}
_built: dict[str, "ResolvedModel"] = {}


@dataclass(frozen=True, slots=True)
class ResolvedModel:
    """A chat model and what the call layer needs to know about it.

    Attributes:
        paid: whether replies are kept in the ledger.
        computes: whether it takes the structured request instead of frames.
    """

    name: str
    chat: BaseChatModel
    paid: bool
    computes: bool


def register_model(name: str, chat_model: BaseChatModel) -> None:
    """Make `name` usable in any role.

    Raises:
        ConfigurationError: the name could be mistaken for one of the built-in forms.
    """
    if not name or ":" in name or "#" in name or "?" in name:
        raise ConfigurationError(
            f"A model can't be registered as {name!r}: use a name without ':', '#' and '?'."
        )
    _registered[name] = chat_model


def resolve_model(name: str) -> ResolvedModel:
    """The chat model behind a role's string; built once per string.

    Raises:
        ConfigurationError: the string is in none of the forms above, or names something missing.
    """
    if name in _registered:
        chat = _registered[name]
        return ResolvedModel(name, chat, paid=False, computes=_computes(chat))
    kind, _, rest = name.partition(":")
    if kind in ("scripted", "replay"):  # files may change between calls: never kept
        return ResolvedModel(name, _from_file(kind, rest), paid=False, computes=True)
    if name not in _built:
        _built[name] = _build(name, kind, rest)
    return _built[name]


def is_offline(name: str) -> bool:
    """Whether a role's string names a model that measures."""
    return name.startswith("offline:")


def _computes(chat: BaseChatModel) -> bool:
    return bool(getattr(chat, "takes_envelope", False))


def _build(name: str, kind: str, rest: str) -> ResolvedModel:
    if kind == "offline":
        from aurelia.models.offline.chat import build

        target, parameters = split_query(name, rest)
        return ResolvedModel(name, build(target, parameters), paid=False, computes=True)
    if kind in ("http", "https"):
        return ResolvedModel(name, server(name), paid=True, computes=False)
    if not rest or not kind:
        known = ", ".join(sorted(_registered)) or "none"
        raise ConfigurationError(
            f"{redact(name)!r} names no model: use provider:model (such as openai:gpt-4o), "
            f"offline:perception, scripted:FILE, a server's URL, or a registered name ({known})."
        )
    return ResolvedModel(name, provider(name), paid=True, computes=False)


def _from_file(kind: str, rest: str) -> BaseChatModel:
    from aurelia.models.replay import replay
    from aurelia.models.scripted import load_script

    path = Path(rest)
    if kind == "scripted":
        return load_script(path)
    file = path / "trajectory.json" if path.is_dir() else path
    try:
        return replay(Trajectory.model_validate_json(file.read_text("utf-8")))
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(
            f"replay:{rest} can't be read: give a saved run's folder or its trajectory.json."
        ) from None
    except ValidationError:
        raise ConfigurationError(f"replay:{rest} is not a trajectory of this version.") from None
