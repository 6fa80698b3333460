"""Sphinx reads this: `sphinx-build -W docs FOLDER` makes the documentation, with pages from `docs/site`."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS / "site"))

import lrvec
import reference

project = "lrvec"
author = "The lrvec developers"
version = release = lrvec.__version__
extensions = ["myst_parser", "sphinx_gallery.gen_gallery"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["examples", "site"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
default_role = "literal"
add_module_names = False
html_theme = "furo"
html_show_copyright = False
html_title = f"lrvec {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]

def can_run(example: Path) -> bool:
    """Tells whether everything that an example imports is installed."""
    imports = re.findall(r"^(?:import|from) (\w+)", example.read_text(), re.MULTILINE)
    return all(importlib.util.find_spec(name) for name in imports)


EXAMPLES = [path.stem for path in sorted((DOCS / "examples").glob("plot_*.py")) if can_run(path)]
"""The examples that run while the pages are made."""

sphinx_gallery_conf = {
    "examples_dirs": "examples",
    "gallery_dirs": "gallery",
    "filename_pattern": rf"/({'|'.join(EXAMPLES)})\.py",
    "download_all_examples": False,
    "show_memory": False,
    "write_computation_times": False,
    "min_reported_time": 1e9,
    "capture_repr": (),
}

CONTENTS = {
    "User guide": [
        "schedules",
        "steps",
        "sweeps",
        "algebra",
        "queries",
        "edits",
        "clocks",
        "recipes",
        "pictures",
        "command-line",
    ],
    "Beside other libraries": [
        "plugging-in",
        "inside-jax-and-torch",
        "search-spaces",
        "larger-than-a-machine",
        "kinds-of-your-own",
    ],
    "Moving here": ["families", "moving-from-lrsched", "moving-from-nano-optax", "moving-from-nemo"],
    "Examples and reference": ["kinds/index", "gallery/index", "reference/index"],
    "About lrvec": ["numerics", "speed", "architecture", "contributing", "changelog"],
}
"""The pages under their captions. A page of `docs` that is not here comes last in the user guide."""


def contents() -> str:
    """Returns the tables of contents, for the end of the first page."""
    listed = {page for pages in CONTENTS.values() for page in pages}
    others = sorted({path.stem for path in DOCS.glob("*.md")} - listed - {"index"})
    there = {path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md")} | {"gallery/index"}
    tables = []
    for caption, pages in CONTENTS.items():
        shown = [page for page in pages + (others if caption == "User guide" else []) if page in there]
        tables.append("\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", "", *shown, "```"]))
    return "\n\n".join(tables)


def add_contents(app: Any, name: str, source: list[str]) -> None:
    """Gives the first page the tables of contents, and links from the names of kinds."""
    if name == "index":
        kinds = "|".join(lrvec.kinds())
        source[0] = re.sub(rf"`({kinds})`", r"[`\1`](kinds/\1.md)", source[0]) + f"\n\n{contents()}\n"


def setup(app: Any) -> None:
    reference.write(DOCS)
    app.connect("source-read", add_contents)
