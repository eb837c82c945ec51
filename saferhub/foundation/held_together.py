"""Foreign keys over two columns, which Django cannot declare: a part lies where its whole lies.

They stop a row from naming one partnership while lying in a folder of another, and a part of a person
from lying outside that person's folder.
"""

from __future__ import annotations

from django.db import migrations


def in_its_partnership(table: str, *, folder: str = "folder_id") -> migrations.RunSQL:
    """Hold (partnership, folder) of `table` to its folder's."""
    return _key(
        table,
        "in_its_partnership" if folder == "folder_id" else f"{folder.removesuffix('_id')}_in_its_partnership",
        ("partnership_id", folder),
        "sharing_folder",
        ("partnership_id", "id"),
    )


def in_its_folder(table: str, column: str, whole: str, *, folder: str = "folder_id") -> migrations.RunSQL:
    """Hold (folder, `column`) of `table` to the same pair of `whole`, the table `column` points at."""
    return _key(
        table, f"{column.removesuffix('_id')}_in_its_folder", (folder, column), whole, ("folder_id", "id")
    )


def _key(
    table: str, name: str, columns: tuple[str, str], whole: str, its: tuple[str, str]
) -> migrations.RunSQL:
    return migrations.RunSQL(
        f'ALTER TABLE "{table}" ADD CONSTRAINT {table}_{name} FOREIGN KEY ({columns[0]}, {columns[1]})'
        f' REFERENCES "{whole}" ({its[0]}, {its[1]})',
        f'ALTER TABLE "{table}" DROP CONSTRAINT {table}_{name}',
    )
