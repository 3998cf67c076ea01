"""Records of one file that repeat a key: the same record again, or another one that contradicts it."""

from __future__ import annotations

import duckdb

from pipelines.contracts import Column, Contract


def repeated(contract: Contract, con: duckdb.DuckDBPyConnection) -> list[tuple[int, str]]:
    """Lines of landing_judged with the rule they break: 'duplicate' from the second equal record on, 'conflict' for all
    records of a key that do not agree in every column of the contract. Keys whose required parts are empty are not compared.
    """
    keys: list[tuple[Column, ...]] = [(c,) for c in contract.columns if c.unique]
    keys += [tuple(c for c in contract.columns if c.primary_key)] if contract.primary_key else []
    found: dict[int, str] = {}
    for key in {tuple(c.name for c in key): key for key in keys}.values():
        for line, rule in con.execute(_query(contract, key)).fetchall():
            found[line] = "conflict" if rule == "conflict" else found.get(line, rule)
    return sorted(found.items())


def _query(contract: Contract, key: tuple[Column, ...]) -> str:
    # A part that a source may leave out is compared like a value of its own where it is empty.
    parts = ", ".join(f"coalesce(CAST(\"{c.name}\" AS VARCHAR), '') AS part_{i}" for i, c in enumerate(key))
    names = ", ".join(f"part_{i}" for i in range(len(key)))
    given = (
        " AND ".join(f'"{c.name}" IS NOT NULL' for c in key if len(key) == 1 or not c.options.get("optional")) or "true"
    )
    content = ", ".join(f'"_text_{c.name}" := "_text_{c.name}"' for c in contract.columns)
    return f"""
        WITH keyed AS (SELECT *, {parts} FROM landing_judged WHERE {given}),
        twice AS (SELECT {names} FROM keyed GROUP BY {names} HAVING count(*) > 1),
        member AS (SELECT _line, hash(struct_pack({content})) AS content, {names} FROM keyed JOIN twice USING ({names})),
        ranked AS (
            SELECT _line, row_number() OVER (PARTITION BY {names} ORDER BY _line) AS nth,
                min(content) OVER (PARTITION BY {names}) <> max(content) OVER (PARTITION BY {names}) AS differs
            FROM member
        )
        SELECT _line, CASE WHEN differs THEN 'conflict' ELSE 'duplicate' END
        FROM ranked WHERE differs OR nth > 1 ORDER BY _line"""
