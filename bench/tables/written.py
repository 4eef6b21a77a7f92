"""Tables as Markdown, LaTeX and CSV."""

import csv
import io
import re
from collections.abc import Mapping

from aurelia.bench.published.poster import beside
from aurelia.bench.tables.grid import Grid
from aurelia.bench.tables.poster import published_names
from aurelia.bench.tables.table import ResultTable

_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "–": "--",
    "…": r"\ldots{}",
    "-": "{-}",  # no ligature: two hyphens of a name are not a dash
}
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~#])")


def latex_text(text: str) -> str:
    """Text that LaTeX prints as it is."""
    return "".join(_LATEX.get(sign, sign) for sign in _one_line(text))


def markdown_text(text: str) -> str:
    """Text that Markdown shows as it is, in a cell too."""
    return _MARKDOWN.sub(r"\\\1", _one_line(text))


def as_markdown(grid: Grid) -> str:
    """A table with its title above and its notes below."""
    lines = [f"**{markdown_text(grid.title)}**", "", _pipes("", "", *grid.head)]
    lines.append(_pipes("---", "---", *("---:" for _ in grid.head), escape=False))
    group = None
    for row in grid.rows:
        label = row.label.strip()
        name = row.group if row.group != group else ""
        lines.append(_pipes(name, label, *row.cells))
        group = row.group
    lines += ["", *(f"- {markdown_text(note)}" for note in grid.notes)]
    return "\n".join(lines).rstrip() + "\n"


def as_latex(grid: Grid) -> str:
    """A `tabular` that needs no package; notes stand below it as text."""
    count = len(grid.head)
    lines = [
        f"% {_one_line(grid.title)}",
        rf"\begin{{tabular}}{{ll{'r' * count}}}",
        r"\hline",
        rf" &  & {' & '.join(map(latex_text, grid.head))} \\",
    ]
    group = None
    for row in grid.rows:
        if row.group != group:
            lines.append(r"\hline")
        name = latex_text(row.group) if row.group != group else ""
        label = ("\\quad " if row.label.startswith(" ") else "") + latex_text(row.label.strip())
        lines.append(f"{name} & {label} & {' & '.join(map(latex_text, row.cells))} \\\\")
        group = row.group
    lines += [r"\hline", r"\end{tabular}"]
    if grid.notes:
        notes = " ".join(latex_text(note) for note in grid.notes)
        lines += ["", rf"\par{{\footnotesize {notes}}}"]
    return "\n".join(lines) + "\n"


CSV_HEAD = (
    *("target", "column", "metric", "condition", "n", "videos", "value", "low", "high"),
    *("right", "wrong", "graded", "unparsed", "failed"),
    *("gain_over", "gain_n", "gain", "gain_low", "gain_high", "relative_gain"),
    *("relative_low", "relative_high", "p", "p_holm", "published_target"),
    *("published_first", "published_second", "published_distilled", "published_gain_percent"),
)


def as_csv(
    table: ResultTable,
    same_as: Mapping[str, str] | None = None,
    *,
    assume_accuracy: bool = False,
) -> str:
    """One line a cell, unrounded and in the metric's own unit; published figures in percent.

    Raises:
        InputError: `same_as` names a target that was not measured, or not published.
    """
    names = published_names(table, same_as or {})
    out = io.StringIO()
    writer = csv.DictWriter(out, CSV_HEAD, lineterminator="\n")
    writer.writeheader()
    for ((target, column, metric), condition), cell in table.cells.items():
        line: dict[str, object] = {
            "target": target,
            "column": column,
            "metric": metric,
            "condition": condition,
            "n": cell.n,
            "videos": cell.videos,
            "value": cell.value,
            "low": cell.interval.low,
            "high": cell.interval.high,
            **{o: cell.outcomes[o] for o in ("right", "wrong", "graded", "unparsed", "failed")},
        }
        found = table.comparisons.get((target, column, metric))
        if found and condition == table.second:
            relative = found.gain.relative_interval
            line |= {
                "gain_over": table.first,
                "gain_n": found.n,
                "gain": found.gain.absolute,
                "gain_low": found.gain.absolute_interval.low,
                "gain_high": found.gain.absolute_interval.high,
                "relative_gain": found.gain.relative,
                "relative_low": relative.low if relative else None,
                "relative_high": relative.high if relative else None,
                "p": found.p,
                "p_holm": found.adjusted,
            }
        if there := beside(names[target], column, metric, assume_accuracy=assume_accuracy):
            line |= {
                "published_target": there.target,
                "published_first": there.first,
                "published_second": there.second,
                "published_distilled": there.distilled,
                "published_gain_percent": there.gain_percent,
            }
        writer.writerow(line)
    return out.getvalue()


def _pipes(*cells: str, escape: bool = True) -> str:
    return f"| {' | '.join(markdown_text(c) if escape else c for c in cells)} |"


def _one_line(text: str) -> str:
    return " ".join(text.split())
