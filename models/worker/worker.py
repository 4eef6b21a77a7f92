"""Serves one model over OpenAI's chat protocol, from the model's own environment.

    cd REPOSITORY && python worker.py ADAPTER.py --checkpoint PATH --device cuda:0 --port 8000

Copy this file and an adapter there: it needs Python 3.8 or later and nothing else, which is why it
is one file, and a long one. The folder that it is run in is on the import path, as it is for the
repository's own scripts.

AN ADAPTER is a Python file with these names:

    NAME = "my-model"
    CAPABILITIES = {"video": 1, "audio": 1, "image": 0, "text_budget": 512}

    def load(checkpoint, device):
        return ...                                       # whatever `answer` needs

    def answer(model, *, text, video=None, audio=None, max_new_tokens, temperature=None):
        return "..."

`NAME` is the id under which it is asked; `--name` replaces it, as for two sizes of one model.

`CAPABILITIES` says what reaches the model. All are optional:
    video, audio, image   how many of each a question may have; True is 1; left out, 0: none
    media                 how many of all kinds together, where it takes one kind at a time
    audio_in_video        True: without an `audio`, it hears the video file's own track
    text_budget           how many tokens of text reach it, counted by `count_tokens`, which must
                          then be there; more are refused, not cut
Where that depends on what is loaded, `capabilities(model)` returns such a dict after `load`.
What is beyond is answered with status 400 and a sentence. An adapter never leaves a medium out.

`load(checkpoint, device, ...)` is called once, with strings; `checkpoint` is None where none was
given. Further parameters are set by `--option NAME=VALUE` (a string), so that a model may need more
than one path: `def load(checkpoint, device, *, llama, frames="8")`.

`answer(model, *, ...)` is called for one question at a time, in the thread that loaded the model,
the process's main one. It takes what it can use, BY NAME; the worker looks at its signature:
    text            all texts of the question in their order, a line break between them: first the
                    system's (unless `system` is taken), labels of media ("The sound of the clip:")
                    where these stood; no placeholders
    system          the system's text, "" where there is none
    video, audio, image      path of the one; None where there is none
    videos, audios, images   paths of all, in order; [] where there are none
    parts           all of it in order, for a model that takes text and media interleaved: tuples
                    (role, kind, value), role "system", "user" or "assistant", kind "text",
                    "image", "video" or "audio", value the text or the path. Media take their
                    places by:  "".join({"video": "<video>\n"}.get(k, v) for _, k, v in parts)
    max_new_tokens  int, always given
    temperature     float, or None where the question doesn't say: then as the repository's own
                    script does. 0 means greedy
    top_p, seed, ...  any other field of a request, by its name there, None where it is not given.
                    So a field which is no parameter of `answer` is refused, never dropped
Each kind in `CAPABILITIES` needs a parameter that brings it, or the worker doesn't start. Paths are
of temporary files with the bytes that were sent; their endings fit their content; they are deleted
when `answer` returns, so nothing may be read later. It returns the reply as a string, without the
prompt, or `{"text": ..., "finish_reason": "stop" or "length"}` where it knows how it ended.
What it raises is answered with status 500 and its message; to refuse a question (status 400), it
defines `class Refused(Exception)` and raises that with a sentence.

`RESERVED`, optional: texts that the model's tokenizer reads as marks, such as ("<image>",): a
question with one in its text is refused, for it would stand for a medium that isn't there.

`count_tokens(model, text)`, optional: tokens of a text, an int, by the model's own tokenizer,
as the model counts them where its budget applies; None where it can't. It gives usage, budgets
and `/tokenize`.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import gc
import hmac
import http.server
import importlib.machinery
import importlib.util
import inspect
import io
import ipaddress
import json
import math
import os
import queue
import re
import shutil
import signal
import socket
import socketserver
import stat
import sys
import tempfile
import threading
import time
import traceback
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

KINDS = ("image", "video", "audio")
PLURAL = {"image": "images", "video": "videos", "audio": "audios"}
BROUGHT = {"text", "system", "parts", *KINDS, *PLURAL.values(), "max_new_tokens"}
"""Parameters of `answer` that no field of a request sets."""
KNOWN_CAPABILITIES = {*KINDS, "text", "media", "audio_in_video", "text_budget"}
NEUTRAL: dict[str, tuple[Any, ...]] = {
    "n": (1,), "logprobs": (False,), "top_logprobs": (0,), "echo": (False,), "store": (False,),
    "tools": ([],), "functions": ([],), "tool_choice": ("none", "auto"), "logit_bias": ({},),
    "presence_penalty": (0,), "frequency_penalty": (0,), "response_format": ({"type": "text"},),
    "parallel_tool_calls": (True, False),
}  # fmt: skip
"""Values of further fields that ask for nothing; any other is refused."""
OWN_FIELDS = {"model", "messages", "max_tokens", "max_completion_tokens", "stop", "stream",
              "stream_options", "user"}  # fmt: skip
MOST_PARTS = 4096
MOST_CONNECTIONS = 64
MOST_DIGITS = 32
MAGIC = (
    (b"RIFF", 8, b"WAVE", ".wav"), (b"RIFF", 8, b"AVI ", ".avi"), (b"RIFF", 8, b"WEBP", ".webp"),
    (b"", 4, b"ftypqt", ".mov"), (b"", 4, b"ftypM4A", ".m4a"), (b"", 4, b"ftyp", ".mp4"),
    (b"\x1a\x45\xdf\xa3", 0, b"", ".webm"), (b"fLaC", 0, b"", ".flac"), (b"OggS", 0, b"", ".ogg"),
    (b"ID3", 0, b"", ".mp3"), (b"\xff\xfb", 0, b"", ".mp3"), (b"\xff\xd8\xff", 0, b"", ".jpg"),
    (b"\x89PNG", 0, b"", ".png"), (b"GIF8", 0, b"", ".gif"),
)  # fmt: skip
"""How a file begins, what stands further on, and the ending that it then has."""
FIRST_LINE = re.compile(rb"[ -~\x80-\xff]+\r\n")
FIELD_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~\x80-\xff]*\r\n")
CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,12})[\t ]*(?:;[\t -~\x80-\xff]*)?\r\n")
"""Lines of a request as HTTP has them. What a proxy may read in another way is refused: between the
two, a part of one client's request would become another's."""


class Unfit(Exception):
    """An adapter, or an argument, with which the worker can't start."""


class Problem(Exception):
    """What is wrong with a request: a status and one sentence."""

    def __init__(
        self, status: int, message: str, code: str | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        # A model's code may say anything, also halves of characters, which are no JSON.
        self.message = message.encode("utf-8", "backslashreplace").decode()
        self.status, self.code = status, code
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        """As OpenAI's clients read it."""
        kind = {401: "authentication_error", 404: "not_found_error"}.get(self.status)
        kind = kind or ("invalid_request_error" if self.status < 500 else "server_error")
        return {"error": {"message": self.message, "type": kind, "param": None, "code": self.code}}


class Adapter:
    """An adapter's file, and what it can be asked."""

    def __init__(self, path: Path, name: str | None = None) -> None:
        """Raises: Unfit: it is not as the contract says."""
        spec = importlib.util.spec_from_file_location("worker_adapter", str(path))
        if spec is None or spec.loader is None or not path.is_file():
            raise Unfit(f"{path} is no Python file.")
        _check_place(path.resolve())
        self.module = importlib.util.module_from_spec(spec)
        sys.modules["worker_adapter"] = self.module
        spec.loader.exec_module(self.module)
        for wanted in ("NAME", "CAPABILITIES", "load", "answer"):
            if not hasattr(self.module, wanted):
                raise Unfit(f"{path} has no {wanted}; see the top of worker.py.")
        self.name: str = name or self.module.NAME
        if not (isinstance(self.name, str) and self.name.strip() and self.name.isprintable()):
            raise Unfit(f"{path}: NAME is {self.name!r}; it is to be a text that can be printed.")
        for function in ("load", "answer", "count_tokens", "capabilities"):
            if not callable(getattr(self.module, function, print)):
                raise Unfit(f"{path}: {function} is no function.")
        refused = getattr(self.module, "Refused", Problem)
        if not (isinstance(refused, type) and issubclass(refused, Exception)):
            raise Unfit(f"{path}: Refused is no class of exceptions.")
        self.model: Any = None
        self.count: Callable[[Any, str], int | None] | None = getattr(
            self.module, "count_tokens", None
        )
        marks = getattr(self.module, "RESERVED", ())
        self.reserved: tuple[str, ...] = tuple(marks) if isinstance(marks, (list, tuple)) else ("",)
        if not all(isinstance(mark, str) and mark for mark in self.reserved):
            raise Unfit(f"{path}: RESERVED is to be a tuple of texts, none of them empty.")
        parameters = inspect.signature(self.module.answer).parameters.values()
        if any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters):
            raise Unfit(
                f"{path}: answer() takes ** parameters, which would swallow what it can't do."
            )
        self.takes = {p.name for p in list(parameters)[1:]}
        self.optional = {p.name for p in parameters if p.default is not inspect.Parameter.empty}
        if not self.takes & {"text", "parts"}:
            raise Unfit(f"{path}: answer() takes neither text nor parts.")
        self._describe(self.module.CAPABILITIES)

    def _describe(self, told: dict[str, Any]) -> None:
        if not isinstance(told, dict):
            raise Unfit(f"CAPABILITIES is to be a dict, not {type(told).__name__}.")
        for name in ("text", "audio_in_video"):
            if not isinstance(told.get(name, False), bool):
                raise Unfit(f"CAPABILITIES: {name} is {told[name]!r}; it is to be True or False.")
        for name in KINDS:
            if not isinstance(told.get(name, 0), int) or told.get(name, 0) < 0:
                raise Unfit(
                    f"CAPABILITIES: {name} is {told[name]!r}; it is to be a number, or True."
                )
        for name in ("media", "text_budget"):
            most = told.get(name)
            if most is not None and (type(most) is not int or most < 1):
                raise Unfit(f"CAPABILITIES: {name} is {most!r}; it is to be a number from 1 on.")
        if unknown := sorted(map(str, set(told) - KNOWN_CAPABILITIES)):
            raise Unfit(f"CAPABILITIES has {', '.join(unknown)}, which means nothing.")
        self.most = {kind: int(told.get(kind, 0)) for kind in KINDS}
        self.most_media: int | None = told.get("media")
        self.budget: int | None = told.get("text_budget")
        self.hears_file = bool(told.get("audio_in_video"))
        if self.budget is not None and self.count is None:
            raise Unfit(
                "CAPABILITIES has a text_budget, and there is no count_tokens to keep it by."
            )
        for kind, most in self.most.items():
            ways = {"parts", PLURAL[kind], *([kind] if most == 1 else [])}
            if most and not self.takes & ways:
                raise Unfit(f"CAPABILITIES has {kind}, and no parameter of answer() brings it.")

    @property
    def fields(self) -> set[str]:
        """Fields of a request that `answer` takes by their names."""
        return self.takes - BROUGHT

    def load(self, checkpoint: str | None, device: str, options: dict[str, str]) -> None:
        """Raises: Unfit: `load` has no such options, or needs more."""
        try:
            inspect.signature(self.module.load).bind(checkpoint, device, **options)
        except TypeError as error:
            raise Unfit(f"load() of {self.name}: {error}; see --option.") from None
        try:
            self.model = self.module.load(checkpoint, device, **options)
        except getattr(self.module, "Refused", Unfit) as error:
            raise Unfit(f"load() of {self.name}: {error}") from None
        if hasattr(self.module, "capabilities"):
            self._describe(self.module.capabilities(self.model))

    def described(self) -> str:
        """What it takes, in words."""
        kinds = [f"{n} {kind if n == 1 else PLURAL[kind]}" for kind, n in self.most.items() if n]
        most = f", {self.most_media} of all together" if self.most_media is not None else ""
        return f"text and at most {', '.join(kinds)}{most}" if kinds else "text alone"

    def check(self, kinds: list[str]) -> None:
        """Raises: Problem: a question with media of these kinds is more than it takes."""
        beyond = [kind for kind in KINDS if kinds.count(kind) > self.most[kind]]
        many = self.most_media is not None and len(kinds) > self.most_media
        if beyond or many:
            given = ", ".join(f"{kinds.count(kind)} {kind}" for kind in KINDS if kind in kinds)
            raise Problem(400, f"{self.name} takes {self.described()}; this question has {given}.")


def _check_place(path: Path) -> None:
    """Raises: Unfit: imported by its name, this file would be found in place of a package."""
    find = importlib.machinery.PathFinder.find_spec
    found = find(path.stem, sys.path)
    if found is not None and found.origin and Path(found.origin).resolve() == path:
        others = [folder for folder in sys.path if Path(folder).resolve() != path.parent]
        if find(path.stem, others) is not None:
            raise Unfit(f"{path} would stand for the package {path.stem}: rename it, or move it.")


class Question:
    """A request that was read: what goes to `answer`, and how the reply is to be sent."""

    def __init__(self, body: dict[str, Any], adapter: Adapter, most_new_tokens: int) -> None:
        """Raises: Problem: it asks for what the adapter doesn't do."""
        if body.get("model") != adapter.name:
            raise Problem(404, f"This worker serves {adapter.name!r} alone.", "model_not_found")
        self.stream = bool(_checked(body, "stream", bool))
        options = _checked(body, "stream_options", dict) or {}
        self.tells_usage = bool(options.get("include_usage"))
        self.stop = _stops(body.get("stop"))
        self.fields = _fields(body, adapter)
        if "stop" in adapter.takes and self.stop:
            self.fields["stop"] = self.stop
        self.max_new_tokens = _limit(body, most_new_tokens)
        self.parts = list(_parts(_checked(body, "messages", list) or []))
        adapter.check([kind for _, kind, _ in self.parts if kind in KINDS])
        texts = [(role, value) for role, kind, value in self.parts if kind == "text"]
        if not any(value.strip() for _, value in texts):
            raise Problem(400, "The messages hold no text.")
        if "parts" not in adapter.takes and any(role == "assistant" for role, _, _ in self.parts):
            raise Problem(400, f"{adapter.name} answers one question, and takes no dialogue.")
        self.whole = "\n".join(value for _, value in texts)
        for mark in adapter.reserved:
            if mark in self.whole:
                raise Problem(
                    400, f"The text holds {mark!r}, which {adapter.name} reads as a mark."
                )
        self.system = "\n".join(value for role, value in texts if role == "system")
        others = "\n".join(value for role, value in texts if role != "system")
        self.text = others if "system" in adapter.takes else self.whole

    def place(self, folder: Path, roots: list[Path], most_bytes: int) -> None:
        """Write the media to `folder`; from now on, parts hold their paths.

        Raises:
            Problem: an address is not allowed, or leads to nothing that can be used.
        """
        for index, (role, kind, value) in enumerate(self.parts):
            if kind in KINDS:
                path = _placed(value, kind, folder / f"{kind}-{index}", roots, most_bytes)
                self.parts[index] = (role, kind, str(path))

    def arguments(self, adapter: Adapter) -> dict[str, Any]:
        """What `answer` takes of it, by name."""
        paths = {kind: [v for _, k, v in self.parts if k == kind] for kind in KINDS}
        given: dict[str, Any] = {
            "text": self.text, "system": self.system, "parts": self.parts,
            "max_new_tokens": self.max_new_tokens,
        }  # fmt: skip
        for kind, found in paths.items():
            given[PLURAL[kind]] = found
            given[kind] = found[0] if found else None
        missing = dict.fromkeys(adapter.fields - adapter.optional)
        given = {**given, **missing, **self.fields}
        return {name: value for name, value in given.items() if name in adapter.takes}


def _checked(body: dict[str, Any], name: str, kind: type) -> Any:
    value = body.get(name)
    if value is not None and not isinstance(value, kind):
        raise Problem(400, f"{name!r} is to be a {kind.__name__}, not {type(value).__name__}.")
    return value


def _number(name: str, value: Any, low: float, high: float, whole: bool = False) -> Any:
    fits = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not fits or not low <= value <= high or not math.isfinite(value):
        kind = "a whole number" if whole else "a number"
        raise Problem(400, f"{name!r} is to be {kind} from {low:g} to {high:g}.")
    return value


def _limit(body: dict[str, Any], most: int) -> int:
    given = [body[n] for n in ("max_tokens", "max_completion_tokens") if body.get(n) is not None]
    limits = {_number("max_tokens", value, 1, 2**31, whole=True) for value in given}
    if len(limits) > 1:
        raise Problem(400, "'max_tokens' and 'max_completion_tokens' say two things.")
    limit: int = limits.pop() if limits else most
    if limit > most:
        raise Problem(
            400,
            f"'max_tokens' is {limit}, and this worker writes {most} at most: --max-new-tokens.",
        )
    return limit


def _stops(value: Any) -> list[str]:
    given = [value] if isinstance(value, str) else value or []
    if not isinstance(given, list) or not all(isinstance(s, str) and s for s in given):
        raise Problem(400, "'stop' is to be a text, or a list of texts.")
    return given


def _fields(body: dict[str, Any], adapter: Adapter) -> dict[str, Any]:
    """Fields of a request for `answer`; a null is no field.

    Raises:
        Problem: it has one that `answer` does not take, so that it would be without effect.
    """
    given = {name: v for name, v in body.items() if v is not None and name not in OWN_FIELDS}
    unknown = [
        name
        for name, value in given.items()
        if name not in adapter.fields
        and not any(value == neutral for neutral in NEUTRAL.get(name, ()))
    ]
    if unknown:
        known = ", ".join(sorted({"max_tokens", "stop", *adapter.fields}))
        raise Problem(
            400,
            f"{adapter.name} does not take {', '.join(sorted(unknown))[:200]}; it takes {known}.",
        )
    bounds = {"temperature": (0, 2), "top_p": (0, 1), "seed": (-(2**63), 2**63)}
    for name, (low, high) in bounds.items():
        if name in given:
            _number(name, given[name], low, high, whole=name == "seed")
    return {name: value for name, value in given.items() if name in adapter.fields}


def _parts(messages: list[Any]) -> Iterator[tuple[str, str, str]]:
    """Role, kind, and text or address of each part, in order."""
    count = 0
    for message in messages:
        if not isinstance(message, dict):
            raise Problem(400, "A message is to be an object.")
        role = "system" if message.get("role") == "developer" else message.get("role")
        if role not in ("system", "user", "assistant"):
            raise Problem(400, "A message's role is to be system, user or assistant.")
        content = message.get("content")
        parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
        if not isinstance(parts, list):
            raise Problem(400, "A message's content is to be a text or a list of parts.")
        count += len(parts)
        if count > MOST_PARTS:
            raise Problem(400, f"A question has {MOST_PARTS} parts at most.")
        for part in parts:
            kind, value = _part(part)
            if kind != "text" and role != "user":
                raise Problem(400, f"Media stand in messages of the user, not of the {role}.")
            yield role, kind, value


def _part(part: Any) -> tuple[str, str]:
    given = part.get("type") if isinstance(part, dict) else None
    inner = part.get(given) if isinstance(given, str) else None
    kind = given[:-4] if isinstance(given, str) and given.endswith("_url") else given
    value: Any = None
    if given == "text":
        value = inner
    elif kind in KINDS and given != kind:
        inner = {"url": inner} if isinstance(inner, str) else inner
        if isinstance(inner, dict) and not set(inner) - {"url", "detail"}:
            value = inner.get("url")
    elif given == "input_audio":
        kind = "audio"
        if isinstance(inner, dict) and isinstance(inner.get("data"), str):
            form = str(inner.get("format"))
            if re.fullmatch("[a-z0-9]{2,5}", form):
                value = f"data:audio/{form};base64,{inner['data']}"
    else:
        raise Problem(
            400,
            f"This worker knows no part of type {str(given)[:40]!r}; it knows text, image_url, "
            "video_url, audio_url and input_audio.",
        )
    if not isinstance(value, str):
        raise Problem(400, f"A part of type {given} is not of its form.")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise Problem(400, "A text has half of a character (a lone surrogate).") from None
    return str(kind), value


def _placed(url: str, kind: str, place: Path, roots: list[Path], most_bytes: int) -> Path:
    """Bytes of an address, in a new file."""
    if url[:5].lower() == "data:":
        content, ending = _of_data(url, kind)
        path = place.with_suffix(_ending(content[:16]) or ending)
        path.write_bytes(content)
        return path
    name = url
    if url[:7].lower() == "file://":
        if "?" in url or "#" in url:
            raise Problem(400, "A file's address has no ? and no #; write them as %3F and %23.")
        rest = url[7:]
        name = unquote(rest[9:] if rest.startswith("localhost/") else rest)
    if not name.startswith("/"):
        raise Problem(
            400,
            f"The address of the {kind} is neither a data: URL nor a file:///absolute/path; this "
            "worker fetches nothing from the network.",
        )
    with _opened(name, roots, most_bytes) as source:
        begin = source.read(16)
        ending = _ending(begin) or re.sub(r"[^.a-z0-9]", "", Path(name).suffix.lower())[:8]
        path = place.with_suffix(ending if len(ending) > 1 else "")
        with path.open("wb") as copy:
            copy.write(begin)
            shutil.copyfileobj(source, copy, 1 << 20)
    return path


def _of_data(url: str, kind: str) -> tuple[bytes, str]:
    head, comma, data = url.partition(",")
    mime, *settings = head[5:].lower().split(";")
    if not comma or "base64" not in settings:
        raise Problem(400, f"The data: URL of the {kind} is not data:{kind}/...;base64,...")
    main, _, sub = mime.partition("/")
    if main != kind and mime != "application/octet-stream":
        raise Problem(400, f"The data: URL of the {kind} is of type {mime[:60]!r}.")
    try:
        content = base64.b64decode(data.encode("ascii"), validate=True)
    except ValueError:
        raise Problem(400, f"The data: URL of the {kind} is no base64.") from None
    if not content:
        raise Problem(400, f"The {kind} is empty.")
    ending = re.sub(r"[^a-z0-9]", "", sub.replace("x-", ""))[:12]
    return content, f".{ending}" if ending and main == kind else ""


def _ending(begin: bytes) -> str:
    found = (
        ending
        for head, at, mark, ending in MAGIC
        if begin.startswith(head) and begin[at : at + len(mark)] == mark
    )
    return next(found, "")


def _opened(name: str, roots: list[Path], most_bytes: int) -> io.BufferedReader:
    """A file below one of `roots`, opened so that no link leads out of it.

    Raises:
        Problem: it is elsewhere, isn't there, is no ordinary file, or too large.
    """
    if "\0" in name or ".." in name.split("/"):
        raise Problem(400, "A file's path has no '..' and no null character.")
    try:
        real = Path(name).resolve()
        root = next((root for root in roots if root in real.parents), None)
        if root is None:
            allowed = "there is none" if not roots else "this one is elsewhere"
            raise Problem(403, f"Files are read below a --media-root of the worker; {allowed}.")
        # By each folder in turn: a link that is put there meanwhile is not followed.
        *folders, last = real.relative_to(root).parts
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW
        at = os.open(str(root), flags | os.O_DIRECTORY)
        try:
            for folder in folders:
                below = os.open(folder, flags | os.O_DIRECTORY, dir_fd=at)
                os.close(at)
                at = below
            if not stat.S_ISREG(os.stat(last, dir_fd=at, follow_symlinks=False).st_mode):
                raise Problem(400, "The address leads to something that is no ordinary file.")
            file = os.fdopen(os.open(last, flags | os.O_NONBLOCK, dir_fd=at), "rb")
        finally:
            os.close(at)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "it can't be resolved"
        raise Problem(400, f"A file below --media-root can't be opened: {reason}.") from None
    told = os.fstat(file.fileno())
    if stat.S_ISREG(told.st_mode) and 0 < told.st_size <= most_bytes:
        return file
    file.close()
    raise Problem(400, f"A file is empty, or has more than --max-body-mb: {told.st_size} bytes.")


class Job:
    """Something for the main thread to do, and what came of it."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self.work = work
        self.done = threading.Event()
        self.result: Any = None
        self.problem: Problem | None = None
        self._lock = threading.Lock()
        self._taken = False

    def take(self) -> bool:
        """Whether it was free: it is started, or dropped, once."""
        with self._lock:
            was_free, self._taken = not self._taken, True
        return was_free

    def end(self, result: Any = None, problem: Problem | None = None) -> None:
        """It has ended; what comes later counts no more."""
        with self._lock:
            if not self.done.is_set():
                self.result, self.problem = result, problem
                self.done.set()


class Desk:
    """What the adapter is asked, one after the other: all of it is done in the main thread."""

    def __init__(self, adapter: Adapter, most: int) -> None:
        self.adapter = adapter
        self.idle = threading.Condition()
        self._most = most
        self._here = 0
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._state = "loading its model"
        self._running: Job | None = None
        self._closed = False
        self._took = 5.0

    @property
    def state(self) -> str:
        """Empty where it serves; else what it is doing."""
        return self._state

    def enter(self) -> None:
        """A request comes in; `leave` follows. Raises: Problem: there is no place for it."""
        with self.idle:
            if self._state:
                raise Problem(503, f"The worker is {self._state}.", retry_after=5)
            if self._here >= self._most:
                wait = min(60.0, max(1.0, self._took))
                raise Problem(503, f"{self._here} requests are there already.", None, wait)
            self._here += 1

    def leave(self) -> None:
        """A request has been answered."""
        with self.idle:
            self._here -= 1
            self.idle.notify_all()

    def do(self, work: Callable[[], Any], is_gone: Callable[[], bool]) -> Any:
        """Have the main thread do something. Raises: Problem: it went wrong, or nobody waits."""
        job = Job(work)
        self._jobs.put(job)
        while not job.done.wait(0.5):
            if is_gone() and job.take():
                raise Problem(499, "The client has gone.")
            if self._closed and job.take():  # it came after the last that the main thread saw
                raise Problem(503, f"The worker is {self._state}.")
        if job.problem:
            raise job.problem
        return job.result

    def open(self) -> None:
        """The model is loaded."""
        self._state = ""

    def serve(self) -> None:
        """Do what is asked until `stop`."""
        for job in iter(self._jobs.get, None):
            if not job.take():
                continue
            if self._state:
                job.end(problem=Problem(503, f"The worker is {self._state}."))
                continue
            self._running, began = job, time.monotonic()
            self._run(job)
            self._took = time.monotonic() - began
            self._running = None
        self._closed = True

    def stop(self) -> None:
        """Nothing more is begun; what runs goes on."""
        self._state = "stopping"
        self._jobs.put(None)

    def give_up(self) -> None:
        """What runs is answered, although it goes on."""
        if self._running:
            problem = Problem(503, "The worker was stopped before the answer was there.")
            self._running.end(problem=problem)
        self.wait(2.0)

    def wait(self, seconds: float) -> None:
        """Until what came in has been answered."""
        with self.idle:
            self.idle.wait_for(lambda: not self._here, seconds)

    def _run(self, job: Job) -> None:
        refused = getattr(self.adapter.module, "Refused", Problem)
        try:
            job.end(job.work())
        except Problem as problem:
            job.end(problem=problem)
        except refused as error:
            job.end(problem=Problem(400, _words(error)))
        # Whatever a model's code does, the next question finds the worker there. A real Ctrl-C
        # raises nothing here: see `_stop_on_signal`.
        except BaseException as error:  # noqa: BLE001
            say(traceback.format_exc())
            job.end(problem=_fault(error))
        if job.problem and job.problem.code == "out_of_memory":
            _free_memory()


def _fault(error: BaseException) -> Problem:
    said = " ".join(_words(error).split())[:300]
    short = isinstance(error, MemoryError) or "OutOfMemory" in type(error).__name__
    if short or "out of memory" in said.lower():
        help_ = "send fewer frames or a shorter clip, or free the device"
        return Problem(503, f"The model ran out of memory; {help_}: {said}", "out_of_memory")
    return Problem(500, f"The adapter failed with {type(error).__name__}: {said}", "adapter_failed")


def _words(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException:  # noqa: BLE001
        return "its message can't be read"


def _free_memory() -> None:
    gc.collect()
    cuda = getattr(sys.modules.get("torch"), "cuda", None)
    if cuda is not None and cuda.is_available():
        cuda.empty_cache()


class Worker:
    """What a worker was started with, and its answers."""

    def __init__(self, adapter: Adapter, desk: Desk, given: argparse.Namespace) -> None:
        self.adapter, self.desk = adapter, desk
        self.most_mb: float = given.max_body_mb
        self.most_bytes = int(self.most_mb * 2**20)
        self.most_new_tokens: int = given.max_new_tokens
        self.timeout: float = given.timeout
        self.roots = [Path(root).resolve() for root in given.media_root]
        self.token: bytes | None = None
        self.hosts = {"localhost", "127.0.0.1", "[::1]", given.host.lower(), f"[{given.host}]"}
        self.folder = Path()
        self.woken: tuple[socket.socket, socket.socket] | None = None
        self.began = int(time.time())

    def open(self) -> None:
        """The model is loaded: questions are taken, and media have a place."""
        self.folder = Path(tempfile.mkdtemp(prefix="aurelia-worker-"))
        self.desk.open()

    def clean(self) -> None:
        """Nothing of a question stays behind."""
        if self.folder != Path():
            shutil.rmtree(str(self.folder), ignore_errors=True)

    def model(self) -> dict[str, Any]:
        """Its entry in the list of models."""
        one = self.adapter
        can = {**one.most, "text": True, "media": one.most_media, "audio_in_video": one.hears_file}
        return {
            "id": one.name, "object": "model", "created": self.began, "owned_by": "aurelia-worker",
            "capabilities": {**can, "text_budget": one.budget},
            "max_model_len": one.budget, "max_new_tokens": self.most_new_tokens,
            "fields": sorted({"max_tokens", "stop", *one.fields}),
        }  # fmt: skip

    def chat(self, body: dict[str, Any], is_gone: Callable[[], bool]) -> tuple[str, bytes]:
        """The content type and body of a completion. Raises: Problem."""
        question = Question(body, self.adapter, self.most_new_tokens)
        body.clear()  # its media are in files soon, and need not stay in memory meanwhile
        folder = Path(tempfile.mkdtemp(dir=str(self.folder)))
        try:
            question.place(folder, self.roots, self.most_bytes)
            reply = self.desk.do(lambda: self._answer(question), is_gone)
        finally:
            shutil.rmtree(str(folder), ignore_errors=True)
        return _completion(self.adapter.name, question, *reply)

    def tokenize(self, body: dict[str, Any], is_gone: Callable[[], bool]) -> dict[str, Any]:
        """How many tokens a prompt has, in vLLM's form. Raises: Problem."""
        prompt = body.get("prompt")
        if self.adapter.count is None:
            raise Problem(404, f"The adapter of {self.adapter.name} has no count_tokens.")
        if body.get("model") not in (None, self.adapter.name):
            raise Problem(404, f"This worker serves {self.adapter.name!r}.", "model_not_found")
        if not isinstance(prompt, str):
            raise Problem(400, "'prompt' is to be a text.")
        _part({"type": "text", "text": prompt})
        counted = self.desk.do(lambda: self._count(prompt), is_gone)
        if counted is None:
            raise Problem(404, f"{self.adapter.name} has no tokenizer to count with.")
        return {"count": counted, "max_model_len": self.adapter.budget}

    def _count(self, text: str) -> int | None:
        """Tokens of a text; None where it can't be counted. In the main thread."""
        count = self.adapter.count
        tokens = None if count is None else count(self.adapter.model, text)
        if tokens is not None and (not isinstance(tokens, int) or tokens < 0):
            raise TypeError(f"count_tokens() returned {type(tokens).__name__}, not a number")
        return tokens

    def _answer(self, question: Question) -> tuple[str, str, tuple[int, int] | None]:
        """Reply, how it ended, tokens of text in and out; in the main thread."""
        one = self.adapter
        tokens_in = self._count(question.whole)
        if one.budget is not None and tokens_in is None:
            raise TypeError("count_tokens() returned nothing, and there is a text_budget")
        if one.budget is not None and tokens_in is not None and tokens_in > one.budget:
            raise Problem(
                400,
                f"The text has {tokens_in} tokens, and {one.budget} reach {one.name}; shorten it.",
                "context_length_exceeded",
            )
        said = one.module.answer(one.model, **question.arguments(one))
        text = said.get("text") if isinstance(said, dict) else said
        if not isinstance(text, str):
            raise TypeError(f"answer() returned {type(text).__name__}, not a text")
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            raise ValueError("answer() returned half of a character (a lone surrogate)")
        ended = said.get("finish_reason") if isinstance(said, dict) else None
        if ended is not None and (not isinstance(ended, str) or ended not in ("stop", "length")):
            raise TypeError(f"answer() ended with {str(ended)[:80]!r}, neither 'stop' nor 'length'")
        tokens_out = self._count(text) or 0
        if ended is None:
            ended = "length" if tokens_out >= question.max_new_tokens else "stop"
        ends = [at for at in map(text.find, question.stop) if at >= 0]
        if ends:
            text, ended = text[: min(ends)], "stop"
        return text, str(ended), None if tokens_in is None else (tokens_in, tokens_out)


def _completion(
    name: str, question: Question, text: str, ended: str, tokens: tuple[int, int] | None
) -> tuple[str, bytes]:
    usage = None
    if tokens:
        names = ("prompt_tokens", "completion_tokens", "total_tokens")
        usage = dict(zip(names, (*tokens, sum(tokens))))
    head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": name}
    if not question.stream:
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": ended}
        whole = {**head, "object": "chat.completion", "choices": [choice], "usage": usage}
        return "application/json", json.dumps(whole).encode()
    head["object"] = "chat.completion.chunk"
    said: dict[str, str] = {"role": "assistant", "content": text}
    events: list[dict[str, Any]] = [
        {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": end}]}
        for delta, end in ((said, None), ({}, ended))
    ]
    if question.tells_usage:
        events.append({**head, "choices": [], "usage": usage})
    lines = [f"data: {json.dumps(event)}\n\n" for event in events]
    return "text/event-stream", "".join([*lines, "data: [DONE]\n\n"]).encode()


class Timed(io.RawIOBase):
    """What a client sends, for so many seconds: it can't send a byte now and then for ever."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self._connection, self._seconds = connection, seconds
        self.restart()

    def restart(self) -> None:
        """A new request begins."""
        self._until = time.monotonic() + self._seconds

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Raises: socket.timeout: the time is over."""
        self._connection.settimeout(max(0.001, self._until - time.monotonic()))
        return self._connection.recv_into(buffer)


class Heard(io.BufferedReader):
    """What a client sends. Lines of a request's head are kept as they came, for its parser drops
    some and takes others apart."""

    head: list[bytes] | None = None

    def readline(self, size: Any = -1) -> bytes:
        """As usual."""
        line = super().readline(size)
        if self.head is not None:
            self.head.append(line)
        return line


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "aurelia-worker", ""
    worker: Worker
    rfile: Heard
    unread = False

    def setup(self) -> None:
        """As usual, with a clock on what is read."""
        super().setup()
        self.rfile.close()
        self.clock = Timed(self.connection, self.worker.timeout)
        self.rfile = Heard(self.clock, 1 << 16)
        self.head: list[bytes] = []

    def handle_one_request(self) -> None:
        """As usual; the clock starts anew, and a client that breaks off is no fault of ours."""
        self.clock.restart()
        self.unread = False
        self.command = ""
        self.rfile.head = self.head = []
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def parse_request(self) -> bool:
        """As usual; what is read from now on is no head."""
        try:
            return super().parse_request()
        finally:
            self.rfile.head = None

    def do_GET(self) -> None:
        """Health and models."""
        self._respond(self._get)

    def do_POST(self) -> None:
        """Questions."""
        self._respond(self._post)

    def _get(self, path: str) -> tuple[str, bytes]:
        if path == "/health":
            if state := self.worker.desk.state:
                raise Problem(503, f"The worker is {state}.", retry_after=5)
            return _json({"status": "ok"})
        self._check_token()
        if self.worker.desk.state:
            raise Problem(503, f"The worker is {self.worker.desk.state}.", retry_after=5)
        if path == "/v1/models":
            return _json({"object": "list", "data": [self.worker.model()]})
        if path == f"/v1/models/{self.worker.adapter.name}":
            return _json(self.worker.model())
        raise _no_such(path)

    def _post(self, path: str) -> tuple[str, bytes]:
        self._check_token()
        if path not in ("/v1/chat/completions", "/tokenize", "/v1/tokenize"):
            raise _no_such(path)
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if (
            kind != "application/json"
            or self.headers.get("Content-Encoding", "identity") != "identity"
        ):
            raise Problem(415, "A request's body is application/json, not compressed.")
        self.worker.desk.enter()
        self.entered = True
        body = self._body()
        if path.endswith("/tokenize"):
            return _json(self.worker.tokenize(body, self._is_gone))
        return self.worker.chat(body, self._is_gone)

    def _respond(self, route: Callable[[str], tuple[str, bytes]]) -> None:
        self.entered = self.gone = False
        self.asked = 0
        told = any(name in self.headers for name in ("Content-Length", "Transfer-Encoding"))
        self.unread = told or self.command == "POST"
        began = time.monotonic()
        path = unquote(self.path.partition("?")[0]).rstrip("/")
        try:
            status, kind, content, headers = self._answer(route, path)
            say(f"{self.command} {path[:80]!r} {status} {time.monotonic() - began:.2f} s")
            self._send(status, kind, content, headers)
        finally:
            if self.entered:
                self.worker.desk.leave()

    def _answer(
        self, route: Callable[[str], tuple[str, bytes]], path: str
    ) -> tuple[int, str, bytes, dict[str, str]]:
        try:
            self._check_head()
            self._check_host()
            return (200, *route(path), {})
        except Problem as error:
            problem = error
        except socket.timeout:
            problem = Problem(408, f"The request was not there within {self.worker.timeout:g} s.")
        headers = {} if problem.status != 401 else {"WWW-Authenticate": "Bearer"}
        if problem.retry_after is not None:
            headers["Retry-After"] = str(math.ceil(problem.retry_after))
        return (problem.status, *_json(problem.body()), headers)

    def _send(self, status: int, kind: str, content: bytes, headers: dict[str, str]) -> None:
        self.connection.settimeout(self.worker.timeout)
        self.request_version = self.protocol_version  # whatever it was: an answer has a status
        self.send_response(status)
        if self.unread or self.worker.desk.state == "stopping":
            self.close_connection = True
            headers["Connection"] = "close"
        for name, value in {**headers, "Content-Type": kind}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        if self.unread:
            self._drain()

    def _drain(self) -> None:
        """Read what is still being sent: a client that is cut off would not see the answer."""
        self.connection.shutdown(socket.SHUT_WR)
        until = time.monotonic() + min(5.0, self.worker.timeout)
        while time.monotonic() < until:
            self.connection.settimeout(max(0.001, until - time.monotonic()))
            if not self.connection.recv(1 << 20):
                break

    def _check_head(self) -> None:
        """Raises: Problem: where the request ends is not said, or said twice."""
        first, *fields, last = self.head if len(self.head) > 1 else (b"", b"")
        in_order = FIRST_LINE.fullmatch(first) and all(map(FIELD_LINE.fullmatch, fields))
        if not in_order or last != b"\r\n" or self.headers.defects:
            self.unread = True
            raise Problem(400, "A line of the request's head is no 'Name: value' with CR and LF.")
        lengths = self.headers.get_all("Content-Length", [])
        codings = self.headers.get_all("Transfer-Encoding", [])
        if len(lengths) + len(codings) > 1:
            raise Problem(400, "A body comes in chunks, or with one Content-Length.")
        old = self.request_version != "HTTP/1.1"
        if codings and (old or codings[0].strip(" \t").lower() != "chunked"):
            raise Problem(400, "A body comes in chunks of HTTP/1.1, not coded in another way.")
        if lengths and not re.fullmatch("[\t ]*[0-9]{1,18}[\t ]*", lengths[0]):
            raise Problem(400, "The Content-Length is no length.")

    def _check_host(self) -> None:
        """Without a token, a page in a browser must not reach the worker by another name."""
        if len(self.headers.get_all("Host", [])) != 1:
            raise Problem(400, "A request has one Host.")
        host = re.sub(r":\d*$", "", self.headers["Host"].strip().lower())
        if self.worker.token is None and host not in self.worker.hosts:
            raise Problem(
                403, "This worker has no token, and answers to the names of loopback alone."
            )

    def _check_token(self) -> None:
        if self.worker.token is None:
            return
        scheme, _, given = self.headers.get("Authorization", "").partition(" ")
        right = hmac.compare_digest(given.strip().encode("latin-1", "replace"), self.worker.token)
        if scheme.lower() != "bearer" or not right:
            raise Problem(401, "There is no token, or not that of this worker.", "invalid_api_key")

    def _is_gone(self) -> bool:
        """Whether nobody will read the answer; asked now and then while a question waits.

        A client that has closed and one that only sends no more look the same, until something is
        sent: to the first, the answer is a reset. So both are told to go on, which every client of
        HTTP/1.1 has to expect, with ever longer pauses, for some take but a few such answers.
        """
        self.connection.settimeout(0.0)
        try:
            if self.connection.recv(1, socket.MSG_PEEK):
                return False
            reset = self.connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if reset or self.request_version != "HTTP/1.1":
                self.gone = True
            elif self.asked in (0, 2, 8, 32):
                self.connection.send(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.asked += 1
        except BlockingIOError:
            pass
        except OSError:
            self.gone = True
        return self.gone

    def _body(self) -> dict[str, Any]:
        raw = self._chunked() if "Transfer-Encoding" in self.headers else self._whole()
        self.unread = False
        try:
            body = json.loads(raw, parse_int=_small_int, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise Problem(400, "The body is no JSON that can be read.") from None
        if not isinstance(body, dict):
            raise Problem(400, "The body is to be a JSON object.")
        return body

    def _whole(self) -> bytes:
        if "Content-Length" not in self.headers:
            raise Problem(411, "A request has a Content-Length, or comes in chunks.")
        length = int(self.headers["Content-Length"])
        if length > self.worker.most_bytes:
            raise self._too_large()
        self._go_on()
        body = self.rfile.read(length)
        if len(body) < length:
            raise Problem(400, "The body breaks off.")
        return body

    def _chunked(self) -> bytes:
        self._go_on()
        body = bytearray()
        while True:
            size = CHUNK_LINE.fullmatch(self.rfile.readline(256))
            if not size:
                raise Problem(400, "The body's chunks are not in order.")
            length = int(size[1], 16)
            if len(body) + length > self.worker.most_bytes:
                raise self._too_large()
            if not length:
                break
            body += self.rfile.read(length)
            if self.rfile.read(2) != b"\r\n":
                raise Problem(400, "The body's chunks are not in order.")
        for _ in range(64):  # trailers, which mean nothing here
            line = self.rfile.readline(8192)
            if line == b"\r\n":
                return bytes(body)
            if not FIELD_LINE.fullmatch(line):
                break
        raise Problem(400, "The body's end is not in order.")

    def _too_large(self) -> Problem:
        return Problem(413, f"A request has {self.worker.most_mb:g} MB at most: --max-body-mb.")

    def _go_on(self) -> None:
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.send_response_only(100)
            self.end_headers()

    def handle_expect_100(self) -> bool:
        """Said once the request is known to be allowed."""
        return True

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the standard library refuses by itself: a request that is no HTTP."""
        self.close_connection, self.unread = True, True
        say(f"refused {code}")
        said = (message or self.responses[http.HTTPStatus(code)][0])[:120]
        kind, content = _json(Problem(code, f"{said}.").body())
        self._send(code, kind, content, {})

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """One line a request is written by `_respond`."""

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing that a client sends reaches the terminal as it is."""
        say(repr(format % args)[:200])


def _json(value: dict[str, Any]) -> tuple[str, bytes]:
    return "application/json", json.dumps(value).encode()


def _no_such(path: str) -> Problem:
    return Problem(404, f"There is no {path[:80]!r} here; ask /v1/chat/completions or /v1/models.")


def _small_int(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(digits[:MOST_DIGITS])
    return int(digits)


def _no_constant(name: str) -> float:
    raise ValueError(name)


class Server(http.server.ThreadingHTTPServer):
    """A thread for each connection, of which there are not too many."""

    request_queue_size = MOST_CONNECTIONS
    daemon_threads = True
    block_on_close = False

    def __init__(self, host: str, port: int, handler: type[Handler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._room = threading.Semaphore(MOST_CONNECTIONS)
        super().__init__((host, port), handler)

    def server_bind(self) -> None:
        """Without looking up our own name, which can take long."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = (
            str(self.server_address[0]),
            int(self.server_address[1]),
        )

    def process_request(self, request: Any, client_address: Any) -> None:
        """In a thread, where there is room."""
        if self._room.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            with contextlib.suppress(OSError):
                request.sendall(b"HTTP/1.1 503 Busy\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n")
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """One connection, to its end."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()


def say(text: str) -> None:
    """One line of the log; who reads it may have gone."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"worker: {text}\n")
        sys.stderr.flush()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _token(given: argparse.Namespace) -> bytes | None:
    """The token of the environment, which the adapter's code then finds there no more."""
    if given.token_env is None:
        if not _is_loopback(given.host):
            raise Unfit(f"--host {given.host} is open to others: name a token with --token-env.")
        return None
    token = os.environ.pop(given.token_env, "").strip()
    if not token:
        raise Unfit(f"--token-env: the variable {given.token_env} is empty or not set.")
    return token.encode()


def _arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="worker.py", description="Serve one model's adapter.")
    add = parser.add_argument
    add("adapter", type=Path, help="the adapter's file; its contract stands at the top of this one")
    add("--checkpoint", help="what load() is given: mostly a path")
    add("--device", default="cuda:0")
    add("--option", action="append", default=[], metavar="NAME=VALUE", help="more for load()")
    add("--name", help="the model's id, in place of the adapter's NAME")
    add("--host", default="127.0.0.1", help="others than loopback need --token-env")
    add("--port", type=int, default=8000, help="0: any that is free")
    add("--token-env", metavar="VAR", help="the variable that holds the bearer token")
    add("--media-root", action="append", default=[], metavar="DIR", help="files below it are read")
    add("--max-body-mb", type=float, default=256, help="of a request, and of a file")
    add("--max-new-tokens", type=int, default=1024, help="of an answer, asked for or not")
    add("--queue", type=int, default=16, help="how many requests may be there at once")
    add("--timeout", type=float, default=60, help="seconds a client has to send its request")
    add("--grace", type=float, default=30, help="seconds a running answer has when stopped")
    found = parser.parse_args(given)
    for name in ("max_body_mb", "max_new_tokens", "queue", "timeout", "grace"):
        if not 0 < getattr(found, name) <= 1_000_000:  # which a NaN is not
            parser.error(f"--{name.replace('_', '-')} is to be more than 0, and a million at most.")
    for root in found.media_root:
        if not Path(root).is_dir():
            parser.error(f"--media-root {root} is no folder.")
    for option in found.option:
        if not option.partition("=")[0].isidentifier() or "=" not in option:
            parser.error(f"--option {option} is not NAME=VALUE.")
    return found


def _stop_on_signal(server: Server, worker: Worker, grace: float) -> None:
    """Have signals end the worker; they are noticed even while a model computes."""
    woken, waker = worker.woken = socket.socketpair()  # held, or they would be closed
    waker.setblocking(False)
    ends = (signal.SIGTERM, signal.SIGINT)
    for number in ends:
        signal.signal(number, lambda *_: None)
    signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)

    def leave() -> None:
        worker.desk.give_up()
        worker.clean()
        os._exit(1)

    def wait() -> None:
        while woken.recv(1)[0] not in ends:
            pass
        say(f"stopping; an answer that is being written has {grace:g} s")
        worker.desk.stop()
        late = threading.Timer(grace, leave)
        late.daemon = True
        late.start()
        server.shutdown()
        server.server_close()
        while woken.recv(1)[0] not in ends:
            pass
        leave()

    threading.Thread(target=wait, daemon=True).start()


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped; the exit status."""
    given = _arguments(arguments)
    if sys.path and sys.path[0] == str(Path(__file__).resolve().parent):
        del sys.path[0]  # an adapter's neighbours are not its repository's modules
    sys.path.insert(0, str(Path.cwd()))
    try:
        token = _token(given)
        adapter = Adapter(given.adapter, given.name)
        worker = Worker(adapter, Desk(adapter, given.queue), given)
        worker.token = token
        server = Server(given.host, given.port, type("Bound", (Handler,), {"worker": worker}))
    except Unfit as error:
        say(str(error))
        return 2
    except (OSError, OverflowError) as error:
        say(f"{given.host}:{given.port} can't be listened on: {error}.")
        return 2
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    host = f"[{given.host}]" if ":" in given.host else given.host
    say(f"loading {adapter.name}, for http://{host}:{server.server_port}/v1")
    try:
        adapter.load(given.checkpoint, given.device, dict(o.split("=", 1) for o in given.option))
    except Unfit as error:
        say(str(error))
        return 2
    try:
        _stop_on_signal(server, worker, given.grace)
        worker.open()
        say(f"serving {adapter.name}: {adapter.described()}")
        worker.desk.serve()
        worker.desk.wait(5.0)
    finally:
        worker.clean()
    return 0


if __name__ == "__main__":
    sys.exit(main())
