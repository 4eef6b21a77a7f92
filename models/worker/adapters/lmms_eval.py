"""Any model class of lmms-eval (https://github.com/EvolvingLMMs-Lab/lmms-eval).

    python worker.py lmms_eval.py --name qwen2.5-omni --checkpoint Qwen/Qwen2.5-Omni-7B \\
        --option model=qwen2_5_omni --option simple=yes --option takes=video,audio_in_video \\
        --option args=max_num_frames=32

What it calls, and where that is defined:
- `lmms_eval.models.get_model(name, force_simple)`, lmms_eval/models/__init__.py, whose registry is
  lmms_eval/models/registry_v2.py, `ModelRegistryV2` (commit 7788779);
- `lmms.create_from_arg_string(arg_string, additional_config)`, lmms_eval/api/model.py (06fd786), as
  `simple_evaluate` in lmms_eval/evaluator.py does (03cbb1f);
- `generate_until([Instance(...)])`, with lmms_eval/api/instance.py (015949b): the arguments of a
  class with `is_simple` are (context, gen_kwargs, doc_to_visual, doc_id, task, split), those of a
  chat class (context, doc_to_messages, gen_kwargs, doc_id, task, split); it finds the document in
  its `task_dict[task][split][doc_id]`.

The commands of its targets check out the commit of the class's own file; the files above were read
at theirs.

Options of `load`:
    model    the name under which lmms-eval registers the class
    args     its arguments, as `--model_args`: a=1,b=2
    takes    what reaches the class: `video`, `audio`, `image:8`, `audio_in_video`, `media:2`
    simple   `yes`: its simple class, although there is a chat class
    audio    how a chat class is given sound: `array` (as the tasks of lmms-eval do) or `path`
    reserved what a text may not hold, as "<image>,<speech>": marks of the model's tokenizer, which
             would stand for a medium that isn't there. Without it, `MARKS` below; with nothing
             after the =, none
    endings  of video files that the class reads, as ".mp4,.avi": some leave out all others

`takes` has to be said, for neither can be told from outside: most simple classes attach one medium
to a question and leave the others out (so of a simple class, one is taken unless `media:` says
more: read the class first), and chat classes of vision models take sound and don't look at it. A
class that logs an error and returns an empty text has failed; that is an error here.

Never run with weights; tried against a stand-in with the signatures above.
"""

from __future__ import annotations

import importlib
import itertools
import os
import random
from typing import Any

NAME = "lmms-eval"
CAPABILITIES = {"video": 1}
TASK, SPLIT = "worker", "asked"
MARKS = (
    "<image>,<video>,<audio>,<speech>,<|image_pad|>,<|video_pad|>,<|audio_pad|>,<|vision_start|>,"
    "<|vision_bos|>,<|audio_bos|>,<|IMAGE|>,<|VIDEO|>,<|AUDIO|>,<|image|>,<|video|>,<|audio|>,"
    "<image_soft_token>,<audio_soft_token>,<|image_,<|audio_,<|im_start|>,<|im_end|>,<|endoftext|>"
)
"""Of LLaVA and its descendants, Ola, Qwen, Gemma and Phi: a class is of any of them."""
_ids = itertools.count()


class Refused(Exception):
    """A question, or an option, that this adapter can't do."""


class Loaded:
    """An instance of a class, and what reaches it."""

    def __init__(
        self, lm: Any, takes: dict[str, Any], sound: str, reserved: list[str], endings: list[str]
    ) -> None:
        self.lm, self.takes, self.sound = lm, takes, sound
        self.reserved, self.endings = reserved, endings
        self.simple = bool(getattr(lm, "is_simple", True))
        if self.simple:
            self.takes.setdefault("media", 1)


def load(
    checkpoint: str | None,
    device: str,
    *,
    model: str,
    takes: str,
    args: str = "",
    simple: str = "no",
    audio: str = "array",
    reserved: str = MARKS,
    endings: str = "",
) -> Loaded:
    """The class of that name, made as `python -m lmms_eval --model ... --model_args ...` does."""
    if os.environ.get("LMMS_EVAL_USE_CACHE", "").lower() == "true":
        raise Refused(
            "LMMS_EVAL_USE_CACHE is set: a cached reply would stand for a new one; unset it."
        )
    if audio not in ("array", "path"):
        raise Refused(f"--option audio={audio}: it is array or path.")
    told = _told(takes)
    from lmms_eval.models import get_model

    cls = get_model(model, True) if simple == "yes" else get_model(model)
    own = {"pretrained": checkpoint, "batch_size": 1, "device": device}
    lm = cls.create_from_arg_string(args, own)
    return Loaded(lm, told, audio, _listed(reserved), _listed(endings))


def capabilities(model: Loaded) -> dict[str, Any]:
    """As the options say."""
    return model.takes


def answer(
    model: Loaded,
    *,
    text: str,
    parts: list[tuple[str, str, str]],
    max_new_tokens: int,
    temperature: float | None = None,
    top_p: float | None = None,
    seed: int | None = None,
    stop: list[str] | None = None,
) -> dict[str, Any]:
    """One document of a task that exists for this question alone."""
    from lmms_eval.api.instance import Instance

    _check(model, text, parts)
    if seed is not None:
        _seed(seed)
    settings: dict[str, Any] = {"max_new_tokens": max_new_tokens}
    if temperature is not None:
        settings.update(temperature=temperature, do_sample=temperature > 0)
    if top_p is not None:
        settings["top_p"] = top_p
    if stop:
        settings["until"] = list(stop)
    index = next(_ids)  # a new one each time: classes may keep replies by it
    arguments: tuple[Any, ...]
    if model.simple:
        media = [_given(kind, value, "array") for _, kind, value in parts if kind != "text"]
        arguments = (text, settings, lambda _doc: media, index, TASK, SPLIT)
    else:
        messages = _messages(parts, model.sound)
        arguments = (text, lambda _doc: messages, settings, index, TASK, SPLIT)
    metadata = {"task": TASK, "doc_id": index, "repeats": 1}
    model.lm.task_dict[TASK] = {SPLIT: {index: {"question": text}}}
    (reply,) = model.lm.generate_until(
        [Instance(request_type="generate_until", arguments=arguments, idx=0, metadata=metadata)]
    )
    said = reply if isinstance(reply, str) else getattr(reply, "text", reply)
    said = said[0] if isinstance(said, tuple) else said
    if not isinstance(said, str) or not said.strip():
        raise RuntimeError(f"{type(model.lm).__name__} returned no text; its log may say why")
    return {"text": said, "finish_reason": _ending(reply, max_new_tokens)}


def count_tokens(model: Loaded, text: str) -> int | None:
    """By the class's tokenizer; None where it has none."""
    tokenizer = getattr(model.lm, "tokenizer", None)
    return None if tokenizer is None else len(tokenizer.encode(text))


def _check(model: Loaded, text: str, parts: list[tuple[str, str, str]]) -> None:
    for mark in model.reserved:
        if mark in text:
            raise Refused(f"The text holds {mark!r}, which such models read as a mark.")
    for _, kind, path in parts:
        if kind == "video" and model.endings and not path.endswith(tuple(model.endings)):
            known = ", ".join(model.endings)
            raise Refused(f"The video is no {known} file, and this class would leave it out.")


def _listed(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _told(takes: str) -> dict[str, Any]:
    pairs = (item.partition(":") for item in _listed(takes))
    return {name: int(number) if number else 1 for name, _, number in pairs}


def _messages(parts: list[tuple[str, str, str]], sound: str) -> list[dict[str, Any]]:
    grouped = itertools.groupby(parts, key=lambda part: part[0])
    return [
        {"role": role, "content": [_content(kind, value, sound) for _, kind, value in group]}
        for role, group in grouped
    ]


def _content(kind: str, value: str, sound: str) -> dict[str, Any]:
    if kind == "text":
        return {"type": "text", "text": value}
    return {"type": kind, "url": _given(kind, value, sound)}


def _given(kind: str, path: str, sound: str) -> Any:
    """A medium as lmms-eval's tasks hand it over: by its Python type it is told what it is."""
    if kind == "image":
        with importlib.import_module("PIL.Image").open(path) as opened:
            return opened.convert("RGB")
    if kind == "audio" and sound == "array":
        import librosa

        array, rate = librosa.load(path, sr=None, mono=True)
        return {"array": array, "sampling_rate": int(rate)}
    return path


def _ending(reply: Any, max_new_tokens: int) -> str | None:
    counts = getattr(reply, "token_counts", None)
    written = getattr(counts, "output_tokens", None)
    if written is None:
        return None
    return "length" if written >= max_new_tokens else "stop"


def _seed(seed: int) -> None:
    import numpy as np
    import torch

    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)
