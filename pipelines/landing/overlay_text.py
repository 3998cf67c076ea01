"""A proposal as the text of an overlay: what is certain is active, everything else stands there as a comment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import yaml

from pipelines.column_options import has_short_years
from pipelines.landing.matching import Candidate, Match
from pipelines.landing.proposal import Proposal, visible
from pipelines.landing.reading import heading_row

_ENDLESS = float("inf")
_TOP = (
    "What stands behind a # is not used. Remove the # in front of what is right, and the lines that are wrong.",
    "A heading may belong to one column only. ~ means that the file does not have the column.",
)


def overlay_text(proposal: Proposal) -> str:
    """The overlay as YAML with comments; no value of a restricted column is in it."""
    layout = proposal.layout
    found = f"Proposed for {_scalar(proposal.path.name)}: {layout.encoding}, headings in row {layout.header_row}."
    lines = [
        *(f"# {line}" for line in (found, *_TOP)),
        f"of: {_scalar(proposal.target.id)}",
        f"landing: {_scalar(str(proposal.target.settings['landing']))}",
        f"files: {_list(proposal.patterns)}" if proposal.patterns else "# files: [...]",
        *_part("headings", [line for match in proposal.matches for line in _heading(match)]),
        *_part("formats", list(_formats(proposal))),
        *_part("values", list(_values(proposal))),
        *_part("settings", list(_settings(proposal))),
    ]
    return "\n".join(lines) + "\n"


def _part(name: str, lines: Sequence[str]) -> list[str]:
    """A part with its lines; without an active line its name is a mapping of nothing, which is allowed."""
    return ["", f"{name}:", *(f"  {line}" for line in lines)] if lines else []


def _heading(match: Match) -> Iterator[str]:
    name = match.column.name
    if match.certain:
        yield f"{name}: {_scalar(match.certain.heading)}  # {_why(match.certain, match)}"
    elif match.offered:
        yield f"# {name}: which of these?" + (" It is needed." if match.column.required else "")
        yield from (f"# {name}: {_scalar(c.heading)}  # {_why(c, match)}" for c in match.offered)
        if not match.column.required:
            yield f"# {name}: ~"
    elif match.column.required:
        yield f'# {name}: "..."  # needed: write the heading that it has in the file'
    elif match.is_missing:
        yield f"{name}: ~  # not found in the file"


def _why(candidate: Candidate, match: Match) -> str:
    doubt = "; please confirm" if match.column.options.get("verified") is False else ""
    return visible(f"{candidate.why}{doubt}")


def _formats(proposal: Proposal) -> Iterator[str]:
    for hint in proposal.hints.dates:
        is_certain = any(m.certain for m in proposal.matches if m.column.name == hint.column)
        if hint.is_proven:
            yield f"{'' if is_certain else '# '}{hint.column}: {hint.choices[0]}  # proved by the values"
        elif hint.choices:
            yield f"# {hint.column}: how are its dates written? The values do not tell."
            yield from (f"# {hint.column}: {choice}" for choice in hint.choices)
        else:
            yield f"# {hint.column}: its dates are written in several ways. Export them as yyyy-MM-dd."


def _values(proposal: Proposal) -> Iterator[str]:
    columns = {m.column.name: m.column for m in proposal.matches}
    for name in proposal.hints.crowded:
        yield f"# {name}: its values are not known, and too many or too different to list. Is the heading right?"
    for name, values in proposal.hints.strange.items():
        if columns[name].kind == "boolean":
            continue
        yield f"# {name}: put each of {_list(values)} behind the value that it means"
        yield f"# {name}:"
        yield from (f"#   {_scalar(valid)}: []" for valid in columns[name].valid_values)


def _settings(proposal: Proposal) -> Iterator[str]:
    layout, hints, settings = proposal.layout, proposal.hints, proposal.target.settings
    if layout.declared:
        yield f"encoding: {_scalar(layout.declared)}"
    if layout.header_row != heading_row(proposal.target):
        yield f"headerRow: {layout.header_row}"
    if any(has_short_years(choice) for hint in hints.dates for choice in hint.choices):
        yield "# pivot: 30  # years of two digits above it are 19.., the others 20.."
    if hints.absent:
        declared = [str(word) for word in settings.get("nullValues", ())]
        yield f"# nullValues: {_list([*declared, *hints.absent])}  # if these stand for a missing value"
    for match in proposal.matches:
        values = hints.strange.get(match.column.name) if match.column.kind == "boolean" else None
        if values:
            yield f"# trueValues: {_list(values)}  # those of {match.column.name} that mean yes"
            yield f"# falseValues: {_list(values)}  # those that mean no"


def _scalar(text: str) -> str:
    """`text` as YAML on one line, in quotation marks where it needs them."""
    plain = str(yaml.safe_dump(text, allow_unicode=True, width=_ENDLESS)).removesuffix("\n").removesuffix("\n...")
    return plain if text.isprintable() and "\n" not in plain else _quoted(text)


def _list(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def _quoted(text: str) -> str:
    return str(yaml.safe_dump(text, allow_unicode=True, width=_ENDLESS, default_style='"')).removesuffix("\n")
