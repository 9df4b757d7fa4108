"""Lays out the files of the images: what goes into which layer, and nothing that an image does not need.

Runs in the builder, with the builder's own interpreter; the files it handles may be of another platform and are never run.

    assemble.py platform --python ROOT --tree api=VENV --tree ui=VENV --out LAYERS
    assemble.py members  --tree core=FOLDER --tree api=FOLDER --tree ui=FOLDER --out LAYERS

Both leave one folder a layer below LAYERS, compiled, with fixed modes and times: same input, same bytes.
"""

from __future__ import annotations

import argparse
import compileall
import filecmp
import fnmatch
import os
import py_compile
import shutil
import sys
import tomllib
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import elf

VERSION = f"python{sys.version_info.major}.{sys.version_info.minor}"
STDLIB = Path("usr/local/lib") / VERSION
PACKAGES = STDLIB / "site-packages"
EPOCH = 315532800  # 1980-01-01: the oldest time that a zip file can hold
USER = 1000
RULES = tomllib.loads(Path(__file__).with_name("prune.toml").read_text())


def files(root: Path) -> Iterator[Path]:
    """Every file and link below a folder, in a fixed order."""
    for folder, folders, names in os.walk(root):
        folders.sort()
        links = [name for name in folders if Path(folder, name).is_symlink()]
        yield from (Path(folder, name) for name in sorted(names + links))


def matches(path: Path, patterns: Iterable[str]) -> bool:
    """Whether a relative path, or a folder that it lies in, fits one of the patterns."""
    chain = [path, *path.parents][:-1]
    for pattern in patterns:
        tail = pattern.removeprefix("**/")
        for part in chain:
            if tail != pattern:
                if fnmatch.fnmatchcase(part.name, tail):
                    return True
            elif len(part.parts) == len(Path(pattern).parts) and fnmatch.fnmatchcase(str(part), pattern):
                return True
    return False


def prune(root: Path, rules: dict[str, str]) -> None:
    """Takes from a folder what the rules name, and all bytecode: it is compiled anew."""
    for path in list(files(root)):
        if path.suffix == ".pyc" or matches(path.relative_to(root), rules):
            path.unlink()
    for folder, _, _ in os.walk(root, topdown=False):
        if not any(Path(folder).iterdir()):
            Path(folder).rmdir()  # else a folder of pip's stays, and says that it is there


def unlink_orphans(root: Path) -> None:
    """Takes shared libraries from a site-packages that no extension module reaches by its NEEDED entries."""
    shared = {path.name: path for path in files(root) if ".so" in path.name}
    for path in shared.values():
        if elf.read(path):
            elf.forget(path, lambda name: matches(Path(name), RULES["idle"]))
    opened = [name for name, path in shared.items() if matches(path.relative_to(root), RULES["opened"])]
    modules = [name for name in shared if name.endswith(".so") and (name.count(".") > 1 or not name.startswith("lib"))]
    reached: set[str] = set()
    waiting = opened + modules
    while waiting:
        name = waiting.pop()
        if name in shared and name not in reached:
            reached.add(name)
            facts = elf.read(shared[name])
            waiting.extend(facts.needed if facts else ())
    for name in sorted(shared.keys() - reached):
        shared[name].unlink()


def split(trees: dict[str, Path], out: Path) -> None:
    """Moves what all trees hold alike into the layer `shared`, and the rest of each into a layer of its own name."""
    first, *others = trees.values()
    for path in list(files(first)):
        place = path.relative_to(first)
        twins = [tree / place for tree in others]
        if all(twin.is_file() and filecmp.cmp(path, twin, shallow=False) for twin in twins):
            move(path, out / "shared" / PACKAGES / place)
            for twin in twins:
                twin.unlink()
    for name, tree in trees.items():
        for path in list(files(tree)):
            move(path, out / name / PACKAGES / path.relative_to(tree))


def move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)


def interpreter(root: Path, out: Path) -> None:
    """Copies the interpreter, its standard library and the system libraries that any layer names into the layer `python`."""
    layer = out / "python"
    (layer / "usr/local/bin").mkdir(parents=True)
    shutil.copy2(root / "usr/local/bin" / VERSION, layer / "usr/local/bin" / VERSION)
    for name in ("python3", "python"):
        (layer / "usr/local/bin" / name).symlink_to(VERSION)
    shutil.copytree(root / STDLIB, layer / STDLIB, symlinks=True)
    prune(layer / STDLIB, RULES["stdlib"])
    for path in list(files(layer)):
        if path.is_symlink() and path.readlink().is_absolute():
            path.unlink()  # it leads to a file that stays behind
    folders = [
        root / "usr/local/lib",
        *sorted((root / "usr/lib").glob("*-linux-gnu")),
        root / "usr/lib",
        root / "usr/lib64",
    ]
    found = [facts for facts in map(elf.read, real(files(out))) if facts]
    have = {path.name for path in files(out)}
    loader = next(facts.loader for facts in found if facts.loader)
    have.add(Path(loader).name)
    waiting = sorted({name for facts in found for name in facts.needed})
    while waiting:
        name = waiting.pop()
        if name in have:
            continue
        have.add(name)
        source = next((folder / name for folder in folders if (folder / name).exists()), None)
        if source is None:
            sys.exit(f"assemble: no layer and no system folder holds {name}")
        target = layer / source.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source.resolve(), target)
        facts = elf.read(target)
        waiting.extend(facts.needed if facts else ())
    place = layer / "usr" / loader.removeprefix("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2((root / loader.removeprefix("/")).resolve(), place)
    for name in {"lib", Path(loader).parts[1]}:
        (layer / name).symlink_to(f"usr/{name}")


def real(paths: Iterable[Path]) -> Iterator[Path]:
    return (path for path in paths if path.is_file() and not path.is_symlink())


def system(layer: Path) -> None:
    """Writes the user, the resolver's order, the folders that mounts go to and what the entrypoints run."""
    for folder in ("etc", "tmp", "data", "app/models"):
        (layer / folder).mkdir(parents=True)
    for script in ("health.py", "start.py"):
        shutil.copy2(Path(__file__).with_name(script), layer / "app" / script)
    (layer / "etc/passwd").write_text(f"root:x:0:0::/:/nologin\nkmidi:x:{USER}:{USER}::/tmp:/nologin\n")
    (layer / "etc/group").write_text(f"root:x:0:\nkmidi:x:{USER}:\n")
    (layer / "etc/nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files dns\n")


def compile_layer(layer: Path) -> bool:
    """Compiles a layer's modules for their final place; whether all did."""
    return compileall.compile_dir(
        layer / "usr",
        maxlevels=30,
        quiet=1,
        force=True,
        stripdir=str(layer),
        prependdir="/",
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )


def finish(out: Path) -> None:
    """Compiles every layer, then sets modes, owners and times that do not depend on the build."""
    layers = sorted(out.iterdir())
    # What a process compiled before shows in the bytes (which strings are shared): so one fresh process a layer, in one order.
    with ProcessPoolExecutor(mp_context=get_context("spawn"), max_tasks_per_child=1) as processes:
        for layer, done in zip(layers, processes.map(compile_layer, layers), strict=True):
            if not done:
                sys.exit(
                    f"assemble: {layer.name} holds a module that does not compile; leave it out in prune.toml, with the reason"
                )
    for folder, folders, names in os.walk(out, topdown=False):
        for path in (Path(folder, name) for name in [*names, *folders]):
            if not path.is_symlink():
                program = path.is_dir() or path.parent.name == "bin" or path.name.startswith("ld-linux")
                path.chmod(0o755 if program else 0o644)
            os.utime(path, (EPOCH, EPOCH), follow_symlinks=False)
    for scratch in out.glob("*/tmp"):
        os.chown(scratch, USER, USER)
        scratch.chmod(0o755)


def main() -> None:
    """Runs one of the two commands."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["platform", "members"])
    parser.add_argument("--python", type=Path)
    parser.add_argument("--tree", action="append", required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    trees = {name: Path(place) for name, _, place in (tree.partition("=") for tree in arguments.tree)}
    for tree in trees.values():
        prune(tree, RULES["site-packages"])
        unlink_orphans(tree)
    if arguments.command == "platform":
        split(trees, arguments.out)
        interpreter(arguments.python, arguments.out)
        system(arguments.out / "python")
    else:
        for name, tree in trees.items():
            for path in list(files(tree)):
                move(path, arguments.out / name / PACKAGES / path.relative_to(tree))
    finish(arguments.out)


if __name__ == "__main__":
    main()
