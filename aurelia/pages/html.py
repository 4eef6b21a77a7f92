"""Templates, filled in; everything that comes from a model, a clip or a client is escaped."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from aurelia.evaluators.marks import step_mark
from aurelia.pages.run import SIGNS, sent

_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def policy(nonce: str) -> dict[str, str]:
    """Headers: nothing is loaded from anywhere, no script runs, the page's own style alone."""
    rules = [
        "default-src 'none'",
        "img-src data:",
        "media-src data:",
        f"style-src 'nonce-{nonce}'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
    return {
        "content-security-policy": "; ".join(rules),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
    }


def render(template: str, values: Mapping[str, Any]) -> str:
    """A page. Reads files: in async code, call it in a thread."""
    return _environment().get_template(f"{template}.html").render(**values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Whatever is put into a page: no control and no bidirectional characters either.
        finalize=_plain,
    )
    environment.globals |= {"step_mark": step_mark, "sent": sent, "signs": SIGNS}
    environment.filters["window"] = window
    environment.filters["number"] = lambda value: f"{value:,}"
    return environment


def _plain(value: Any) -> Any:
    return _UNSEEN.sub("\ufffd", value) if type(value) is str else value


def window(item: Any) -> str:
    """The window of a step or claim, as `1.0–2.2 s`; empty where it has none."""
    start, end = item.start_s, item.end_s
    if start is None and end is None:
        return ""
    if end is None or start is None:
        return f"from {start:.1f} s" if end is None else f"to {end:.1f} s"
    return f"at {start:.1f} s" if start == end else f"{start:.1f}–{end:.1f} s"
