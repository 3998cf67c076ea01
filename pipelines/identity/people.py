"""Whether an id still stands for the same person: names, birth dates and hire dates compared from export to export.

Frames in, frames out; keys and secrets do not belong here. Of the three facts one alone may change in a life (a marriage, a
corrected date); an id stands for somebody else where two of them contradict, or the name does and no date speaks for it.
"""

from __future__ import annotations

import polars as pl

_PERSON = ["employee_id", "as_of", "source_system", "population"]
_FACTS = ["name_parts", "birth_on", "hired_on"]
# Words that names of different people share without being the same name, as initials are.
_PARTICLES = [
    "al",
    "bin",
    "da",
    "das",
    "de",
    "del",
    "den",
    "der",
    "di",
    "do",
    "dos",
    "du",
    "el",
    "ibn",
    "la",
    "le",
    "ten",
    "ter",
    "van",
    "von",
]
_CONFLICT = {
    "id_norm": pl.String,
    "source_before": pl.String,
    "seen_before": pl.Date,
    "source_after": pl.String,
    "seen_after": pl.Date,
}
_COMPARISON = {
    "source_before": pl.String,
    "seen_before": pl.Date,
    "source_after": pl.String,
    "seen_after": pl.Date,
    "ids_in_both": pl.Int64,
    "ids_moved": pl.Int64,
    "people_renumbered": pl.Int64,
}


def name_parts(name: pl.Expr) -> pl.Expr:
    """The words of a name in alphabetical order, without accents, case, order and punctuation: a list of text."""
    plain = name.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    return plain.str.extract_all(r"[\p{L}\p{N}]+").list.unique().list.sort()


def compared(persons: pl.DataFrame) -> pl.DataFrame:
    """Each appearance of an id (columns of ``core.delivered_person``) beside the one before it, with `is_other_person`."""
    names = _telling(name_parts(pl.col("display_name")))
    # Sorted by all there is: two who have one id on one day are compared in the same order every time.
    facts = persons.with_columns(name_parts=names, joined=names.list.join(" ")).drop("display_name").unique()
    facts = facts.sort([*_PERSON, "joined", "birth_on", "hired_on"]).drop("joined")
    last_known = [pl.col(c).forward_fill().shift(1).over("employee_id").alias(f"{c}_before") for c in _FACTS]
    before = [pl.col(c).shift(1).over("employee_id").alias(f"{c}_before") for c in ("as_of", "source_system")]
    shared = pl.col("name_parts").list.set_intersection("name_parts_before").list.len()
    return (
        facts.with_columns(*last_known, *before)
        .with_columns(
            other_name=(shared == 0)
            & (pl.col("name_parts").list.len() > 0)
            & (pl.col("name_parts_before").list.len() > 0),
            other_birth=pl.col("birth_on") != pl.col("birth_on_before"),
            other_hire=pl.col("hired_on") != pl.col("hired_on_before"),
        )
        .with_columns(
            is_other_person=(pl.col("other_name").fill_null(False) & pl.col("other_hire").fill_null(True))
            | (pl.col("other_birth") & (pl.col("other_name") | pl.col("other_hire"))).fill_null(False)
        )
    )


def conflicts(compared: pl.DataFrame) -> pl.DataFrame:
    """The ids that came to stand for somebody else, with the exports between which they did so."""
    return (
        compared.filter("is_other_person")
        .select(
            id_norm="employee_id",
            source_before="source_system_before",
            seen_before="as_of_before",
            source_after="source_system",
            seen_after="as_of",
        )
        .unique()
        .sort("id_norm", "seen_after", "source_after")
        .cast(pl.Schema(_CONFLICT))
    )


def comparison(persons: pl.DataFrame, compared: pl.DataFrame) -> pl.DataFrame:
    """For every two exports compared: ids in both, those of them that moved to other people, and people under new ids."""
    pair = ["source_before", "seen_before", "source_after", "seen_after"]
    moved = (
        compared.filter(pl.col("as_of_before").is_not_null())
        .group_by(
            source_before="source_system_before",
            seen_before="as_of_before",
            source_after="source_system",
            seen_after="as_of",
        )
        .agg(
            ids_in_both=pl.col("employee_id").n_unique(),
            ids_moved=pl.col("employee_id").filter("is_other_person").n_unique(),
        )
    )
    joined = moved.join(_renumbered(persons), on=pair, how="full", coalesce=True)
    return (
        joined.select(*pair, *(pl.col(c).fill_null(0) for c in list(_COMPARISON)[4:]))
        .sort(pair)
        .cast(pl.Schema(_COMPARISON))
    )


def resolved(
    persons: pl.DataFrame, other_ids: pl.DataFrame, conflicts: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Own ids, and other ids that lead to one worker only (each id_norm, employee_id, id_type); conflicted ids left out."""
    own = (
        persons.select("employee_id")
        .unique()
        .join(conflicts, left_on="employee_id", right_on="id_norm", how="anti")
        .with_columns(id_norm="employee_id", id_type=pl.lit("employee_id"))
    )
    other = (
        other_ids.join(own, on="employee_id", how="semi")
        .join(own, on="id_norm", how="anti")
        .filter(pl.col("employee_id").n_unique().over("id_norm") == 1)
        .group_by("id_norm", "employee_id")
        .agg(pl.col("id_type").min())
    )
    return own, other


def managers_by_name(persons: pl.DataFrame, lines: pl.DataFrame, conflicts: pl.DataFrame) -> pl.DataFrame:
    """For names of managers (population, manager_name) the one worker of that name; names that several bear are left out."""
    known = (
        persons.join(conflicts, left_on="employee_id", right_on="id_norm", how="anti")
        .select("population", "employee_id", name=_joined("display_name"))
        .filter(pl.col("name") != "")
        .unique()
        .filter(pl.col("employee_id").n_unique().over("population", "name") == 1)
    )
    return lines.with_columns(name=_joined("manager_name")).join(known, on=["population", "name"])


def _telling(parts: pl.Expr) -> pl.Expr:
    """The words that tell names apart; all of them where there are no others. Null for no name, so that the last one counts on."""
    word = pl.element()
    telling = parts.list.eval(word.filter((word.str.len_chars() > 1) & ~word.is_in(_PARTICLES)))
    chosen = pl.when(telling.list.len() > 0).then(telling).otherwise(parts)
    return pl.when(parts.list.len() > 0).then(chosen)


def _joined(column: str) -> pl.Expr:
    return name_parts(pl.col(column)).list.join(" ").fill_null("")


def _renumbered(persons: pl.DataFrame) -> pl.DataFrame:
    """People who vanish under one id and appear under a new one in the next export: same source, name and hire date.

    Where the other id was somebody's before, ids have moved rather than changed their form; that is counted as such.
    """
    source = ["source_system", "population"]
    days = persons.select(*source, "as_of").unique().sort(*source, "as_of")
    days = days.with_columns(
        previous=pl.col("as_of").shift(1).over(source), following=pl.col("as_of").shift(-1).over(source)
    )
    seen = (
        persons.with_columns(name=_joined("display_name"))
        .filter((pl.col("name") != "") & pl.col("hired_on").is_not_null())
        .group_by(*source, "employee_id", "name", "hired_on")
        .agg(first_on=pl.col("as_of").min(), last_on=pl.col("as_of").max())
        .with_columns(is_new_id=pl.col("first_on") == pl.col("first_on").min().over(*source, "employee_id"))
    )
    alone = pl.len().over(*source, "on", "name", "hired_on") == 1
    gone = (
        seen.join(days, left_on=[*source, "last_on"], right_on=[*source, "as_of"])
        .with_columns(on="following")
        .filter(alone)
    )
    new = seen.join(days, left_on=[*source, "first_on"], right_on=[*source, "as_of"]).filter(
        pl.col("previous").is_not_null() & pl.col("is_new_id")
    )
    new = new.with_columns(on="first_on").filter(alone)
    return (
        new.join(gone, on=[*source, "on", "name", "hired_on"])
        .filter(pl.col("employee_id") != pl.col("employee_id_right"))
        .group_by(source_before="source_system", seen_before="previous", source_after="source_system", seen_after="on")
        .agg(people_renumbered=pl.len().cast(pl.Int64))
    )
