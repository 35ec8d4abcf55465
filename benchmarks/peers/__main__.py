"""The process of one system: ``python -m peers NAME MODEL FOLDER``."""

import sys
from pathlib import Path

from .contract import serve

serve(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
