"""Write the table of a library that is installed: calls, and the rates that it gives.

    python tests/families/tables.py paddle

Of a heavy library one package alone will do, as `pip install --no-deps` gives it, if its module here imports it so.
"""

from __future__ import annotations

import importlib.metadata
import json
import sys
from dataclasses import asdict

from beside import Peer

from lrvec.dialects import names
from lrvec.dialects._foreign import FOREIGN


def table(library: str) -> str:
    """Returns the table of a library as text, a line for each call."""
    peer = Peer(library)
    lines = []
    for _, name in names(library):
        calls = [json.dumps([asdict(call), list(rates)]) for call, rates in peer.calls(name)]
        lines.append(f"    {json.dumps(name)}: [\n      " + ",\n      ".join(calls) + "\n    ]")
    parameters = {name: peer.parameters(name, FOREIGN[library, name].original) for _, name in names(library)}
    package = importlib.metadata.packages_distributions()[library][0]
    head = {"package": package, "version": importlib.metadata.version(package), "parameters": parameters}
    first = json.dumps(head)[:-1]
    return first + ',\n  "calls": {\n' + ",\n".join(lines) + "\n  }\n}\n"


if __name__ == "__main__":
    peer = Peer(sys.argv[1])
    peer.path.write_text(table(sys.argv[1]))
