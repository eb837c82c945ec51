"""Which policy guards each table of releases (see foundation.walls)."""

from saferhub.foundation.walls import in_folder

PROTECTED = {
    "releases_letter": in_folder(),
    "releases_check": in_folder(governed=True),
    "releases_disclosure": in_folder(governed=True),
}
