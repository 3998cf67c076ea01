"""What the links cost: SQL and fit from episodes to hazard ratios, against the fit alone of other software on the same stretches.

Each contender is a process of its own; CPU seconds and memory are those of one run, so read their ratios. R is found as
Rscript; statsmodels is the project's own; lifelines is taken from the environment named by --peers, if any.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

import duckdb
import polars as pl

from benchmarks.links_world import write_world
from pipelines import tables
from pipelines.hazards import Term, cloglog, cox
from pipelines.links.cells import months
from pipelines.paths import SQL

CELLS = ("links.hazard_cell", "links.placing")
# Levels of each covariate but the reference, with recency's four: the parameters.
COVARIATES = {
    11: {"division": 4, "grade": 3, "job_family": 1, "career_stage": 3},
    20: {"division": 8, "grade": 4, "job_family": 4, "career_stage": 4},
}
# What is left out where recency alone is asked for.
ONLY = {
    "exposed": "\n    and exposure = 'recency' and lag_months = 0 and clock = 'tenure'",
    "talk_kind": "\nlimit 0",
    "talk_count": "\nlimit 0",
    "last_talk": "\nlimit 0",
}
STRETCHES = """
copy (
    select x.level, p.division, p.grade, p.job_family, p.career_stage, x.entered as entry, x.stayed_until + 1 as leaving,
        case when x.event = 'voluntary' then 1 else 0 end as event
    from links.exposed as x
    inner join (select distinct pattern_no, division, grade, job_family, career_stage from links.placing) as p
        on x.pattern_no = p.pattern_no
) to '{path}' (header)
"""
R = """
suppressMessages(library(survival))
d <- read.csv("{path}", stringsAsFactors = TRUE)
d[c({factors})] <- lapply(d[c({factors})], factor)
d$level <- relevel(d$level, "under_3_months")
before <- sum(proc.time()[1:2])
fit <- coxph(Surv(entry, leaving, event) ~ {terms}, d, ties = "efron")
cpu <- sum(proc.time()[1:2]) - before
ratio <- coef(fit)[["level12_months_or_more"]]
cat(sprintf('{{"cpu": %f, "ratio": %.10f, "parameters": %d}}', cpu, ratio, length(coef(fit))))
"""
PEERS = """
import json, sys, time, warnings
import pandas as pd
warnings.simplefilter("ignore")
d = pd.read_csv("{path}")
d["level"] = pd.Categorical(d["level"], ["under_3_months", *sorted(set(d["level"]) - {{"under_3_months"}})])
x = pd.get_dummies(d[{columns}], columns={columns}, drop_first=True, dtype=float)
names = list(x.columns)
before = time.process_time()
{fit}
print(json.dumps({{"cpu": time.process_time() - before, "ratio": float(ratio), "parameters": len(names)}}))
"""
# An entry at the time of an event is not at risk then: half a month keeps statsmodels from counting it.
STATSMODELS = """
from statsmodels.duration.hazard_regression import PHReg
fit = PHReg(d["leaving"], x, status=d["event"], entry=d["entry"] + 0.5, ties="efron").fit()
ratio = fit.params[names.index("level_12_months_or_more")]
"""
LIFELINES = """
from lifelines import CoxTimeVaryingFitter
x = x.assign(entry=d["entry"], leaving=d["leaving"], event=d["event"], id=range(len(d)))
fit = CoxTimeVaryingFitter().fit(x, id_col="id", event_col="event", start_col="entry", stop_col="leaving")
ratio = fit.params_["level_12_months_or_more"]
"""


def ours(world: Path, parameters: int, chunk: int, *, everything: bool) -> dict[str, float]:
    """SQL and both fits of the recency cells; with `everything`, the SQL of all exposures, lags and clocks instead."""
    known = tables.load(SQL)
    needed = {*CELLS, *(up for name in CELLS for up in tables.ancestors(known[name], known))}
    needed |= {"links.cluster_cell", "links.cluster_change", "links.exposed_people"} if everything else set()
    with duckdb.connect(str(world)) as con:
        con.execute("SET memory_limit = '2GB'; SET threads = 2; SET preserve_insertion_order = false")
        before = time.process_time()
        for table in tables.in_order(known[name] for name in needed if name.startswith("links.")):
            if table.name in ONLY and not everything:
                table = tables.Table("links", table.name, table.sql.rstrip() + ONLY[table.name], table.path)
            table.build(con)
            if table.name == "worker_chunk":
                _chunks(con, chunk)
        sql = time.process_time() - before
        if everything:
            return {"sql": sql, "memory_mb": _memory()}
        found = _fits(con, parameters)
        memory = _memory()
        con.execute(STRETCHES.format(path=world.with_suffix(".csv")))
    return {"sql": sql, **found, "memory_mb": memory}


def _chunks(con: duckdb.DuckDBPyConnection, size: int) -> None:
    con.execute(
        "CREATE OR REPLACE TABLE links.worker_chunk AS SELECT n AS chunk_no, n * $size + 1 AS from_no, (n + 1) * $size + 1 AS to_no"
        " FROM range(cast(ceil((SELECT max(worker_no) FROM links.stint) / $size) AS bigint)) AS t (n)",
        {"size": size},
    )


def _fits(con: duckdb.DuckDBPyConnection, parameters: int) -> dict[str, float]:
    columns = [name for name, levels in COVARIATES[parameters].items() if levels > 1]
    stretches = con.sql(
        f"SELECT level, clock_month AS tenure_month, until_month, {', '.join(columns)}, at_risk, voluntary, involuntary, other, promotion"
        f" FROM links.hazard_cell INNER JOIN (SELECT DISTINCT pattern_no, {', '.join(columns)} FROM links.placing) USING (pattern_no)"
        " WHERE clock = 'tenure' AND exposure = 'recency'"
    ).to_arrow_table()
    before = time.process_time()
    cells = months(pl.DataFrame(pl.from_arrow(stretches)), "voluntary")
    cells = cells.group_by("level", *columns, "tenure_month").agg(pl.col("at_risk", "voluntary").sum())
    terms = [Term("level", "under_3_months"), *(Term(name, str(cells[name].min())) for name in columns)]
    ready = time.process_time()
    free = cox(cells, "voluntary", terms)
    audited = time.process_time()
    cloglog(cells, "voluntary", terms)
    return {
        "cells": cells.height,
        "parameters": len(free.coef),
        "expanding": ready - before,
        "cox": audited - ready,
        "cloglog": time.process_time() - audited,
        "ratio": float(free.coef[free.terms.index("level=12_months_or_more")]),
    }


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def peer(name: str, csv: Path, parameters: int, python: str) -> dict[str, float] | None:
    """CPU seconds of the fit alone, its ratio, and the memory of the process; None where it is not installed or fails."""
    columns = ["level", *(each for each, levels in COVARIATES[parameters].items() if levels > 1)]
    if name == "R":
        factors = ", ".join(f'"{each}"' for each in columns)
        script = R.format(path=csv, terms=" + ".join(columns), factors=factors)
        command = [shutil.which("Rscript") or "", "-e", script]
    else:
        fit = {"statsmodels": STATSMODELS, "lifelines": LIFELINES}[name]
        command = [python, "-c", PEERS.format(path=csv, columns=columns, fit=fit)]
    if not command[0]:
        return None
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    said = process.communicate()[0]
    if process.returncode != 0:
        return None
    return {**json.loads(said), "memory_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024}


def contender(name: str, world: Path, arguments: argparse.Namespace, parameters: int) -> dict[str, float] | None:
    """The figures of one contender, each in a process of its own."""
    options = ["--run", name, "--world", str(world), "--parameters", str(parameters), "--chunk", str(arguments.chunk)]
    command = [sys.executable, "-m", "benchmarks.links_speed", *options, "--peers", arguments.peers]
    # Threads that wait for each other would be charged as work.
    said = subprocess.run(
        command, check=True, capture_output=True, text=True, env=os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    )
    found: dict[str, float] | None = json.loads(said.stdout)
    return found


def one(name: str, arguments: argparse.Namespace) -> dict[str, float] | None:
    """What the process of a contender does."""
    world, parameters = Path(arguments.world), arguments.parameters[0]
    if name.startswith("ours"):
        return ours(world, parameters, arguments.chunk, everything=name == "ours, everything")
    return peer(name, world.with_suffix(".csv"), parameters, arguments.peers if name == "lifelines" else sys.executable)


def main() -> None:
    """One table: a line per size, history, covariate set and contender."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[10_000])
    parser.add_argument("--months", type=int, nargs="+", default=[60])
    parser.add_argument("--parameters", type=int, nargs="+", default=[11, 20], choices=COVARIATES)
    parser.add_argument(
        "--contenders", nargs="+", default=["ours", "ours, everything", "R", "statsmodels", "lifelines"]
    )
    parser.add_argument("--chunk", type=int, default=100_000, help="workers per chunk")
    parser.add_argument("--peers", default=sys.executable, help="python of an environment with lifelines")
    parser.add_argument("--run", help=argparse.SUPPRESS)
    parser.add_argument("--world", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:
        print(json.dumps(one(arguments.run, arguments)))
        return
    for people in arguments.people:
        for history in arguments.months:
            for parameters in arguments.parameters:
                with tempfile.TemporaryDirectory() as folder:
                    world = Path(folder) / "world.duckdb"
                    # A process is charged the memory of the one that starts it: the world is made in one that is gone by then.
                    maker = get_context("spawn").Process(
                        target=write_world, args=(world, people, history, COVARIATES[parameters])
                    )
                    maker.start()
                    maker.join()
                    for name in arguments.contenders:
                        found = contender(name, world, arguments, parameters)
                        figures = (
                            "no figures: it is not installed, or failed"
                            if found is None
                            else "  ".join(f"{key} {value:,.6g}" for key, value in found.items())
                        )
                        print(
                            f"{people:>9,} people  {history:>3} months  {parameters} parameters  {name:<16}  {figures}",
                            flush=True,
                        )


if __name__ == "__main__":
    main()
