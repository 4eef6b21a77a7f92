"""Conditions by name: the modes, and controls of `aurelia.bench.controls`."""

from collections.abc import Iterable, Sequence

from aurelia.bench.run.condition import Condition
from aurelia.bench.run.modes import MODES, SummarizerCaption
from aurelia.bench.tasks import nearest
from aurelia.errors import InputError


def all_controls() -> list[Condition]:
    """Every control, in the order in which tables list them."""
    from aurelia.bench.controls.registry import CONTROLS

    return [SummarizerCaption(), *CONTROLS]


def choose_conditions(modes: Sequence[str], controls: str = "none") -> list[Condition]:
    """The conditions of a run.

    Args:
        modes: `zero_shot`, `distilled`, or both; `none` alone where named controls are all that a
            target can be asked, such as a reader who takes no clip.
        controls: `cheap`, `all`, `none`, or names with commas between them.

    Raises:
        InputError: there is no mode or control of that name, or no mode at all; names the nearest.
    """
    known: list[Condition] = list(MODES)
    bare = list(modes) == ["none"] and controls not in ("cheap", "all", "none")
    chosen = [] if bare else _named(modes, known, "mode", ("none",))
    if not (chosen or bare):
        raise InputError("No mode is given; the modes are: zero_shot, distilled.")
    if controls == "none":
        return chosen
    offered = all_controls()
    if controls in ("cheap", "all"):
        return [*chosen, *(c for c in offered if c.cheap or controls == "all")]
    names = [name.strip() for name in controls.split(",") if name.strip()]
    return [*chosen, *_named(names, offered, "control", ("cheap", "all", "none"))]


def find_condition(name: str) -> Condition:
    """Any condition by its name.

    Raises:
        InputError: there is none of that name.
    """
    for mode in MODES:
        if mode.name == name:
            return mode
    return _named([name], all_controls(), "condition")[0]


def titles() -> dict[str, str]:
    """How tables call each condition, by name."""
    known: list[Condition] = [*MODES, *all_controls()]
    return {condition.name: condition.title for condition in known}


def _named(
    names: Iterable[str], known: Sequence[Condition], what: str, words: Sequence[str] = ()
) -> list[Condition]:
    by_name = {condition.name: condition for condition in known}
    found: dict[str, Condition] = {}
    for name in names:
        if name not in by_name:
            hint = nearest(name, [*by_name, *words]) or f"; there are: {', '.join(by_name)}."
            raise InputError(f"There is no {what} {name!r}{hint}")
        found[name] = by_name[name]
    return list(found.values())
