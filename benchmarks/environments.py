"""An environment of its own for each peer, made when it is first needed.

It sees the packages that Youju itself runs with, and so has the same PyTorch and
sentence-transformers without another gigabyte for each; what the peer needs besides, or in another
version, is installed in front of them with the exact versions of ``peers/requirements``.
"""

import subprocess
import sys
import sysconfig
from pathlib import Path

REQUIREMENTS = Path(__file__).parent / "peers" / "requirements"


def environment(peer: str, folder: Path) -> Path:
    """Return the Python of a peer's environment below a folder; makes it if it is not there.

    Raises:
        subprocess.CalledProcessError: something cannot be installed.
    """
    wanted = (REQUIREMENTS / f"{peer}.txt").read_text("utf-8")
    place = folder / peer
    python, done = place / "bin" / "python", place / "installed.txt"
    if not done.exists() or done.read_text("utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", place], check=True)
        own = next((place / "lib").glob("python*/site-packages"))
        (own / "youju.pth").write_text(f"{sysconfig.get_path('purelib')}\n", "utf-8")
        install = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        install += ["--requirement", str(REQUIREMENTS / f"{peer}.txt")]
        subprocess.run(install, check=True, stdout=sys.stderr)
        done.write_text(wanted, "utf-8")
    return python
