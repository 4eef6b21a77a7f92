"""What is known of a clip from statements, and the relations that follow from it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from aurelia.media.measure_spans import Span, complement, overlap, total_s
from aurelia.models.offline.labels.facts import Named, name_facts
from aurelia.models.offline.said import Said

AT_ONCE_S = 0.15
"""Two things that start closer than this start together."""


@dataclass(slots=True)
class Activity:
    """Where something goes on.

    Attributes:
        spans: stretches, if they are known one by one.
        some: whether there is any at all; None if unknown.
        count: number of stretches, if known.
        extent: first start and last end, if known.
        tolerance_s: how exact the times are.
    """

    spans: list[Span] | None = None
    some: bool | None = None
    count: int | None = None
    extent: Span | None = None
    tolerance_s: float = 0.1

    @property
    def start_s(self) -> float | None:
        """When it first sets in."""
        if self.spans:
            return self.spans[0].start_s
        return self.extent.start_s if self.extent else None

    @property
    def end_s(self) -> float | None:
        """When it is last there."""
        if self.spans:
            return self.spans[-1].end_s
        return self.extent.end_s if self.extent else None


@dataclass(slots=True)
class Known:
    """Facts about a clip's window, each None or empty where nothing is known."""

    window: Span
    sound: Activity = field(default_factory=Activity)
    motion: Activity = field(default_factory=Activity)
    cuts: list[float] | None = None
    cut_count: int | None = None
    jumps: list[float] | None = None
    jump_count: int | None = None
    level: float | None = None
    loudest: list[Span] | None = None
    trend: str | None = None
    luma: str | None = None
    light_change: str | None = None
    light_steps: list[tuple[float, str]] = field(default_factory=list)
    tempo: float | None = None
    no_tempo: bool = False
    order: tuple[str, str] | None = None
    named: Named = field(default_factory=Named)

    def start_of(self, thing: str) -> float | None:
        """When a thing first happens; None if unknown or never."""
        if thing == "cut":
            return self.cuts[0] if self.cuts else None
        if thing == "light":
            return self.light_steps[0][0] if self.light_steps else None
        return (self.sound if thing == "sound" else self.motion).start_s

    def happens(self, thing: str) -> bool | None:
        """Whether a thing happens at all; None if unknown."""
        if thing == "cut":
            return None if self.cut_count is None else self.cut_count > 0
        if thing == "light":
            return None if self.luma is None else bool(self.light_steps)
        return (self.sound if thing == "sound" else self.motion).some


def know(statements: Iterable[Said], window: tuple[float, float]) -> Known:
    """Collect statements, as they stand, into what is known."""
    span = Span(*window)
    known = Known(span)
    by_kind: dict[str, list[Said]] = {}
    statements = list(statements)
    known.named = name_facts(statements, window)
    for said in statements:
        by_kind.setdefault(said.kind, []).append(said)
    known.sound = _activity(by_kind, "sound", "silence", ("sound.none", "sound.no_track"), span)
    known.motion = _activity(
        by_kind, "motion", "still", ("motion.none", "picture.none", "motion.noise"), span
    )
    _know_cuts(known, by_kind)
    if "sound.jumps" in by_kind:
        counts = [s.value for s in by_kind["sound.jumps"] if s.value]
        times = [s.start_s for s in by_kind["sound.jumps"] if s.start_s is not None]
        known.jumps = None if counts else times
        known.jump_count = int(float(counts[-1])) if counts else len(times)
    for said in by_kind.get("sound.level", []):
        known.level = said.value if isinstance(said.value, float) else None
    known.loudest = [
        Span(s.start_s, s.end_s)
        for s in by_kind.get("sound.loudest", [])
        if s.start_s is not None and s.end_s is not None
    ] or None
    for said in by_kind.get("sound.trend", []):
        known.trend = str(said.value)
    for said in by_kind.get("light.mean", []):
        known.luma = str(said.value)
    for said in by_kind.get("light.change", []):
        known.light_change = str(said.value)
    known.light_steps = sorted(
        (s.start_s, str(s.value)) for s in by_kind.get("light.step", []) if s.start_s is not None
    )
    for said in by_kind.get("sound.tempo", []):
        known.tempo = said.value if isinstance(said.value, float) else None
    known.no_tempo = "sound.no_tempo" in by_kind
    for said in by_kind.get("order", []):
        if said.value != "same":
            known.order = (str(said.value), str(said.other))
    return known


def _activity(
    by_kind: dict[str, list[Said]], name: str, opposite: str, none: tuple[str, ...], window: Span
) -> Activity:
    activity = Activity()
    if f"{name}.unsettled" in by_kind:  # what is left open may hide a stretch
        sure = any(f"{name}.{form}" in by_kind for form in ("span", "all", "some", "count"))
        return Activity(some=True if sure else None)
    if any(kind in by_kind for kind in none):
        return Activity(spans=[], some=False, count=0)
    if f"{name}.all" in by_kind:
        return Activity(spans=[window], some=True, count=1, extent=window)
    said = by_kind.get(f"{name}.span", [])
    if said:
        spans = sorted(
            Span(
                window.start_s if s.start_s is None else s.start_s,
                window.end_s if s.end_s is None else min(s.end_s, window.end_s),
            )
            for s in said
        )
        tolerance = max(0.1, *(s.tolerance_s for s in said))
        activity = Activity(spans, True, len(spans), Span(spans[0][0], spans[-1][1]), tolerance)
    elif f"{opposite}.span" in by_kind:
        rests = sorted(
            Span(
                s.start_s or window.start_s,
                min(s.end_s if s.end_s is not None else math.inf, window.end_s),
            )
            for s in by_kind[f"{opposite}.span"]
        )
        spans = complement(rests, window, 0.05)
        activity = Activity(spans, bool(spans), len(spans))
    for counted in by_kind.get(f"{name}.count", []):
        activity.count = int(counted.value) if isinstance(counted.value, float) else None
        activity.some = True
        if counted.start_s is not None and counted.end_s is not None:
            activity.extent = Span(counted.start_s, counted.end_s)
    if f"{name}.some" in by_kind and activity.some is None:
        activity.some = True
    return activity


def _know_cuts(known: Known, by_kind: dict[str, list[Said]]) -> None:
    if "cuts.unsettled" in by_kind:
        return
    at = sorted(s.start_s for s in by_kind.get("cuts.at", []) if s.start_s is not None)
    counts = [s.value for s in by_kind.get("cuts.count", []) if isinstance(s.value, float)]
    if counts:
        known.cut_count = int(counts[-1])
        known.cuts = at if len(at) == known.cut_count else None
    elif at:
        known.cuts, known.cut_count = at, len(at)


def order_of(known: Known, one: str, two: str) -> tuple[str, float] | None:
    """Which of two things starts first (`same` for neither) and by how much, seconds.

    None where it can't be told: one of them is unknown or never happens.
    """
    first, second = known.start_of(one), known.start_of(two)
    if first is None or second is None:
        return None
    gap = second - first
    tolerance = max(AT_ONCE_S, 0.5 * (known.sound.tolerance_s + known.motion.tolerance_s))
    if abs(gap) <= tolerance:
        return "same", abs(gap)
    return (one, gap) if gap > 0 else (two, -gap)


def shared_s(known: Known) -> float | None:
    """Seconds of sound and movement together; None if unknown."""
    if known.sound.spans is None or known.motion.spans is None:
        return None
    return total_s(overlap(known.sound.spans, known.motion.spans))


def near(known: Known, thing: str, other: str, within_s: float = 0.2) -> bool | None:
    """Whether a cut or a light change falls together with something."""
    instants = known.cuts if thing == "cut" else [t for t, _ in known.light_steps]
    if instants is None or not instants:
        return None if instants is None else False
    if other in ("cut", "light"):
        others = known.cuts if other == "cut" else [t for t, _ in known.light_steps]
        return (
            None
            if others is None
            else any(abs(a - b) <= within_s for a in instants for b in others)
        )
    spans = (known.sound if other == "sound" else known.motion).spans
    if spans is None:
        return None
    return any(s.start_s - within_s <= t <= s.end_s + within_s for t in instants for s in spans)
