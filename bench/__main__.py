"""All benches, or those named: `uv run --group bench python -m bench [words midi ear ...]`."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import bench


def main(names: list[str]) -> None:
    """Run each bench module's main in the order of their names."""
    aids = ("__main__", "denials", "hostile", "plans", "table", "truth")
    known = [m.name for m in pkgutil.iter_modules(bench.__path__) if m.name not in aids]
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"no bench {', '.join(unknown)}; there are: {', '.join(known)}")
    for name in names or known:
        print(f"\n# {name}", flush=True)
        importlib.import_module(f"bench.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
