"""Records of one file that repeat a key: the same record again, or another one that contradicts it."""

from __future__ import annotations

import duckdb

from pipelines.contracts import Contract


def repeated(contract: Contract, con: duckdb.DuckDBPyConnection) -> list[tuple[int, str]]:
    """Lines of landing_judged with the rule they break: 'duplicate' from the second equal record on, 'conflict' for all
    records of a key that do not agree in every column of the contract. Keys with an empty part are not compared.
    """
    keys: list[tuple[str, ...]] = [(c.name,) for c in contract.columns if c.unique]
    keys += [contract.primary_key] if contract.primary_key else []
    found: dict[int, str] = {}
    for key in dict.fromkeys(keys):
        for line, rule in con.execute(_query(contract, key)).fetchall():
            found[line] = "conflict" if rule == "conflict" else found.get(line, rule)
    return sorted(found.items())


def _query(contract: Contract, key: tuple[str, ...]) -> str:
    names = ", ".join(f'"{name}"' for name in key)
    given = " AND ".join(f'"{name}" IS NOT NULL' for name in key)
    content = ", ".join(f'"_text_{c.name}" := "_text_{c.name}"' for c in contract.columns)
    return f"""
        WITH twice AS (SELECT {names} FROM landing_judged WHERE {given} GROUP BY {names} HAVING count(*) > 1),
        member AS (
            SELECT _line, hash(struct_pack({content})) AS content, {names}
            FROM landing_judged JOIN twice USING ({names})
        ),
        ranked AS (
            SELECT _line, row_number() OVER (PARTITION BY {names} ORDER BY _line) AS nth,
                min(content) OVER (PARTITION BY {names}) <> max(content) OVER (PARTITION BY {names}) AS differs
            FROM member
        )
        SELECT _line, CASE WHEN differs THEN 'conflict' ELSE 'duplicate' END
        FROM ranked WHERE differs OR nth > 1 ORDER BY _line"""
