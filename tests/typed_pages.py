"""`python tests/typed_pages.py FOLDER` writes the Python examples of README.md and docs/ to FOLDER, one module a page.

`.ci/lint` runs `mypy --strict` over these modules. An example is a fenced block of Python: its lines after `>>>`, or the
whole block if it has none.
"""

import doctest
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def examples_in(page: str) -> str:
    """Returns the source of all examples of a page, in their order."""
    sources = []
    for block in re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        examples = doctest.DocTestParser().get_examples(block)
        sources.append("".join(example.source for example in examples) or block)
    return "\n".join(sources)


def main(folder: Path) -> None:
    folder.mkdir()
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        if source := examples_in(page.read_text()):
            (folder / f"{page.stem.replace('-', '_')}.py").write_text(source)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
