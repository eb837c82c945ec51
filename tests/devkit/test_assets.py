"""The interface files of others, prepared for a service that is not GOV.UK's."""

from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

from devkit import assets
from devkit.console import Stopped

GOVUK_CSS = (
    '@font-face{font-family:GDS Transport;src:url(/assets/fonts/light-1.woff2) format("woff2")}'
    ".govuk-body{font-family:GDS Transport,arial,sans-serif;color:#0b0c0c}"
    '.quoted{font-family:"GDS Transport", arial, sans-serif}'
    ".govuk-footer__crest{display:block;background-image:url(/assets/images/govuk-crest.svg);width:1px}"
    ".last{background:url(/assets/images/govuk-crest.svg)}"
    "/*# sourceMappingURL=govuk-frontend.min.css.map */"
)
MOJ_CSS = (
    ".moj-icon{background:url(/assets/images/icon-document.svg) no-repeat}"
    ".inline{background:url(data:image/svg+xml;base64,AAAA)}"
)
SCRIPT = "export{version};//# sourceMappingURL=x.min.js.map\n"


@pytest.fixture
def node_modules(tmp_path: Path) -> Path:
    top = tmp_path / "node_modules"
    govuk, moj = top / "govuk-frontend/dist/govuk", top / "@ministryofjustice/frontend/moj"
    for place, stem, css in ((govuk, "govuk-frontend", GOVUK_CSS), (moj, "moj-frontend", MOJ_CSS)):
        (place / "assets/images").mkdir(parents=True)
        (place / f"{stem}.min.css").write_text(css)
        (place / f"{stem}.min.js").write_text(SCRIPT)
    (govuk / "assets/images/govuk-crest.svg").write_text("<svg/>")
    (moj / "assets/images/icon-document.svg").write_text("<svg/>")
    (moj / "assets/images/moj-logotype-crest-2024.svg").write_text("<svg/>")
    return top


def test_typeface_crest_and_source_maps_go_and_the_rest_stays() -> None:
    css = assets.debrand(GOVUK_CSS)
    assert css == (
        ".govuk-body{font-family:arial,sans-serif;color:#0b0c0c}"
        ".quoted{font-family:arial, sans-serif}"
        ".govuk-footer__crest{display:block;width:1px}"
        ".last{}"
    )
    assert assets.without_source_map(SCRIPT) == "export{version};\n"


def test_addresses_become_relative_and_inline_pictures_stay() -> None:
    css = assets.debrand(MOJ_CSS)
    assert "url(assets/images/icon-document.svg)" in css
    assert "url(data:image/svg+xml;base64,AAAA)" in css
    assert assets.referenced(css) == ["assets/images/icon-document.svg"]


def test_only_what_is_named_is_copied_with_both_notices(node_modules: Path, tmp_path: Path) -> None:
    target = tmp_path / "assets"
    assets.prepare(node_modules, target)
    files = sorted(str(path.relative_to(target)) for path in target.rglob("*") if path.is_file())
    assert files == [
        "govuk/LICENSE.txt",
        "govuk/govuk-frontend.min.css",
        "govuk/govuk-frontend.min.js",
        "moj/LICENSE.txt",
        "moj/assets/images/icon-document.svg",
        "moj/moj-frontend.min.css",
        "moj/moj-frontend.min.js",
    ]
    assert assets.faults(target) == []


def test_preparing_again_replaces_what_was_there(node_modules: Path, tmp_path: Path) -> None:
    target = tmp_path / "assets"
    target.mkdir()
    (target / "left-over.css").touch()
    assets.prepare(node_modules, target)
    assert not (target / "left-over.css").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["assets", "node_modules"]


def test_hashed_static_files_take_the_prepared_ones(node_modules: Path, tmp_path: Path) -> None:
    target = tmp_path / "assets"
    assets.prepare(node_modules, target)
    storage = ManifestStaticFilesStorage(location=str(target), base_url="/static/")
    names = [str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()]
    outcomes = list(storage.post_process({name: (storage, name) for name in names}))
    assert [outcome for outcome in outcomes if isinstance(outcome[2], Exception)] == []


def test_a_new_layout_of_a_package_stops_with_its_name(node_modules: Path, tmp_path: Path) -> None:
    (node_modules / "govuk-frontend/dist/govuk/govuk-frontend.min.js").unlink()
    with pytest.raises(Stopped, match=r"govuk-frontend has no .*layout changed"):
        assets.prepare(node_modules, tmp_path / "assets")


@pytest.mark.parametrize(
    ("leaf", "text", "fault"),
    [
        ("moj/a.woff2", "", "is a font file"),
        ("moj/crown.svg", "", "is a mark of GOV.UK or a ministry"),
        ("moj/a.css", "b{font-family:GDS Transport}", "names the typeface"),
        ("moj/a.css", "@font-face{src:local(x)}", "loads a typeface"),
        ("moj/a.js", "//# sourceMappingURL=a.map", "names a source map"),
        ("moj/a.css", "b{background:url(assets/none.svg)}", "which is not there"),
    ],
)
def test_the_result_is_checked(node_modules: Path, tmp_path: Path, leaf: str, text: str, fault: str) -> None:
    target = tmp_path / "assets"
    assets.prepare(node_modules, target)
    (target / leaf).write_text(text)
    assert len(assets.faults(target)) == 1
    assert fault in assets.faults(target)[0]
