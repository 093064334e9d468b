"""How time and memory of a charging run grow with the number of atoms.

Charges batteries of 4 to 140 atoms by `qbsweep run`, on one core and each in a process of its own; prints a
Markdown table, writes growth.json and draws growth.png. See README.md."""

import argparse
import json
import math
import os
import re
import sys
import tempfile

from measure import keep_to_one_core, load_text, run
from noisy_battery import Battery, charge

HERE = os.path.dirname(os.path.abspath(__file__))
README = os.path.join(HERE, "..", "..", "README.md")

# Interaction, charger, numbers of atoms.
SERIES = (
    ("dicke", "coherent", (4, 6, 8, 10, 12, 16, 20, 24, 30)),
    ("tavis_cummings", "coherent", (4, 6, 8, 10, 12, 16, 20, 24, 30)),
    ("tavis_cummings", "fock", (10, 20, 40, 80, 140)),
)
NAMES = {("dicke", "coherent"): "Dicke, coherent",
         ("tavis_cummings", "coherent"): "Tavis-Cummings, coherent",
         ("tavis_cummings", "fock"): "Tavis-Cummings, Fock"}

# What exponents are fitted to: where the growth is not hidden by constant costs.
FIT_FROM = 8  # atoms
FIT_ABOVE_ALONE = 1.25  # peak memory, in units of the program's alone
# The memory of a process with a single atom is that of the program, and of the libraries, alone.
ALONE = Battery("dicke", 1)


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        found = re.search(r"^model name\s*: (.*)$", file.read(), re.MULTILINE)
    return found[1] if found else "unknown processor"


def save(numbers, folder):
    with open(os.path.join(folder, "growth.json"), "w", encoding="utf-8") as file:
        json.dump(numbers, file, indent=1)
        file.write("\n")


def measure(program, sizes, output):
    """Measures the batteries, those of `sizes` only if any are given. What was measured so far is in the
    folder `output`, in case a long run is cut short."""
    numbers = {"program": run([program, "--version"]).output.split(",")[0], "processor": processor(),
               "points": []}
    with tempfile.TemporaryDirectory(prefix="qbsweep-benchmark-") as folder:
        numbers["bytes_alone"] = charge(program, ALONE, folder).peak
        for interaction, charger, all_sizes in SERIES:
            for N in (N for N in all_sizes if not sizes or N in sizes):
                battery = Battery(interaction, N, charger)
                print(f"{battery} ...", file=sys.stderr, flush=True)
                took = charge(program, battery, folder)
                numbers["points"].append({
                    "interaction": interaction, "charger": charger, "N": N,
                    "fock_dim": int(took.row["point_fock_dim"]),
                    "unknowns": int(took.row["point_unknowns"]),
                    "operator_applications": int(took.row["operator_applications"]),
                    "seconds": took.seconds, "bytes": took.peak})
                save(numbers, output)
    return numbers


def series_of(numbers):
    """The name and the points of every series that has any."""
    for key, name in NAMES.items():
        points = [point for point in numbers["points"] if (point["interaction"], point["charger"]) == key]
        if points:
            yield name, points


def exponent(costs):
    """p of the power law cost ~ N^p, fitted to pairs (N, cost) by least squares on the logarithms; as text,
    none if there are fewer than two pairs."""
    if len(costs) < 2:
        return ""
    logarithms = [(math.log(N), math.log(cost)) for N, cost in costs]
    mean_x, mean_y = (sum(values) / len(costs) for values in zip(*logarithms))
    p = (sum((x - mean_x) * (y - mean_y) for x, y in logarithms)
         / sum((x - mean_x) ** 2 for x, _ in logarithms))
    return f"{p:.1f}"


def exponent_of_time(points):
    return exponent([(point["N"], point["seconds"]) for point in points if point["N"] >= FIT_FROM])


def exponent_of_memory(points, alone):
    """Of what a process takes more than the program alone."""
    return exponent([(point["N"], point["bytes"] - alone) for point in points
                     if point["N"] >= FIT_FROM and point["bytes"] >= FIT_ABOVE_ALONE * alone])


def significant(value):
    """Three digits that count, and no exponent."""
    return f"{value:.{max(0, 2 - math.floor(math.log10(value)))}f}"


def markdown(numbers):
    alone = numbers["bytes_alone"]
    powers = ["| battery | p of time ~ N^p | p of memory ~ N^p |", "| --- | ---: | ---: |"]
    rows = ["| battery | N | fock_dim | unknowns | operator applications | seconds | MiB |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for name, points in series_of(numbers):
        powers.append(f"| {name} | {exponent_of_time(points) or '-'} "
                      f"| {exponent_of_memory(points, alone) or '-'} |")
        rows += [f"| {name} | {point['N']} | {point['fock_dim']} | {point['unknowns']:,} "
                 f"| {point['operator_applications']:,} | {significant(point['seconds'])} "
                 f"| {point['bytes'] / 2**20:.0f} |" for point in points]
    fits = (f"Least squares on the logarithms, N >= {FIT_FROM} only; of memory what is above the "
            f"{alone / 2**20:.0f} MiB that the program takes alone, where both together are at least "
            f"{FIT_ABOVE_ALONE} times as much. Measured with {numbers['program']} on one core of a machine "
            f"with {numbers['processor']}.")
    return "\n".join([*powers, "", fits, "", *rows])


# How a series looks, and where its label stands: at which of its points, shifted by so many typographical
# points. The first series is the uppermost, the last one the lowermost.
LOOKS = {"Dicke, coherent": ("#0072B2", "o", -1, (-12, 4), "right"),
         "Tavis-Cummings, coherent": ("#D55E00", "s", -1, (10, 8), "left"),
         "Tavis-Cummings, Fock": ("#009E73", "^", -2, (14, -10), "left")}


def draw(numbers, picture):
    import matplotlib  # late: see measure.py
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from matplotlib.ticker import FuncFormatter, NullFormatter, NullLocator

    alone = numbers["bytes_alone"]
    plt.rcParams.update({"font.size": 10, "axes.spines.top": False, "axes.spines.right": False})
    figure, (time, memory) = plt.subplots(2, 1, figsize=(8, 6.4), sharex=True, layout="constrained")
    memory.axhline(alone / 2**20, color="#777777", linewidth=1, linestyle=":")
    memory.annotate("the program alone", (1, alone / 2**20), xycoords=("axes fraction", "data"),
                    xytext=(0, -4), textcoords="offset points", ha="right", va="top", color="#555555")
    for name, points in series_of(numbers):
        colour, marker, labelled, shift, side = LOOKS[name]
        labelled = max(labelled, -len(points))
        for panel, costs, p in (
                (time, [point["seconds"] for point in points], exponent_of_time(points)),
                (memory, [point["bytes"] / 2**20 for point in points], exponent_of_memory(points, alone))):
            sizes = [point["N"] for point in points]
            panel.plot(sizes, costs, color=colour, marker=marker, markersize=5, linewidth=1.6)
            law = rf"$\propto N^{{{p}}}$" if p else ""
            lines = name.replace(", ", ",\n")
            panel.annotate(f"{lines} {law}", (sizes[labelled], costs[labelled]), xytext=shift,
                           textcoords="offset points", ha=side, va="center", color=colour)
    for panel, title in (time, "Time of a charging run (s)"), (memory, "Peak memory of the process (MiB)"):
        panel.set_title(title, loc="left", fontsize=11)
        panel.set(xscale="log", yscale="log", xticks=[4, 6, 8, 10, 12, 16, 20, 30, 40, 60, 80, 140])
        panel.margins(y=0.12)
        panel.xaxis.set_minor_locator(NullLocator())
        panel.yaxis.set_minor_formatter(NullFormatter())
        for axis in panel.xaxis, panel.yaxis:
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
        panel.grid(color="#dddddd", linewidth=0.6)
        panel.set_axisbelow(True)
    memory.set_xlabel("number of atoms N")
    figure.savefig(picture, dpi=200)


def update_readme(text):
    """Puts `text` between the two markers of the project's README."""
    with open(README, encoding="utf-8") as file:
        readme = file.read()
    begin, end = "<!-- growth: begin -->\n", "<!-- growth: end -->\n"
    if readme.count(begin) != 1 or readme.count(end) != 1:
        sys.exit(f"README.md: found no pair of lines {begin.strip()} and {end.strip()}")
    head, rest = readme.split(begin)
    with open(README, "w", encoding="utf-8") as file:
        file.write(head + begin + text + end + rest.split(end)[1])


def main():
    arguments = argparse.ArgumentParser(description=__doc__,
                                        formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("build", metavar="BUILD", nargs="?", help="the build folder")
    arguments.add_argument("--out", metavar="FOLDER", default=".", help="for the files (default: this one)")
    arguments.add_argument("--only-N", metavar="N", type=int, nargs="+", help="only these numbers of atoms")
    arguments.add_argument("--draw", metavar="growth.json", help="measure nothing: numbers are in this file")
    arguments.add_argument("--update-readme", action="store_true",
                           help="the files are those of the project's README, which gets the table too")
    given = arguments.parse_args()
    if (given.build is None) == (given.draw is None):
        arguments.error("give either BUILD or --draw growth.json")
    folder = HERE if given.update_readme else given.out

    if given.draw:
        with open(given.draw, encoding="utf-8") as file:
            numbers = json.load(file)
    else:
        keep_to_one_core()
        print(load_text(), file=sys.stderr, flush=True)
        numbers = measure(os.path.join(given.build, "src", "qbsweep"), given.only_N, folder)
        print(load_text(), file=sys.stderr)
    save(numbers, folder)
    draw(numbers, os.path.join(folder, "growth.png"))
    table = markdown(numbers)
    print(table)
    if given.update_readme:
        update_readme(f"![Time and memory of a charging run against N](tests/benchmark/growth.png)\n\n{table}\n")


if __name__ == "__main__":
    main()
