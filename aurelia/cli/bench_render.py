"""`aurelia bench render`: clips whose truth is known, with questions and captions about them."""

from pathlib import Path
from typing import Annotated, Literal

import typer

Family = Annotated[
    list[str] | None,
    typer.Option("--family", metavar="NAME", help="A family of clips, or `all`; repeatable."),
]
Count = Annotated[
    int, typer.Option("--count", metavar="N", help="Clips of each family and difficulty.")
]
Seed = Annotated[int, typer.Option("--seed", metavar="S", min=0, help="Which clips.")]
Difficulty = Annotated[
    Literal["clean", "noisy", "both"],
    typer.Option("--difficulty", help="Clean clips, noisy ones, or both."),
]
Split = Annotated[
    Literal["held_out", "dev"],
    typer.Option(
        "--split", help="Appearances that nobody tuned on (`held_out`), or those for tuning."
    ),
]


def chosen_families(names: list[str] | None) -> list[str]:
    """The families named; `all`, or none, stands for each.

    Raises:
        InputError: there is no family of that name.
    """
    from aurelia.bench.rendered.render import FAMILIES
    from aurelia.errors import InputError

    names = names or ["all"]
    for name in names:
        if name not in (*FAMILIES, "all"):
            raise InputError(f"There is no family {name!r}; there are: {', '.join(FAMILIES)}, all.")
    return list(FAMILIES) if "all" in names else list(dict.fromkeys(names))


def render(
    folder: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Where to write.")],
    family: Family = None,
    count: Count = 10,
    seed: Seed = 0,
    difficulty: Difficulty = "clean",
    split: Split = "held_out",
) -> None:
    """Render clips with `samples.jsonl` and `critic_cases.jsonl` beside them."""
    from itertools import count as iterate

    from aurelia.bench.cases import CASES_FILE, cases_of, write_cases
    from aurelia.bench.folder import made
    from aurelia.bench.mechanism.plan import DIFFICULTIES, Rendered
    from aurelia.bench.rendered.render import render as render_all
    from aurelia.bench.sample import Sample, write_samples
    from aurelia.cli.bench_progress import progress
    from aurelia.cli.console import open_console
    from aurelia.cli.plain import count as counted
    from aurelia.cli.rows import field_row, show
    from aurelia.errors import InputError

    families = chosen_families(family)
    if count < 1:
        raise InputError(f"--count is {count}; give 1 or more.")
    made(folder)
    levels = DIFFICULTIES if difficulty == "both" else (difficulty,)
    total, done = count * len(families) * len(levels), iterate(1)
    samples: list[Sample] = []
    with progress("clips") as tell:
        for level in levels:
            samples += render_all(
                families,
                count,
                seed,
                folder,
                difficulty=level,
                split=split,
                on_sample=lambda _: tell(next(done), total),
            )
    write_samples(folder / "samples.jsonl", samples)
    source = Rendered()
    cases = [c for s in samples for c in cases_of(s.located(folder), source.captions(s, seed))]
    write_cases(folder / CASES_FILE, cases)
    rows = [
        field_row("Samples", f"{folder / 'samples.jsonl'} ({counted(len(samples), 'clip')})"),
        field_row("Cases", f"{folder / CASES_FILE} ({counted(len(cases), 'caption')})"),
    ]
    show(open_console(), rows)
