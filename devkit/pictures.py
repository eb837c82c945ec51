"""`./dev pictures`: the pictures in docs/images, taken from a demonstration that `./dev run` serves."""

import shutil
from pathlib import Path

from devkit.console import Stopped, say

READER, CASE = "colin.coordinator", "A couple at Brayfield Court"


def take(root: Path, port: int = 8000) -> None:
    """Take every picture anew. Raises Stopped when saferhub does not answer or no browser is found."""
    from playwright.sync_api import Error, sync_playwright

    folder = root / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    own = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))),
        None,
    )
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=own, args=["--no-sandbox", "--disable-gpu"])
        except Error as error:
            raise Stopped(f"No browser for the pictures: {str(error).splitlines()[0]}") from error
        context = browser.new_context(
            base_url=f"http://127.0.0.1:{port}",
            viewport={"width": 1200, "height": 1100},
            device_scale_factor=1,
        )
        try:
            context.request.post("/demo/sign-in", form={"username": READER}, max_redirects=0)
        except Error as error:
            raise Stopped(
                f"saferhub does not answer on port {port}. Start it with ./dev run first."
            ) from error
        page = context.new_page()
        page.goto("/cases/")
        page.get_by_role("link", name=CASE).first.click()
        page.wait_for_load_state()
        page.screenshot(path=folder / "case.png")
        say(f"wrote {folder / 'case.png'}")
        browser.close()
