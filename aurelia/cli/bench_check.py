"""`aurelia bench check`: what is wrong with a samples file, and how it compares in number."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from aurelia.bench.check_samples import Checked, Finding
    from aurelia.cli.rows import Row

SHOWN = 40
"""Findings printed; `--json` has them all."""


def check(
    samples: Annotated[Path, typer.Argument(metavar="SAMPLES", help="A JSONL file of samples.")],
    videos: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where to look for clips that are not where it says."),
    ] = None,
    media: Annotated[
        bool, typer.Option("--media/--no-media", help="Whether to probe clips and tracks.")
    ] = True,
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", min=1, help="Files probed at a time.")
    ] = 4,
    as_json: Annotated[bool, typer.Option("--json", help="All findings as JSON.")] = False,
) -> None:
    """Report missing or broken media, duplicates, unusable samples, and counts."""
    import json
    from dataclasses import asdict

    from aurelia.bench.check_samples import check_samples
    from aurelia.cli.bench_progress import progress
    from aurelia.cli.console import open_console
    from aurelia.cli.rows import show
    from aurelia.settings import load_settings

    with progress("files") as tell:
        checked = check_samples(
            samples,
            videos=videos,
            media=media,
            cache=load_settings().cache_dir,
            workers=workers,
            tell=tell,
        )
    if as_json:
        content = asdict(checked) | {
            "errors": checked.errors,
            "manifest": checked.manifest.model_dump() if checked.manifest else None,
        }
        typer.echo(json.dumps(content, indent=2, ensure_ascii=False))
    else:
        show(open_console(), [*_findings(checked), *_counts(checked, media)])
    if checked.errors:
        raise typer.Exit(1)


def _findings(checked: "Checked") -> "list[Row]":
    from aurelia.cli.plain import count as counted
    from aurelia.cli.rows import blank, row

    rows = [_finding_row(finding) for finding in checked.findings[:SHOWN]]
    more = len(checked.findings) - SHOWN
    if more > 0:
        rows.append(
            row(f"… and {counted(more, 'more finding')}; --json lists them all.", "", "dim")
        )
    return [*rows, blank()] if rows else []


def _finding_row(finding: "Finding") -> "Row":
    from aurelia.cli.plain import clean
    from aurelia.cli.rows import row

    named = f" ({finding.id})" if finding.id else ""
    text = f"{finding.file}:{finding.line}{named}: {finding.level}: {finding.message}"
    return row(clean(text), "", "red" if finding.level == "error" else "yellow")


def _counts(checked: "Checked", media: bool) -> "list[Row]":
    from aurelia.bench.tasks import CATEGORIES, PUBLISHED_TOTAL, published_range
    from aurelia.cli.plain import clean
    from aurelia.cli.plain import count as counted
    from aurelia.cli.rows import blank, field_row, heading, row

    rows = [field_row("Samples", f"{checked.samples} (published: {PUBLISHED_TOTAL})")]
    rows.append(
        field_row("Media", counted(checked.files, "file") if media else "not probed (--no-media)")
    )
    if checked.manifest:
        kind = f"{checked.manifest.kind} of {checked.manifest.title}"
        rows.append(field_row("Manifest", f"{kind}, {checked.manifest.hash[:12]}"))
    else:
        rows.append(field_row("Manifest", "none: where these samples come from is not recorded"))
    rows += [blank(), heading(f"{'task':<28}{'here':>7}  published")]
    for task, number in sorted(checked.tasks.items()):
        known = published_range(task)
        told = "none" if known is None else _between(*known)
        rows.append(row(f"{clean(task):<28}{number:>7}  {told}"))
    published = {category.name: category.samples for category in CATEGORIES}
    if set(checked.categories) & set(published):
        rows += [blank(), heading(f"{'category':<28}{'here':>7}  published")]
        for name, number in sorted(checked.categories.items()):
            rows.append(row(f"{clean(name):<28}{number:>7}  {published.get(name, 'none')}"))
    warnings = len(checked.findings) - checked.errors
    rows += [
        blank(),
        row(
            f"{counted(checked.errors, 'error')}, {counted(warnings, 'warning')}",
            "",
            "red" if checked.errors else "green",
        ),
    ]
    return rows


def _between(least: int, most: int) -> str:
    """A range, or one number; it is a range because categories share samples between tasks."""
    return str(least) if least == most else f"{least} to {most}"
