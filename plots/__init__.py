"""Pictures and checks of qbsweep archives. They know xarray and matplotlib, nothing of the program.

Run from the top of the repository, as in `python3 -m plots.paper results`; README lists them.
"""
