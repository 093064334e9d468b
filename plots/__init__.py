"""Pictures and checks of qbsweep archives. They know xarray and matplotlib, nothing of the program.

Run from the top of the repository, as in `python3 -m plots.paper results`; README lists them.
"""

import importlib.util
import sys

_missing = [name for name in ("numpy", "scipy", "matplotlib", "xarray", "h5netcdf", "yaml")
            if importlib.util.find_spec(name) is None]
if _missing:
    sys.exit(f"plots: error: found no {', '.join(_missing)} for {sys.executable}; accepted: a Python that has them: on "
             "Debian install python3-numpy, python3-scipy, python3-matplotlib, python3-xarray, python3-h5netcdf and "
             "python3-yaml, and start /usr/bin/python3; elsewhere pip install numpy scipy matplotlib xarray h5netcdf "
             "pyyaml")
