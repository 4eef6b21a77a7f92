"""`aurelia bench import`: samples from the files that a data set's authors distribute."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from aurelia.bench.imports.manifest import Manifest
    from aurelia.bench.imports.run import Imported
    from aurelia.cli.rows import Row

SHOWN = 20
"""Skipped rows printed; the file beside the samples names them all."""


def import_(
    form: Annotated[
        str,
        typer.Argument(
            metavar="FORMAT",
            help="music-avqa, avsd, valor32k, av-odyssey, daily-omni, worldsense, "
            "omnivideobench, avhbench, csv or jsonl.",
        ),
    ],
    annotations: Annotated[
        list[Path],
        typer.Option(
            "--annotations", metavar="FILE", help="The authors' file, or a folder; repeatable."
        ),
    ],
    videos: Annotated[
        Path, typer.Option("--videos", metavar="DIR", help="The folder with the clips.")
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="The samples file to write.")
    ],
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", help="Make so many samples.")
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", metavar="S", help="With --limit: draw rows, not the first ones."),
    ] = None,
    split: Annotated[
        str, typer.Option("--split", metavar="S", help="The split's name; `test` by default.")
    ] = "",
    task: Annotated[
        str, typer.Option("--task", metavar="T", help="csv, jsonl: task of rows that name none.")
    ] = "",
    references: Annotated[
        list[Path] | None,
        typer.Option(
            "--references", metavar="FILE", help="avsd: the undisclosed answers; repeatable."
        ),
    ] = None,
    turns: Annotated[
        Literal["undisclosed", "all"],
        typer.Option("--turns", help="avsd: the turn to predict, or every answered one."),
    ] = "undisclosed",
    context: Annotated[
        bool,
        typer.Option("--context/--no-context", help="avsd: whether models get the dialogue."),
    ] = True,
    caption: Annotated[
        bool,
        typer.Option("--caption/--no-caption", help="avsd: the caption before the dialogue."),
    ] = False,
    question_type: Annotated[
        list[str] | None,
        typer.Option(
            "--question-type", metavar="ID", help="av-odyssey: a question_type_id; repeatable."
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Write nothing if any row had to be skipped.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as JSON.")] = False,
) -> None:
    """Make a samples file with a manifest beside it; each skipped row is named with its reason."""
    from aurelia.bench.imports.rows import Wish
    from aurelia.bench.imports.run import collect, write
    from aurelia.bench.imports.skipped import write_skipped
    from aurelia.cli.bench_progress import progress
    from aurelia.cli.console import open_console
    from aurelia.cli.rows import show
    from aurelia.errors import InputError

    if seed is not None and limit is None:
        raise InputError("--seed draws rows for --limit; give --limit N too.")
    wish = Wish(
        split=split,
        task=task,
        turns=turns,
        use_context=context,
        with_caption=caption,
        kinds=tuple(question_type or ()),
    )
    with progress("rows") as tell:
        imported = collect(
            form,
            annotations,
            videos,
            output.parent,
            wish=wish,
            references=references or (),
            limit=limit,
            seed=seed,
            tell=tell,
        )
    listed = write_skipped(output, imported.skipped)
    lost = sum(not skip.meant for skip in imported.skipped)
    if strict and lost:
        raise InputError(
            f"{lost} rows had to be skipped, and --strict was given; no samples "
            f"were written. {listed} names them."
        )
    manifest = write(output, imported, wish, limit, seed)
    if as_json:
        typer.echo(_as_json(output, imported, manifest))
    else:
        show(open_console(), _summary(output, imported, manifest, listed))


def _as_json(output: Path, imported: "Imported", manifest: "Manifest") -> str:
    import json
    from dataclasses import asdict

    content = {
        "samples": str(output),
        "manifest_sha256": manifest.hash,
        **manifest.model_dump(),
        "rows": imported.found,
        "unread": imported.unread,
        "skipped": [asdict(skip) for skip in imported.skipped],
    }
    return json.dumps(content, indent=2)


def _summary(
    output: Path, imported: "Imported", manifest: "Manifest", listed: Path | None
) -> "list[Row]":
    from collections import Counter

    from aurelia.bench.imports.manifest import manifest_path
    from aurelia.cli.plain import clean
    from aurelia.cli.plain import count as counted
    from aurelia.cli.rows import command_row, field_row

    kinds = Counter(sample.question_type or "(none)" for sample in imported.samples)
    videos = len({sample.video for sample in imported.samples})
    made = f"{counted(len(imported.samples), 'sample')} about {counted(videos, 'video')}"
    rows = [
        field_row("Skipped", clean(f"{skip.where}: {skip.reason}"), "yellow")
        for skip in imported.skipped[:SHOWN]
    ]
    if len(imported.skipped) > SHOWN:
        rows.append(field_row("", f"… {len(imported.skipped)} in all, in {listed}", "yellow"))
    rows += [
        field_row("Samples", f"{output} ({made})"),
        field_row("Made of", f"{counted(imported.found, 'row')} of {imported.format.title}"),
        field_row("Kinds", clean(", ".join(f"{n} {kind}" for kind, n in kinds.most_common(12)))),
    ]
    if imported.unread:
        rows.append(field_row("Not read", f"{counted(imported.unread, 'row')} beyond --limit"))
    if imported.skipped:
        rows.append(
            field_row("Left out", f"{counted(len(imported.skipped), 'row')}, named in {listed}")
        )
    rows += [
        field_row("Manifest", f"{manifest_path(output)} ({manifest.kind}, {manifest.hash[:12]})"),
        field_row("Licence", manifest.licence or "yours"),
        command_row("Next", f"aurelia bench check {output}"),
    ]
    return rows
