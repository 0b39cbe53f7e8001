"""The command line. Every command takes ``--data-dir`` and works beside a running server."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from majlis.config.settings import SettingsProblem
from majlis.core.errors import Refused

app = typer.Typer(
    name="majlis",
    help="Majlis: a social network that people and businesses run themselves.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
account = typer.Typer(help="The accounts of people.", no_args_is_help=True)
token = typer.Typer(help="Access for programs.", no_args_is_help=True)
app.add_typer(account, name="account")
app.add_typer(token, name="token")

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        help="Folder of database, media and secrets. "
        "Otherwise MAJLIS_DATA_DIR, otherwise ~/.local/share/majlis (root: /var/lib/majlis).",
        show_default=False,
        file_okay=False,
    ),
]


def _call(command: str, /, **arguments: Any) -> Any:
    """Call "module:function" of ``config.commands``, loaded only now: each command loads what it needs."""
    module, function = command.split(":")
    return getattr(import_module(f"majlis.config.commands.{module}"), function)(**arguments)


@app.command(rich_help_panel="Run")
def up(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every one.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    data_dir: DataDir = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Server processes; otherwise MAJLIS_WORKERS.")
    ] = None,
    offer_demo: Annotated[
        bool, typer.Option("--offer-demo", help="When the database is empty, offer the example community.")
    ] = False,
) -> None:
    """Run everything: database, server and worker. Ctrl-C stops all.

    The first start makes the database; every start brings it up to date. What dies is started again.
    """
    _call("up:run", data_dir=data_dir, host=host, port=port, workers=workers, offer_demo=offer_demo)


@app.command(rich_help_panel="Run")
def worker(data_dir: DataDir = None) -> None:
    """Run one more worker, which takes jobs until Ctrl-C. 'up' runs those of MAJLIS_JOB_WORKERS."""
    status = _call("machine:run", data_dir=data_dir, command="worker:run")
    raise typer.Exit(status)


@app.command(rich_help_panel="Run")
def check(data_dir: DataDir = None) -> None:
    """Look whether everything is as it should be, and say what is not."""
    if not _call("check:run", data_dir=data_dir):
        raise typer.Exit(1)


@app.command(rich_help_panel="Content")
def demo(
    data_dir: DataDir = None,
    seed: Annotated[int, typer.Option(help="The same number makes the same community.")] = 1,
) -> None:
    """Fill an empty Majlis with an example community, in Arabic and English."""
    _call("machine:run", data_dir=data_dir, command="content:fill_with_demo", seed=seed)


@app.command("import", rich_help_panel="Content")
def import_(
    archive: Annotated[
        Path,
        typer.Argument(exists=True, readable=True, help="The file or folder you downloaded."),
    ],
    account: Annotated[str, typer.Option(help="Name of the account that takes it in.")],
    audience: Annotated[
        str,
        typer.Option(
            help="The widest that any post may have: public, unlisted, followers, friends, or mentioned "
            "(nobody but the account). Otherwise each post keeps the audience it had.",
            show_default=False,
        ),
    ] = "",
    data_dir: DataDir = None,
) -> None:
    """Take in an archive from X, Instagram or Mastodon, or an export of Majlis.

    A second time adds nothing twice. Nobody is notified, and nobody's home changes.
    """
    arguments = {"archive": archive, "account": account, "audience": audience}
    _call("machine:run", data_dir=data_dir, command="content:take_in", **arguments)


@app.command(rich_help_panel="Content")
def export(
    account: Annotated[str, typer.Option(help="Name of the account.")],
    data_dir: DataDir = None,
    output: Annotated[
        Path | None, typer.Option(help="File to write; otherwise one in this folder.", show_default=False)
    ] = None,
) -> None:
    """Write everything of one account into a file, and print the file's name."""
    _call("machine:run", data_dir=data_dir, command="content:give_out", account=account, output=output)


@app.command(rich_help_panel="Keep")
def backup(
    file: Annotated[Path, typer.Argument(help="File to write; replaced only by a whole new one.")],
    data_dir: DataDir = None,
) -> None:
    """Write database, media and secrets into one file, while the server runs or not."""
    _call("backup:run", data_dir=data_dir, file=file)


@app.command(rich_help_panel="Keep")
def restore(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="What 'backup' wrote.")
    ],
    data_dir: DataDir = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace what is there. Without it, only into an empty folder.")
    ] = False,
) -> None:
    """Put back what 'backup' wrote. The file is checked whole before anything is changed."""
    _call("restore:run", data_dir=data_dir, file=file, force=force)


@account.command("create")
def account_create(
    name: Annotated[str, typer.Argument(help="The handle, without @.")],
    email: Annotated[str, typer.Option(help="Address to sign in with; taken as confirmed.")],
    password: Annotated[str, typer.Option(help="At least ten characters.")],
    admin: Annotated[bool, typer.Option("--admin", help="May use the back office.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Make an account that can sign in at once."""
    arguments = {"name": name, "email": email, "password": password, "admin": admin}
    _call("machine:run", data_dir=data_dir, command="accounts:create", **arguments)


@token.command("create")
def token_create(
    name: Annotated[str, typer.Argument(help="The account's handle, without @.")],
    scopes: Annotated[
        str, typer.Option(help="What it allows, separated by spaces.")
    ] = "read write follow push",
    data_dir: DataDir = None,
) -> None:
    """Print an access token, and nothing else, on one line."""
    _call("machine:run", data_dir=data_dir, command="accounts:create_token", name=name, scopes=scopes)


def main() -> None:
    """The ``majlis`` program. Refusals are one sentence on standard error and exit status 1."""
    try:
        app()
    except (Refused, SettingsProblem) as refusal:
        sentence = refusal.sentence if isinstance(refusal, Refused) else refusal
        print(sentence, file=sys.stderr)
        sys.exit(1)
    except PermissionError as error:
        print(f"{error.filename}: this account may not do that there ({error.strerror}).", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
