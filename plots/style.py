"""What all pictures have in common: colours that the colour-blind can tell apart (those of Okabe and
Ito), markers that tell the same without colour, and letters that can be read in the README."""

import os

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402  (a backend without a screen first)

GREEN, ORANGE, BLUE, RED = "#009E73", "#E69F00", "#0072B2", "#D55E00"
SKY, PINK, BLACK = "#56B4E9", "#CC79A7", "#000000"
COLOURS = [BLUE, ORANGE, GREEN, RED, PINK, SKY, BLACK]
MARKERS = ["o", "s", "^", "D", "v", "p", "X"]
DASHES = ["-", "--", ":", "-."]

# The paper's noise sets, with its colours and markers: green dots, yellow triangles, blue squares, red
# pentagons.
NOISE = {
    "none": {"color": GREEN, "marker": "o", "label": "no noise"},
    "cavity": {"color": ORANGE, "marker": "^", "label": r"$\kappa$"},
    "cavity+dephasing": {"color": BLUE, "marker": "s", "label": r"$\kappa,\ \gamma_\phi$"},
    "all": {"color": RED, "marker": "p", "label": r"$\kappa,\ \gamma_\phi,\ \gamma_\downarrow$"},
}
INTERACTION = {
    "dicke": {"color": BLUE, "label": "Dicke"},
    "tavis_cummings": {"color": GREEN, "label": "Tavis-Cummings"},
}

pyplot.rcParams.update({
    "font.size": 10,
    "axes.labelsize": 10.5,
    "axes.titlesize": 10.5,
    "legend.fontsize": 9,
    "lines.linewidth": 1.4,
    "lines.markersize": 4.5,
    "axes.grid": True,
    "grid.alpha": 0.25,
    "savefig.bbox": "tight",
    "savefig.pad_inches": 0.05,
    "figure.constrained_layout.use": True,
    "pdf.fonttype": 42,
})


def grid(rows, columns, height=2.4, width=7.4, **options):
    """A figure of the README's width with rows x columns panels, each `height` inches high."""
    return pyplot.subplots(rows, columns, figsize=(width, height * rows), squeeze=False, **options)


def rows_of_panels(rows, height=2.1, width=8.8):
    """A figure with rows of panels of equal width, a letter for each, and the panels by their letters."""
    figure = pyplot.figure(figsize=(width, height * len(rows)))
    panels = {}
    for strip, names in zip(figure.subfigures(len(rows), 1), rows):
        panels.update(zip(names, strip.subplots(1, len(names))))
    return figure, panels


def letter(axes, name, title=""):
    """Names a panel as the paper does."""
    axes.set_title(f"({name}) {title}" if title else f"({name})", loc="left")


def series_styles(count):
    """Colour, marker and dashes of each of `count` lines, no two alike. More than there are colours take theirs from
    a scale, along which neighbours are told apart by marker and dashes."""
    if count <= len(COLOURS):
        return [{"color": colour, "marker": marker} for colour, marker in zip(COLOURS[:count], MARKERS)]
    scale = matplotlib.colormaps["viridis"]
    # The end of the scale is too bright for white paper.
    return [{"color": matplotlib.colors.to_hex(scale(0.9 * k / (count - 1))), "marker": MARKERS[k % len(MARKERS)],
             "linestyle": DASHES[k % len(DASHES)]} for k in range(count)]


def legend_above(figure, axes, columns=4):
    """One legend for all panels, of what is drawn in `axes`."""
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=columns, frameon=False)


def save(figure, folder, name):
    """NAME.png, as wide as a README, and NAME.pdf; nothing in them depends on when they were made."""
    os.makedirs(folder, exist_ok=True)
    figure.savefig(os.path.join(folder, name + ".png"), dpi=110, metadata={"Software": None})
    figure.savefig(os.path.join(folder, name + ".pdf"), metadata={"CreationDate": None})
    pyplot.close(figure)
