"""How far the seconds that `plan` predicts lie from what points take, in processor time, for random points
of every kind.

    measure_plan.py BUILD [--points 200] [--seed 1] [--limit 20] [--out plan.json]
    measure_plan.py BUILD --again plan.json [--out other.json]
    measure_plan.py --draw plan.json

Draws points, writes each as a sweep file of its own and has measure_points predict and compute it in one
process. A point that takes more processor time than the limit is ended, and counts with the limit: the
prediction is then too high by less than it seems, or too low by more. Prints a histogram of predicted over
actual and a table by kind, and with --out writes everything into plan.json and the picture into plan.png
beside it.

The points of one seed are the same ones whatever is measured, so that two versions can be compared. --again
predicts the points of an earlier measurement with this build, and computes nothing: for another calibration."""

import argparse
import json
import math
import os
import random
import resource
import subprocess
import sys
import tempfile

import measure

# Ways in which a charging run or a steady state is asked for. Each makes the text of a sweep file.
NOISE = ["none", "loss", "all", "decay", "dephasing"]


def log_uniform(source, low, high):
    return float(f"{10 ** source.uniform(math.log10(low), math.log10(high)):.4g}")


def noise_of(source, kind, low, high):
    rates = {"none": [], "loss": ["kappa"], "all": ["kappa", "gamma_down", "gamma_phi"],
             "decay": ["kappa", "gamma_down"], "dephasing": ["gamma_phi"]}[kind]
    return {name: log_uniform(source, low, high) for name in rates}


def text_of(parameters, sections):
    lines = ["name: point", "parameters:"]
    lines += [f"  {key}: {value}" for key, value in parameters.items()]
    lines += [f"{name}: {{{', '.join(f'{key}: {value}' for key, value in keys.items())}}}"
              for name, keys in sections.items()]
    return "\n".join(lines) + "\n"


def draw_charge(source):
    """A charging run that takes up to some seconds."""
    interaction = source.choice(["dicke", "tavis_cummings"])
    dicke = interaction == "dicke"
    noise = source.choice(NOISE)
    local = noise in ("all", "decay", "dephasing")
    charger = source.choice(["coherent", "fock"])
    levels = source.choice(["auto", "auto", "fixed"])
    most_atoms = {(True, True): 6, (True, False): 16, (False, True): 9, (False, False): 24}[dicke, local]
    N = max(1, round(log_uniform(source, 1, most_atoms)))
    m = source.randint(0, 2 * N) if charger == "fock" else round(source.uniform(0, 2 * N), 2)
    parameters = {"interaction": interaction, "N": N, "charger": charger, "m": m}
    if source.random() < 0.2:
        parameters["coupling_scaling"] = "bare"
        parameters["g_over_gc"] = round(source.uniform(0.05, 1.0), 3)
    else:
        parameters["g_over_gc"] = round(source.uniform(0.05, 3.0 if N < 13 else 1.5), 3)
    if source.random() < 0.3:
        parameters["detuning_ratio"] = log_uniform(source, 0.5, 2)
    parameters |= noise_of(source, noise, 1e-4, 1)
    parameters["fock_dim"] = levels if levels == "auto" else source.randint(
        int(m) + 2, max(int(m) + 3, int(4 * m) + 12))
    charging = {"t_max": log_uniform(source, 1, 50), "samples": source.choice([0, 101, 401]),
                "tolerance": log_uniform(source, 1e-10, 1e-6)}
    kind = f"charge, {'Dicke' if dicke else 'TC'}, {'local noise' if local else 'no local noise'}, " + (
        "auto levels" if levels == "auto" else "fixed levels")
    return kind, text_of(parameters, {"charging": charging})


def draw_steady_state(source):
    """A steady state; from strong noise down to rates that leave almost no gap."""
    interaction = source.choice(["dicke", "dicke", "dicke", "tavis_cummings"])
    method = source.choice(["auto", "auto", "shift_invert", "gmres", "propagator"])
    gap = source.random() < 0.4
    levels = source.choice(["auto", "fixed"])
    noise = source.choice(["all", "all", "decay", "loss"])
    weakest = source.choice([0.1, 0.01, 0.01, 1e-6])
    N = source.randint(1, 4)
    parameters = {"interaction": interaction, "N": N,
                  "g_over_gc": round(source.uniform(0.05, 1.5 if levels == "auto" else 3.0), 3)}
    if source.random() < 0.3:
        parameters["detuning_ratio"] = log_uniform(source, 0.5, 2)
    parameters |= noise_of(source, noise, weakest, 1)
    parameters["kappa"] = log_uniform(source, 0.05, 1)
    parameters["fock_dim"] = "auto" if levels == "auto" else source.randint(4, 20)
    section = {"method": method, "gap": str(gap).lower(), "tolerance": log_uniform(source, 1e-10, 1e-8)}
    kind = f"steady state, {method}" + (", gap" if gap else "")
    return kind, text_of(parameters, {"steady_state": section})


def draw_points(count, seed):
    source = random.Random(seed)
    return [(draw_charge if source.random() < 0.6 else draw_steady_state)(source) for _ in range(count)]


def compute(program, path, limit):
    """What measure_points says of the sweep file, as a dictionary."""
    def leave_time():
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    done = subprocess.run([program, path], env=measure.ENVIRONMENT, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          preexec_fn=leave_time)
    line = done.stdout.splitlines()[0] if done.stdout else ""
    if done.returncode == 0:
        return json.loads(line)
    if not line:
        return {"failed": (done.stderr.strip().splitlines() or ["no answer"])[-1]}
    return json.loads(line.rstrip("}") + "}") | {"actual": float(limit), "ended": True}


def measure_all(build, points, limit, save):
    program = os.path.join(build, "tests/benchmark/measure_points")
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (kind, text) in enumerate(points):
            path = os.path.join(folder, "point.yaml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            found = {"number": number, "kind": kind, "sweep": text} | compute(program, path, limit)
            results.append(found)
            if sys.stderr.isatty() or number % 10 == 9:
                print(f"{number + 1} of {len(points)}", file=sys.stderr)
            save(results)
    return results


def predict_again(build, results):
    program = os.path.join(build, "tests/benchmark/measure_points")
    with tempfile.TemporaryDirectory() as folder:
        for found in results:
            path = os.path.join(folder, "point.yaml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(found["sweep"])
            done = subprocess.run([program, path, "predict"], env=measure.ENVIRONMENT, check=True,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
            found |= json.loads(done.stdout)
    return results


def ratios_of(results):
    """Predicted over actual of the points that were computed to their end, or ended at the limit."""
    return [found["predicted"] / found["actual"] for found in results
            if "actual" in found and "failed" not in found
            and not (found.get("ended") and found["predicted"] > found["actual"])]


def within(ratios, factor=3.0):
    return sum(1 / factor <= ratio <= factor for ratio in ratios) / max(len(ratios), 1)


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def print_table(results):
    print(f"{'kind':54} points  within 3x  median  lowest  highest")
    kinds = sorted({found["kind"] for found in results})
    for kind in ["charge", "steady state", *kinds, ""]:
        chosen = [found for found in results if found["kind"].startswith(kind)]
        ratios = ratios_of(chosen)
        if ratios:
            print(f"{kind or 'all':54} {len(ratios):6}  {within(ratios):8.0%}  {quantile(ratios, 0.5):7.2f}"
                  f"  {min(ratios):7.2g}  {max(ratios):7.2g}")
    failed = [found for found in results if "failed" in found]
    ended = [found for found in results if found.get("ended") and found["predicted"] > found["actual"]]
    print(f"{len(failed)} failed; {len(ended)} were ended at the limit, as predicted, and are not counted")
    print(f"predicting took {max(found.get('predicting', 0.0) for found in results):.2g} s at most")


def print_histogram(results):
    ratios = ratios_of(results)
    edges = [0, 0.01, 0.1, 1 / 3, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 10.0, 100.0, math.inf]
    for low, high in zip(edges, edges[1:]):
        count = sum(low <= ratio < high for ratio in ratios)
        print(f"{low:6.2f} to {high:6.2f}  {count:4}  {'#' * count}")


def draw(results, path):
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4))
    bins = [10 ** (power / 6) for power in range(-18, 19)]
    groups = {name: ratios_of([found for found in results if found["kind"].startswith(name)])
              for name in ("charge", "steady state")}
    clipped = {name: [min(max(ratio, bins[0]), 0.999 * bins[-1]) for ratio in ratios]
               for name, ratios in groups.items()}
    axes.hist(list(clipped.values()), bins=bins, stacked=True,
              label=[f"{name} ({len(ratios)})" for name, ratios in groups.items()])
    for edge in (1 / 3, 3):
        axes.axvline(edge, color="black", linestyle="--", linewidth=1)
    everything = ratios_of(results)
    axes.set_title(f"{len(everything)} random points, {within(everything):.0%} within a factor of 3")
    axes.set_xscale("log")
    axes.set_xlabel("predicted over actual processor time")
    axes.set_ylabel("points")
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=150)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", nargs="?", metavar="BUILD", help="the build folder")
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, default=20, help="seconds of processor time a point may take")
    parser.add_argument("--out", metavar="FILE.json", help="where to write the results")
    parser.add_argument("--again", metavar="FILE.json", help="predict what was measured earlier")
    parser.add_argument("--draw", metavar="FILE.json", help="tell and draw what was measured earlier")
    options = parser.parse_args()
    path = options.draw or options.out

    def save(results):
        if options.out:
            with open(options.out, "w", encoding="utf-8") as file:
                json.dump(results, file, indent=1)
                file.write("\n")

    if options.draw:
        with open(options.draw, encoding="utf-8") as file:
            results = json.load(file)
    elif options.build and options.again:
        with open(options.again, encoding="utf-8") as file:
            results = predict_again(options.build, json.load(file))
        save(results)
    elif options.build:
        results = measure_all(options.build, draw_points(options.points, options.seed), options.limit, save)
    else:
        parser.error("give a build folder, or --draw")
    print_table(results)
    print()
    print_histogram(results)
    if path:
        draw(results, os.path.splitext(path)[0] + ".png")


if __name__ == "__main__":
    main()
