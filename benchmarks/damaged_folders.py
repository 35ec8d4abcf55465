"""What becomes of a data folder one file of which is damaged: a flipped bit, or a lost end.

    python benchmarks/damaged_folders.py [--faults N] [--seed N]

Every file that only Youju writes in a lived-in data folder is damaged, each as often as any other:
snapshots, library, corrections, originals, the queue, the cache of vectors. Each damage must be
found by `youju doctor`'s search, or be one that changes nothing; the folder must answer as before,
or refuse with an error that names what is broken; never may it answer otherwise. Then it is
repaired, after which it must be sound and answer as before.

Damage to the cache is followed by another, to the newest segment, so that repairing needs the
cache: SQLite's pages have room that nothing uses, and a bit there may flip unnoticed.

Printed as JSON are the faults, what became of them, and the violations, which must be none: the
exit status is 1 otherwise.
"""

import argparse
import json
import logging
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from platformdirs import user_cache_path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from damages import damage, damages
from lived_in_data import answers, live_in

from index import Encoder, IndexingError, default_model_folder, find_faults, repair
from index.embeddings import CACHE


def main() -> int:
    """Damage, look, repair, and count."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--faults", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.disable(logging.WARNING)  # a broken cache is begun anew, and that is said
    encoder = Encoder(default_model_folder(user_cache_path("youju")))
    counts: Counter[str] = Counter()
    violations: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        sound = live_in(Path(folder), encoder)
        right = answers(sound, encoder)
        for number, (file, chance) in enumerate(damages(sound, options.faults, options.seed)):
            data = shutil.copytree(sound, Path(folder) / f"copy-{number}")
            what = f"{file}: {damage(data / file, chance)}"
            if file.name == CACHE:
                newest = max((data / "segments").iterdir())
                (newest / "vectors" / "vectors.npy").unlink()
            counts["faults"] += 1
            violation = judge(data, right, encoder, counts)
            if violation:
                violations.append(f"{what}: {violation}")
            shutil.rmtree(data)
    print(json.dumps({**counts, "violations": violations}, ensure_ascii=False, indent=1))
    return 1 if violations else 0


def judge(data: Path, right: object, encoder: Encoder, counts: Counter[str]) -> str | None:
    """Look at a damaged folder, repair it, and look again; says what is against the law."""
    faults = find_faults(data)
    try:
        answered = answers(data, encoder) == right
    except IndexingError as error:
        answered = None
        counts["refused by name"] += 1
        if str(data) not in str(error):
            return f"refused without a name: {error}"
    if answered is False:
        return "another answer"
    if not faults:
        counts["changed nothing"] += 1
        return None
    counts["found"] += 1
    repaired = repair(data, lambda: encoder)
    if answers(data, encoder) != right:
        return "another answer after the repair"
    if left := find_faults(data):
        return f"not sound after the repair: {left[0].reason}"
    counts["repaired"] += 1
    counts["repaired, with something left to the user"] += bool(repaired.left)
    return None


if __name__ == "__main__":
    sys.exit(main())
