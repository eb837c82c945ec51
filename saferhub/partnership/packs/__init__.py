"""Packs: national law and local practice as data, read from YAML and checked before anything is changed.

Plain Python; nothing here knows Django or a database.
"""

from .checking import Pack, Placed, check_references, read_pack
from .problems import PackError, Problem
from .sections import Section, all_sections, register_section, section

__all__ = [
    "Pack",
    "PackError",
    "Placed",
    "Problem",
    "Section",
    "all_sections",
    "check_references",
    "read_pack",
    "register_section",
    "section",
]
