"""`aurelia bench run`: targets asked about samples under conditions, scored, as a table."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from aurelia.bench.run.order import RunOrder

DEAF = "offline:perception?modality=deaf"  # as in `aurelia.bench.mechanism.plan`

Judge = Annotated[
    str | None,
    typer.Option(
        metavar="M",
        help="The model that compares open answers with their references; `none`: string match.",
    ),
]
Prompts = Annotated[
    str | None,
    typer.Option(metavar="SET_OR_DIR", help="A prompt set by name, or a folder of templates."),
]
AtOnce = Annotated[
    int, typer.Option("-j", "--at-once", metavar="N", min=1, help="Questions under way.")
]
AssumeAccuracy = Annotated[
    bool,
    typer.Option(
        "--assume-accuracy",
        help="Show published figures of closed questions though their metric is not stated.",
    ),
]


def run(
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="Where replies are kept.")
    ],
    samples: Annotated[
        Path | None,
        typer.Argument(metavar="[SAMPLES.jsonl]", help="What is asked; not with --rendered."),
    ] = None,
    targets: Annotated[
        list[str] | None,
        typer.Option(metavar="M,M", help="Model strings, with commas or repeated."),
    ] = None,
    modes: Annotated[
        str, typer.Option(metavar="NAME,NAME", help="zero_shot, distilled, both, or none.")
    ] = "zero_shot,distilled",
    r_star: Annotated[
        Path | None,
        typer.Option("--r-star", metavar="DIR", help="Rollouts of `aurelia generate`."),
    ] = None,
    form: Annotated[
        Literal["plan", "plan_and_findings", "evidence"] | None,
        typer.Option(help="What is handed over; without it, as each rollout was made."),
    ] = None,
    variant: Annotated[
        str, typer.Option(metavar="NAME", help="Which variant of the rollouts.")
    ] = "default",
    controls: Annotated[
        str, typer.Option(metavar="WHICH", help="cheap, all, none, or names with commas.")
    ] = "cheap",
    draws: Annotated[
        int | None,
        typer.Option(
            metavar="K",
            min=1,
            help="k of best of k and of self-consistency; without it, as many as match the loop.",
        ),
    ] = None,
    leaks: Annotated[
        Literal["as_run", "record", "drop", "withhold"],
        typer.Option(
            help="Steps that reveal the answer: hand over, leave out, or hand nothing over."
        ),
    ] = "as_run",
    repeats: Annotated[
        int, typer.Option(metavar="N", min=1, help="Ask each question so often.")
    ] = 1,
    at_once: AtOnce = 8,
    limit: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Only the first N samples.")
    ] = None,
    judge: Judge = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Ask again for replies that failed.")
    ] = False,
    give_up_after: Annotated[
        int,
        typer.Option(metavar="N", min=0, help="Stop when so many in a row failed; 0: never."),
    ] = 50,
    max_cost: Annotated[
        float | None,
        typer.Option(metavar="USD", min=0, help="Begin no more once all have cost this much."),
    ] = None,
    prompts: Prompts = None,
    evidence: Annotated[
        str | None,
        typer.Option(metavar="WHEN", help="Measured sentences for targets, as of `reason`."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="S", min=0, help="Which draw; of rendered clips, which.")
    ] = None,
    assume_accuracy: AssumeAccuracy = False,
    rendered: Annotated[
        bool,
        typer.Option(
            "--rendered", help="Render clips, generate with offline models, and ask a deaf target."
        ),
    ] = False,
    count: Annotated[
        int, typer.Option(metavar="N", min=1, help="With --rendered: clips of each family.")
    ] = 2,
    family: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="With --rendered: a family of clips; repeatable."),
    ] = None,
) -> None:
    """Ask each target about each sample under each condition, and print the table.

    The same command goes on after a kill, a crash or Ctrl-C: replies that are there stand, and
    none is paid for again.
    """
    from aurelia.bench.run.order import RunOrder
    from aurelia.bench.run.settings import RunSettings
    from aurelia.cli.run_view import interruptible
    from aurelia.errors import InputError

    given: dict[str, Any] = {"prompts": prompts, "evidence": evidence, "seed": seed}
    context = {name: value for name, value in given.items() if value is not None}
    made: dict[str, Any] | None = None
    if rendered:
        if samples is not None or r_star is not None:
            raise InputError(
                "--rendered makes its own samples and rollouts; leave out SAMPLES.jsonl and "
                "--r-star, or leave out --rendered."
            )
        with interruptible(output):
            samples, r_star, made = _render(output, count, seed or 0, family, at_once)
    elif samples is None:
        raise InputError("No samples are given: name a SAMPLES.jsonl, or try --rendered.")
    order = RunOrder(
        samples=samples,
        folder=output,
        targets=_listed(targets or ()) or ([DEAF] if rendered else []),
        modes=_listed([modes]),
        controls=controls,
        r_star=r_star,
        settings=RunSettings(
            form=form,
            variant=variant,
            repeats=repeats,
            draws=draws,
            seed=seed or 0,
            leaks=leaks,
        ),
        context=context,
        limit=limit,
        retry_failed=retry_failed,
        give_up_after=give_up_after,
        max_cost=max_cost,
        rendered=made,
    )
    with interruptible(output):
        _carry_out(order, at_once, judge, assume_accuracy)


def _carry_out(order: "RunOrder", at_once: int, judge: str | None, assume: bool) -> None:
    """Ask with a view, score, show, and leave with the exit code of the run."""
    from aurelia.bench.run.run import carry_out, open_run
    from aurelia.bench.run.scoring import NOBODY
    from aurelia.bench.scorers.judge import check_judge
    from aurelia.cli.bench_score import score_and_show
    from aurelia.cli.exits import FAILED
    from aurelia.cli.rows import show
    from aurelia.cli.run_view import RunView, ended_rows

    if judge is not None and judge != NOBODY:
        check_judge(judge)  # now, and not when everything has been asked
    view = RunView(order.folder)
    with open_run(order) as opened, view:
        view.on_start(opened)
        ended = carry_out(opened, at_once, view.on_reply)
        context, prompts = opened.work.hall.context, opened.work.hall.prompts
    show(view.console, ended_rows(ended, order.folder))
    if not ended.tally:
        raise typer.Exit(FAILED)
    score_and_show(
        order.folder, judge, context=context, prompts=prompts, at_once=at_once, assume=assume
    )
    if ended.missing or ended.tally["failed"] == ended.tally.total():
        raise typer.Exit(FAILED)


def _render(
    folder: Path, count: int, seed: int, family: list[str] | None, at_once: int
) -> tuple[Path, Path, dict[str, Any]]:
    from aurelia.bench.run.rendered import generate_rendered, render_samples
    from aurelia.cli.bench_progress import progress
    from aurelia.cli.bench_render import chosen_families

    families = chosen_families(family)
    with progress("clips") as tell:
        samples = render_samples(folder, families, count, seed, tell)
    with progress("rollouts") as tell:
        rollouts = generate_rendered(samples, folder, at_once, tell)
    return samples, rollouts, {"families": families, "count": count, "seed": seed, "split": "dev"}


def _listed(texts: "list[str] | tuple[str, ...]") -> list[str]:
    return [name.strip() for text in texts for name in text.split(",") if name.strip()]
