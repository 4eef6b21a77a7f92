"""A recorded run as a script: to edit, or to replay strictly."""

import re
from collections.abc import Iterable
from typing import Any

import yaml

from aurelia.models.registry import is_offline
from aurelia.models.scripted import Script, ScriptedChat, ScriptedReply
from aurelia.types.reasoning import Modality
from aurelia.types.trajectory import Call, Trajectory

WHOLE: list[Modality] = ["visual", "audio"]
_LINE_ENDS = re.compile(r"[\r\x85\u2028\u2029]")


def script_of(trajectory: Trajectory, *, strict: bool = False) -> Script:
    """The replies of a trajectory as a script.

    Args:
        trajectory: a run that was recorded.
        strict: also insist on the recorded prompts, as `replay:` does.
    """
    calls: list[tuple[Call, str | None]] = [
        (call, None) for iteration in trajectory.iterations for call in iteration.calls
    ]
    for record in trajectory.targets.values():
        calls += [(call, _form(call)) for call in record.calls]
    replies = []
    for call, form in calls:
        outcome: dict[str, Any] = (
            {"error": call.error} if call.error else {"text": trajectory.texts[call.raw]}
        )
        replies.append(
            ScriptedReply(
                role=call.role,
                iteration=call.iteration,
                repeat=call.repeat,
                purpose=call.purpose,
                form=form,
                request=call.request if strict else None,
                finish_reason=call.finish_reason or "stop",
                **outcome,
            )
        )
    return Script(
        model=f"replay of {trajectory.id}",
        shown=_shown(trajectory, [call for call, _ in calls]),
        measures=_measures(trajectory, [call for call, _ in calls]),
        replies=replies,
    )


def _shown(trajectory: Trajectory, calls: Iterable[Call]) -> dict[str, list[Modality]]:
    """Who was not given the whole clip, so that a verdict comes out as it did."""
    recorded = trajectory.media.get("senses", {})
    shown: dict[str, list[Modality]] = {}
    for call in calls:
        if call.role == "summarizer" or call.purpose == "repair":
            continue
        measured = call.role == "critic" and is_offline(call.requested_model)
        who = _who(call)
        if who not in shown or not measured:  # a grounded critic's second call is not its own
            shown[who] = _senses(call, recorded.get(who))
    usual = {who: shown.get("critic", WHOLE) if who.startswith("panel") else WHOLE for who in shown}
    return {who: senses for who, senses in shown.items() if senses != usual[who]}


def _measures(trajectory: Trajectory, calls: Iterable[Call]) -> list[str]:
    """Who measured by itself; records of older runs tell by the models' strings alone."""
    if "measures" in trajectory.media:
        return list(trajectory.media["measures"])
    found: dict[str, bool] = {}
    for call in calls:
        if (
            call.purpose != "repair"
        ):  # the first call is the critic's own, also where it is grounded
            found.setdefault(_who(call), is_offline(call.requested_model))
    return [who for who, measured in found.items() if measured and who != "summarizer"]


def _who(call: Call) -> str:
    member = call.repeat if call.role == "critic" else 0
    return f"panel {member}" if member else call.role


def _senses(call: Call, recorded: Iterable[str] | None) -> list[Modality]:
    """Which senses of the clip a call brought; records of older runs tell by the media alone."""
    media = [part.media for message in call.messages for part in message.parts if part.media]
    if media == ["clip"] and recorded is None:
        return WHOLE
    if not media:
        return []
    if recorded is not None:
        return [sense for sense in WHOLE if sense in recorded]
    seen = any(ref.startswith(("frame@", "video")) for ref in media)
    heard = any(ref.startswith(("audio", "candidate", "video")) for ref in media)
    return [s for s, there in zip(WHOLE, (seen, heard), strict=True) if there]


def _form(call: Call) -> str:
    form = call.parameters.get("form")
    return form if isinstance(form, str) else "zero_shot"


def replay(trajectory: Trajectory) -> ScriptedChat:
    """A model that gives the recorded replies to the recorded requests, and fails on others."""
    return ScriptedChat(
        script=script_of(trajectory, strict=True), source=f"run {trajectory.id}", kind="replay"
    )


def dump_script(script: Script) -> str:
    """A script as YAML, in the documented format."""
    entries = []
    for reply in script.replies:
        entry = reply.model_dump(exclude_defaults=True)
        if "json_" in entry:
            entry["json"] = entry.pop("json_")
        entries.append(entry)
    top = script.model_dump(exclude={"replies"}, exclude_defaults=True)
    return yaml.dump(
        {**top, "replies": entries}, Dumper=_Dumper, sort_keys=False, allow_unicode=True
    )


class _Dumper(yaml.SafeDumper):
    """Escapes characters that a YAML reader would take for the end of a line."""

    def represent_text(self, text: str) -> yaml.ScalarNode:
        """A string, in double quotes where only escapes keep it as it is."""
        style = '"' if _LINE_ENDS.search(text) else None
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _Dumper.represent_text)
