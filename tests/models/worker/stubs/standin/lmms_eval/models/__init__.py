"""Two classes that say what they were given, as lmms_eval's take it apart."""

from __future__ import annotations

import collections
import json
from typing import Any

from lmms_eval.api.instance import GenerationResult, Instance, TokenCounts


class _Class:
    is_simple = True

    def __init__(self, **given: Any) -> None:
        self.given = given
        self.task_dict: dict[str, Any] = collections.defaultdict(dict)
        self.asked: list[Any] = []

    @classmethod
    def create_from_arg_string(
        cls, arg_string: str, additional_config: dict[str, Any] | None = None
    ) -> _Class:
        """As lmms_eval/api/model.py at 06fd786: what is None is left out."""
        pairs = (item.split("=", 1) for item in arg_string.split(",") if item)
        more = {k: v for k, v in (additional_config or {}).items() if v is not None}
        return cls(**{key: value for key, value in pairs}, **more)  # noqa: C416

    def _told(self, context: str, settings: dict[str, Any], given: Any, doc_id: Any) -> str:
        self.asked.append(doc_id)
        told = {"context": context, "settings": settings, "given": given, "class": self.given}
        return json.dumps({**told, "ids": self.asked, "kind": type(self).__name__})


class Simple(_Class):
    """As lmms_eval/models/simple/qwen2_5_omni.py at 94da674, which attaches one medium."""

    def generate_until(self, requests: list[Instance]) -> list[str]:
        """The replies."""
        (request,) = requests
        context, settings, doc_to_visual, doc_id, task, split = request.args
        media = doc_to_visual(self.task_dict[task][split][doc_id])
        if "fail" in context:
            return [""]  # as classes do where generating fails
        return [self._told(context, settings, [_seen(medium) for medium in media], doc_id)]


class Chat(_Class):
    """As lmms_eval/models/chat/phi4_multimodal.py at afa400a."""

    is_simple = False
    tokenizer: Any = type("Words", (), {"encode": staticmethod(str.split)})

    def generate_until(self, requests: list[Instance]) -> list[GenerationResult]:
        """The replies."""
        (request,) = requests
        context, doc_to_messages, settings, doc_id, task, split = request.args
        messages = doc_to_messages(self.task_dict[task][split][doc_id])
        for message in messages:
            for part in message["content"]:
                if "url" in part:
                    part["url"] = _seen(part["url"])
        said = self._told(context, settings, messages, doc_id)
        return [GenerationResult(said, TokenCounts(output_tokens=7))]


def get_model(model_name: str, force_simple: bool = False) -> type[_Class]:
    """As lmms_eval/models/__init__.py: a chat class, unless there is none, or it isn't wanted."""
    if model_name != "omni":
        raise ValueError(f"Model {model_name} not found in available models.")
    return Simple if force_simple else Chat


def _seen(medium: Any) -> Any:
    """By its type, as the classes tell media apart."""
    if isinstance(medium, str):
        with open(medium, "rb") as file:  # noqa: PTH123
            return ["path", medium.rpartition(".")[2], len(file.read())]
    if isinstance(medium, dict):
        return ["array", sorted(medium), len(medium["array"]), medium["sampling_rate"]]
    return ["image", medium.mode, list(medium.size)]
