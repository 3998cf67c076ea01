"""Reference of the command line: every command with its arguments and options, in the words of its own help."""

from __future__ import annotations

import typer
from typer.core import TyperGroup
from typer.main import get_command

from pipelines import cli
from pipelines.handbook.markdown import code, heading, page, plain, table


def command_page() -> str:
    """All commands of ``parley``, in the order in which its help lists them."""
    group = get_command(cli.app)
    if not isinstance(group, TyperGroup):
        raise TypeError("parley has a single command; the page expects several")
    return page(
        "# Commands",
        "`parley COMMAND --help` says the same. Exit code 0 is success, 1 that something stands in the way and is named, 2 a"
        " command that cannot be meant. Generated from the command line itself.",
        *(_section(name, group) for name in group.commands),
    )


def _section(name: str, group: TyperGroup) -> str:
    command = group.commands[name]
    context = typer.Context(command, info_name=f"parley {name}")
    records = [record for param in command.get_params(context) if (record := param.get_help_record(context))]
    usage = " ".join(["parley", name, *command.collect_usage_pieces(context)])
    return page(
        heading(2, code(f"parley {name}"), name),
        plain(command.help or ""),
        f"```\n{usage}\n```",
        table(("Argument or option", "Meaning"), ((code(what), plain(means)) for what, means in records)),
    )
