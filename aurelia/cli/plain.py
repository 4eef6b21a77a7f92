"""Makes text from models and files safe to print on a terminal.

Whatever a model, a file name or a question holds may reach the screen: escape sequences could
recolour, move or hide what stands there, and bidirectional controls could reorder it.
"""

import re

_SEQUENCES = re.compile(
    r"\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)"  # operating system command: title, link, clipboard
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # control sequence: colour, cursor, clear
    r"|\x1b[ -/]*[0-~]?"  # any other escape
)
_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def clean_lines(text: str) -> str:
    """Drop escapes and controls, keep line breaks; a tab becomes four spaces."""
    text = _BREAKS.sub("\n", _SEQUENCES.sub("", text))
    text = _SURROGATES.sub("\ufffd", _CONTROLS.sub("", text))
    return text.replace("\t", "    ")


def clean(text: str) -> str:
    """The text on one line: escapes and controls dropped, runs of white space joined."""
    return " ".join(clean_lines(text).split())


def seconds(value: float) -> str:
    """A time with one or two decimals: `3.0`, `3.25`."""
    text = f"{value:.2f}"
    return text[:-1] if text.endswith("0") else text


def window(start_s: float | None, end_s: float | None) -> str:
    """A time window in words: `1.0–2.2 s`, `at 1.0 s`, `from 1.0 s`, `to 2.2 s`, or nothing."""
    if start_s is None and end_s is None:
        return ""
    if end_s is None:
        return f"from {seconds(start_s or 0.0)} s"
    if start_s is None:
        return f"to {seconds(end_s)} s"
    if start_s == end_s:
        return f"at {seconds(start_s)} s"
    return f"{seconds(start_s)}–{seconds(end_s)} s"


def where(modality: str | None, start_s: float | None, end_s: float | None) -> str:
    """Modality and window in one phrase; empty where neither is known."""
    return " ".join(part for part in (modality or "", window(start_s, end_s)) if part)


def count(number: int, thing: str) -> str:
    """`1 call`, `2 calls`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
