"""Sets up what is missing of both environments; does nothing, at once, when all is there."""

from __future__ import annotations

import fcntl
import shutil
import sys

from bot.environments.building import BuildFailed, build
from bot.environments.house import ROOT, environments
from bot.environments.interpreters import NoInterpreter

LOG = ROOT / "var" / "setup.log"
LOCK = ROOT / "var" / "setup.lock"
NEEDED_GB = 6  # both environments take 3.9 GB; pip unpacks beside them


def main() -> int:
    missing = [environment for environment in environments() if not environment.is_complete()]
    if not missing:
        return 0
    free_gb = shutil.disk_usage(ROOT).free / 1e9
    if free_gb < NEEDED_GB and not any(environment.folder.exists() for environment in missing):
        print(f"Setting up needs {NEEDED_GB} GB of free disk; {ROOT} has {free_gb:.1f} GB.", file=sys.stderr)
        return 1
    LOG.parent.mkdir(exist_ok=True)
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a second `make` waits for the first
        try:
            with LOG.open("w") as log:
                for environment in missing:
                    if not environment.is_complete():
                        build(environment, log)
        except (NoInterpreter, BuildFailed) as problem:
            print(f"\n{problem}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("\nStopped. Run it again to go on.", file=sys.stderr)
            return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
