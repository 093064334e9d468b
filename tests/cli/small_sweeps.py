"""Sweep files of a few points for the tests of what a command does with them."""

# A plain axis of words, a zipped one whose labels need quotes in a CSV, and one of numbers.
GRID = """# a comment
name: grid
description: three axes
parameters:
  g: 0.25
  m: 1
  fock_dim: 5
axes:
  - {name: interaction, values: [dicke, tavis_cummings]}
  - name: noise
    labels: ["none, at all", 'all of "it"']
    values: {kappa: [0, 0.15], gamma_down: [0, 0.1]}
  - {name: N, values: [1, 2, 3]}
charging: {t_max: 2.0, samples: 3}
"""

LINE = """
name: line
parameters: {interaction: dicke, g: 0.25, m: 1, fock_dim: 5}
axes:
  - {name: N, values: [1, 2, 3, 4]}
charging: {t_max: 2.0}
"""


def unknowns(atoms, fock_dim):
    """How many numbers the state of a point with every kind of noise has."""
    return (atoms + 1) * (atoms + 2) * (atoms + 3) // 6 * fock_dim ** 2
