"""`python -m app.sandbox`: the sandbox as a child process. Its first line is {"url": …}."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from app.basics.faults import BadInput
from app.sandbox.arguments import add_arguments, run


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m app.sandbox", description=__doc__)
    add_arguments(parser)
    try:
        return run(parser.parse_args(words))
    except BadInput as wrong:
        print(wrong.sentence(), file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
