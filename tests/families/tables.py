"""Write the table of a library that is installed: calls, and the rates that it gives.

    python tests/families/tables.py paddle "paddlepaddle 3.3.1"

The second argument is noted in the table. Of a heavy library its own files will do, where its module here imports it so.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from beside import Peer

from lrvec.dialects import names
from lrvec.dialects._foreign import FOREIGN


def table(library: str, version: str) -> str:
    """Returns the table of a library as text, a line for each call."""
    peer = Peer(library)
    lines = []
    for _, name in names(library):
        calls = [json.dumps([asdict(call), list(rates)]) for call, rates in peer.calls(name)]
        lines.append(f"    {json.dumps(name)}: [\n      " + ",\n      ".join(calls) + "\n    ]")
    parameters = {name: peer.parameters(name, FOREIGN[library, name].original) for _, name in names(library)}
    first = json.dumps({"made with": version, "parameters": parameters})[:-1]
    return first + ',\n  "calls": {\n' + ",\n".join(lines) + "\n  }\n}\n"


if __name__ == "__main__":
    Peer(sys.argv[1]).path.write_text(table(*sys.argv[1:]))
