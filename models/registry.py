"""From a role's string to a chat model.

offline:perception?modality=deaf      measures the clip; no key, no network
scripted:FILE                         replies from a file
replay:RUN                            replies of a saved run, prompts must be the same
http://host:port/v1#model             an OpenAI-compatible server, no key from the environment
name                                  what was given to `register_model`
name                                  a profile of `aurelia.toml`: [models.name]
target:NAME                           a target that `aurelia targets list` names
target:NAME@http://host:port/v1       the same, served there
provider:model?temperature=0          whatever LangChain's `init_chat_model` knows

Three settings in a string are ours: `video=`, `audio=` and `context=` say what a model takes in
(see `aurelia.models.capabilities`); all others go to its client.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from langchain_core.language_models.chat_models import BaseChatModel
from pydantic import ValidationError

from aurelia.configuration.profile import Profile
from aurelia.configuration.text_rules import PLAIN, TextRules
from aurelia.errors import ConfigurationError
from aurelia.models.capabilities import (
    MEASURES,
    UNKNOWN,
    Capabilities,
    Family,
    capabilities_of,
    family_of,
)
from aurelia.models.faults import redact
from aurelia.models.hosts import unusual_host
from aurelia.models.names import check_sampling
from aurelia.models.prices import Price
from aurelia.models.profiles import hide, profile_of, spelled_out
from aurelia.models.providers import (
    own_settings,
    provider,
    provider_client,
    server,
    server_client,
    split_query,
)
from aurelia.models.targets.catalogue import target_names
from aurelia.models.targets.strings import PREFIX
from aurelia.settings import client_variables, configuration, variable
from aurelia.types.trajectory import Trajectory

GROUNDED = "grounded:"
"""Before a critic's string: its score is bounded by what was measured. The model is the rest."""

_registered: dict[str, "ResolvedModel"] = {}
# What its client may have read of the environment, and the model: another key is another client.
_built: dict[str, "tuple[_Read, ResolvedModel]"] = {}
# By name: what it was built from, and the model. An edited profile, or another key, is built anew.
_profiled: dict[str, "tuple[tuple[Profile, str | None, _Read], ResolvedModel]"] = {}
_Read = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ResolvedModel:
    """A chat model and what the call layer needs to know about it.

    Attributes:
        paid: whether replies are kept in the ledger.
        computes: whether it takes the structured request instead of frames.
        family: by whose client it is called.
        takes: what it takes in, and in which form it is sent.
        price: what its profile says it costs; None: look at the price list.
        profile: name of its profile; empty where it is none.
        settings: of its profile, for the record; no secrets.
        spelled: its profile spelled out; empty where it is none.
        host: the server that the environment leads its client to; empty: the usual one.
        text: what the text of a request is held to, where it is a target.
    """

    name: str
    chat: BaseChatModel
    paid: bool
    computes: bool
    family: Family = "other"
    takes: Capabilities = UNKNOWN
    price: Price | None = None
    profile: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    spelled: str = ""
    host: str = ""
    text: TextRules = PLAIN

    @property
    def identity(self) -> str:
        """The name, or its profile spelled out: replies are kept under it, limits go by it."""
        return self.spelled or self.name

    def check_sampling(self, sampling: Mapping[str, Any]) -> None:
        """Refuse sampling that its client would drop; one registered may take what it likes.

        Raises:
            ConfigurationError: it doesn't know a name of it.
        """
        if self.paid:
            check_sampling(self.name, self.chat, sampling)


def register_model(
    name: str, chat_model: BaseChatModel, *, video: str | None = None, audio: str | None = None
) -> None:
    """Make `name` usable in any role.

    Args:
        name: what roles call it.
        chat_model: any LangChain chat model.
        video: how it is sent pictures, such as `frames` or `native`; None: as its profile says.
        audio: how it is sent sound, such as `input_audio` or `native`; None: as its profile says.

    Raises:
        ConfigurationError: the name could be mistaken for one of the built-in forms, or the
            model's client can't send that form.
    """
    if not name or ":" in name or "#" in name or "?" in name:
        raise ConfigurationError(
            f"A model can't be registered as {name!r}: use a name without ':', '#' and '?'."
        )
    given = {"video": video, "audio": audio}
    configured = {key: value for key, value in given.items() if value is not None}
    _registered[name] = _resolved(name, chat_model, configured, paid=False)
    hide(name)


def resolve_model(name: str) -> ResolvedModel:
    """The chat model behind a role's string; built once, and anew where a key or host changed.

    Raises:
        ConfigurationError: the string is in none of the forms above, or names something missing.
    """
    if name in _registered:
        return _registered[name]
    if profile := profile_of(name):
        return _of_profile(profile)
    kind, _, rest = name.partition(":")
    if kind in ("scripted", "replay"):  # files may change between calls: never kept
        return _computing(name, _from_file(kind, rest))
    read = client_variables()
    built = _built.get(name)
    if built is None or (built[1].paid and built[0] != read):
        built = _built[name] = (read, _build(name, kind, rest))
    return built[1]


async def find_model(name: str) -> ResolvedModel:
    """`resolve_model` for async code: in a thread where it may read a file, or import a package.

    Raises:
        ConfigurationError: as `resolve_model`.
    """
    if name in _registered or (name in _built and not profile_of(name)):
        return resolve_model(name)
    return await asyncio.to_thread(resolve_model, name)


def describe_profile(profile: Profile) -> ResolvedModel:
    """A profile's model as tables need it: its key is not read, so it can't be asked.

    Raises:
        ConfigurationError: it can't be set up even so.
    """
    return _build_profile(profile, "none")


def is_offline(name: str) -> bool:
    """Whether a role's string names a model that measures."""
    return spelled_out(name).startswith("offline:")


def _of_profile(profile: Profile) -> ResolvedModel:
    if profile.is_local:
        return _described(resolve_model(profile.spelled_out), profile)
    key = variable(profile.api_key_env) if profile.api_key_env else None
    if profile.api_key_env and key is None:
        raise ConfigurationError(
            f"The model {profile.name!r} takes its key from {profile.api_key_env}, which is not "
            "set; set that variable."
        )
    made_of = (profile, key, client_variables())
    built = _profiled.get(profile.name)
    if built is None or built[0] != made_of:
        built = _profiled[profile.name] = (made_of, _build_profile(profile, key))
    return built[1]


def _build_profile(profile: Profile, key: str | None) -> ResolvedModel:
    """Its client, with `key` in the place of whatever the environment has."""
    if profile.is_local:
        return _described(resolve_model(profile.spelled_out), profile)
    takes = dict(profile.takes)
    values = dict(profile.parameters)
    if profile.extra_body:
        values["extra_body"] = dict(profile.extra_body)
    if profile.base_url:
        chat = server_client(profile.name, profile.base_url, profile.model, values, key)
    else:
        takes = own_settings(profile.model) | takes
        chat = provider_client(profile.name, profile.model, values, key)
    return _described(_resolved(profile.name, chat, takes, paid=True), profile)


def _described(model: ResolvedModel, profile: Profile) -> ResolvedModel:
    return replace(
        model,
        name=profile.name,
        profile=profile.name,
        price=Price(*profile.price) if profile.price else None,
        settings=profile.facts(),
        spelled=profile.spelled_out,
        text=profile.text,
        host=unusual_host(profile.spelled_out, model.chat) if model.paid else "",
    )


def _resolved(
    name: str, chat: BaseChatModel, configured: Mapping[str, Any], *, paid: bool
) -> ResolvedModel:
    family = family_of(chat)
    if family == "measures":
        return _computing(name, chat)
    takes = capabilities_of(name, chat, family, configured)
    if family in ("openai", "compatible"):
        # Where it streams, tokens are counted only if asked for.
        update: dict[str, Any] = {"stream_usage": True}
        if takes.hearing != "off":  # its other protocol drops sound without a word
            update["use_responses_api"] = False
        chat = chat.model_copy(update=update)
    return ResolvedModel(name, chat, paid, computes=False, family=family, takes=takes)


def _computing(name: str, chat: BaseChatModel) -> ResolvedModel:
    return ResolvedModel(name, chat, False, computes=True, family="measures", takes=MEASURES)


def _build(name: str, kind: str, rest: str) -> ResolvedModel:
    if kind == "offline":
        from aurelia.models.offline.chat import build

        target, parameters = split_query(name, rest)
        return _computing(name, build(target, parameters))
    if kind in ("http", "https"):
        return _resolved(name, server(name), own_settings(name), paid=True)
    if not rest or not kind:
        known = ", ".join(sorted(_registered)) or "none"
        profiles = ", ".join(sorted(configuration().models)) or "none"
        near = get_close_matches(name, [*_registered, *configuration().models], n=1)
        if name in target_names():
            near = [f"{PREFIX}{name}"]
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ConfigurationError(
            f"{redact(name)!r} names no model: use provider:model (such as openai:gpt-4o), "
            f"offline:perception, scripted:FILE, a server's URL, target:NAME (`aurelia targets "
            f"list`), a registered name ({known}), or a profile of aurelia.toml ({profiles}).{hint}"
        )
    model = _resolved(name, provider(name), own_settings(name), paid=True)
    return replace(model, host=unusual_host(name, model.chat))


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
