"""What charging runs take in two versions of the program, over a map of random points, and how far their numbers
lie apart.

    map_charges.py OLD NEW [--points 60] [--seed 1] [--limit 60] [--out map.json]
    map_charges.py OLD NEW --again map.json [--out other.json]

OLD and NEW are programs. Draws points with coherent chargers, writes each as a sweep file of its own, and lets both
programs compute it in turns, each run a process of its own; of the repeats of a short point the fastest counts. The
times are processor time, user and system, less what a trivial point takes, which is the start of MPI and PETSc. The
numbers are compared in units of the point's tolerance: energies, ergotropies, photon numbers times omega_c and powers
times the time, of the samples too. Times of maxima, and what is stored for these times, are not: of maxima that are
equal within the tolerance either may be the first.

A point that OLD would need more than the limit for, by its `plan` or in fact, is drawn again. What fails with OLD is
noted apart. --again measures the points of an earlier map: the same ones, whatever `plan` says today."""

import argparse
import datetime
import hashlib
import json
import math
import os
import platform
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

import h5py
import numpy as np

import measure
from measure_plan import log_uniform, text_of

INTERACTIONS = ["dicke", "tavis_cummings"]
RATES = ["kappa", "gamma_down", "gamma_phi"]
# A draw costs a process or two; what `plan` says is within a factor of 3.
MOST_DRAWS = 40
PLANNED_PART = 0.5  # of the limit

# A point is computed this often by each program, but not again once so many seconds have gone into it.
REPEATS = 5
LONG_ENOUGH = 2.0
# How much longer than OLD may take NEW may take.
PATIENCE = 4

UNITS = {"s": 1, "min": 60, "h": 3600, "days": 86400, "d": 86400, "years": 3.2e7}


class Drawn(NamedTuple):
    parameters: dict
    charging: dict

    def text(self):
        return text_of(self.parameters, {"charging": self.charging})

    def __str__(self):
        of = self.parameters
        noise = "".join(f" {rate} {of[rate]:g}" for rate in RATES if rate in of) or " no noise"
        return (f"{'D ' if of['interaction'] == 'dicke' else 'TC'} N {of['N']:2} m {of['m']:5g} g/gc "
                f"{of['g_over_gc']:5g} r {of['detuning_ratio']:5g} levels {of['fock_dim']!s:5} t_max "
                f"{self.charging['t_max']:5g} tol {self.charging['tolerance']:7.1e}{noise}")


def draw(source, interaction, atoms, noisy):
    """A point of this kind; what makes it long or short is drawn."""
    m = round(source.uniform(0, 5 * atoms), 2)
    parameters = {"interaction": interaction, "N": atoms, "m": m,
                  "g_over_gc": round(source.uniform(0.05, 2.0), 3),
                  "detuning_ratio": log_uniform(source, 0.5, 2) if source.random() < 0.5 else 1.0,
                  "fock_dim": source.choice(["auto", "paper", math.ceil(m) + source.randint(8, 30)])}
    parameters |= {rate: log_uniform(source, 1e-3, 3) for rate in noisy}
    charging = {"t_max": log_uniform(source, 5, 200), "samples": 51,
                "tolerance": log_uniform(source, 1e-10, 1e-4)}
    return Drawn(parameters, charging)


def write_sweep(folder, point):
    path = os.path.join(folder, "point.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(point.text())
    return path


def planned_seconds(program, path):
    """What `plan` says of the sweep file; infinite for what it refuses, or gives up."""
    done = subprocess.run([program, "plan", path], env=measure.ENVIRONMENT, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    found = re.search(r"^time +(?:about|over) (.*?) on one core", done.stdout, re.MULTILINE)
    if done.returncode != 0 or not found or "\nrefused" in done.stdout:
        return math.inf
    return sum(float(number) * UNITS[unit] for number, unit in re.findall(r"([\d.]+) ([a-z]+)", found[1]))


class Run(NamedTuple):
    cpu: float      # seconds
    outcome: str    # "done", "failed" or "ended" at the limit
    reason: str     # why it failed
    numbers: dict   # the archive's datasets


def compute(program, path, limit):
    """One run of a program, in the folder of the sweep file."""
    def leave_time():
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    folder = os.path.dirname(path)
    archive = os.path.join(folder, "out.h5")
    for name in os.listdir(folder):
        if name.startswith("out.h5"):
            os.remove(os.path.join(folder, name))
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen([program, "run", path, "-o", archive], env=measure.ENVIRONMENT, cwd=folder,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors,
                                   preexec_fn=leave_time)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        said = errors.read().decode(errors="replace")
    cpu = used.ru_utime + used.ru_stime
    if process.returncode == 0:
        with h5py.File(archive, "r") as file:
            return Run(cpu, "done", "", {name: dataset[()] for name, dataset in file.items()})
    if process.returncode < 0 or cpu >= limit:  # SIGXCPU is among the signals that `run` stops for
        return Run(cpu, "ended", "", {})
    return Run(cpu, "failed", failure(archive) or said.strip().splitlines()[-1], {})


def failure(archive):
    """The reason that a run noted beside the archive."""
    try:
        with open(archive + ".failures.jsonl", encoding="utf-8") as file:
            return json.loads(file.readlines()[-1])["message"]
    except (OSError, IndexError, KeyError):
        return ""


def measure_point(programs, path, limit):
    """Both programs in turns: what OLD and NEW took and found. Nothing of NEW if OLD was ended."""
    runs = [[], []]
    while True:
        for which, program in enumerate(programs):
            run = compute(program, path, limit if which == 0 else PATIENCE * limit)
            runs[which].append(run)
            if run.outcome == "ended" and which == 0:
                return run, None
        spent = max(sum(run.cpu for run in of) for of in runs)
        if len(runs[0]) == REPEATS or spent > LONG_ENOUGH or any(of[-1].outcome != "done" for of in runs):
            return [min(of, key=lambda run: run.cpu) for of in runs]


def difference(first, second, point):
    """How far the numbers of two runs lie apart, in units of the tolerance, and the dataset where they are."""
    omega_c = float(first["point_omega_c"])
    scales = {name: 1.0 for name in ("ergotropy_max", "battery_energy_max", "battery_energy", "interaction_energy",
                                     "total_energy", "ergotropy")}
    scales["photon_number"] = omega_c
    scales["power_energy_max"] = first["tau_power_energy_max"]
    scales["power_ergotropy_max"] = first["tau_power_ergotropy_max"]
    largest = {name: float(np.max(np.abs(first[name] - second[name]) * scale)) / point.charging["tolerance"]
               for name, scale in scales.items()}
    worst = max(largest, key=lambda name: math.inf if math.isnan(largest[name]) else largest[name])
    return largest[worst], worst


def start_seconds(program, folder):
    """What a trivial point takes."""
    path = write_sweep(folder, Drawn({"interaction": "dicke", "N": 1, "g": 0.1, "m": 0, "fock_dim": 2},
                                     {"t_max": 0.1, "samples": 51}))
    return min(compute(program, path, 60).cpu for _ in range(REPEATS))


def kinds_of_points(count):
    """Interactions, numbers of atoms and noise, evenly spread over the points."""
    for number in range(count):
        noisy = [rate for bit, rate in enumerate(RATES) if number // 2 % 8 >> bit & 1]
        yield INTERACTIONS[number % 2], 2 + number * 7 % 15, noisy


def drawn_points(program, options, folder):
    """Points that `program` should be able to compute within the limit, each with its path; a point for which a
    true value is sent back is drawn again."""
    source = random.Random(options.seed)
    for interaction, atoms, noisy in kinds_of_points(options.points):
        draws = 0
        while True:
            draws += 1
            # What no draw brings within the limit is too large.
            fewer = max(2, atoms - draws // MOST_DRAWS)
            point = draw(source, interaction, fewer, noisy)
            path = write_sweep(folder, point)
            if planned_seconds(program, path) <= PLANNED_PART * options.limit and not (yield point, path):
                break


def earlier_points(file_name, folder):
    with open(file_name, encoding="utf-8") as file:
        for row in json.load(file)["rows"]:
            point = Drawn(row["parameters"], row["charging"])
            yield point, write_sweep(folder, point)


def row_of(point, old, new, starts):
    """One point as it is stored."""
    row = {"parameters": point.parameters, "charging": point.charging}
    for name, run, start in zip(("old", "new"), (old, new), starts):
        row[name] = {"outcome": run.outcome, "process_seconds": run.cpu, "seconds": max(run.cpu - start, 1e-3)}
        if run.outcome == "done":
            row[name] |= {"fock_dim": int(run.numbers["point_fock_dim"]),
                          "unknowns": int(run.numbers["point_unknowns"]),
                          "operator_applications": int(run.numbers["operator_applications"])}
        if run.reason:
            row[name]["reason"] = run.reason
    if old.outcome == new.outcome == "done":
        row["ratio"] = row["old"]["seconds"] / row["new"]["seconds"]
        apart, where = difference(old.numbers, new.numbers, point)
        row |= {"difference": apart if math.isfinite(apart) else repr(apart), "difference_in": where}
    return row


def print_row(number, point, row):
    old, new = row["old"], row["new"]
    marks = "".join(f"  {name} {found['outcome']}: {found.get('reason', '')[:90]}"
                    for name, found in (("OLD", old), ("NEW", new)) if found["outcome"] != "done")
    ratio = f"{row['ratio']:6.2f}" if "ratio" in row else "     -"
    apart = f"{float(row['difference']):8.2g} {row['difference_in']}" if "difference" in row else marks
    print(f"{number:3}  {old['seconds']:8.3f}  {new['seconds']:8.3f}  {ratio}  {str(point):128}  {apart}", flush=True)


def print_summary(rows):
    both = [row for row in rows if row["old"]["outcome"] == row["new"]["outcome"] == "done"]
    if both:
        ratios = sorted(row["ratio"] for row in both)
        total = [sum(row[name]["seconds"] for row in both) for name in ("old", "new")]
        mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
        print(f"{len(both)} points done by both: old {total[0]:.1f} s, new {total[1]:.1f} s, ratio "
              f"{total[0] / total[1]:.2f}; ratios of points {ratios[0]:.2f} to {ratios[-1]:.2f}, median "
              f"{ratios[len(ratios) // 2]:.2f}, geometric mean {mean:.2f}")
        worst = max(both, key=lambda row: float(row["difference"]))
        print(f"largest difference {float(worst['difference']):.2g} tolerances, in {worst['difference_in']} of point "
              f"{rows.index(worst)}")
    for name, others in ("old", "new"), ("new", "old"):
        lost = [number for number, row in enumerate(rows) if row[name]["outcome"] != "done"]
        if lost:
            print(f"{len(lost)} not done by {name}, {sum(rows[i][others]['outcome'] == 'done' for i in lost)} of them "
                  f"done by {others}: points {', '.join(map(str, lost))}")


def describe(program):
    with open(program, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    return {"version": measure.run([program, "--version"]).output.strip(), "sha256": digest}


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        found = re.search(r"^model name\s*: (.*)$", file.read(), re.MULTILINE)
    return found[1] if found else platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old", metavar="OLD", help="the program to compare with")
    parser.add_argument("new", metavar="NEW", help="the program to look at")
    parser.add_argument("--points", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, default=60, help="seconds of processor time OLD may take for a point")
    parser.add_argument("--again", metavar="FILE.json", help="measure the points of an earlier map")
    parser.add_argument("--out", metavar="FILE.json", help="where to write the results")
    options = parser.parse_args()
    programs = [os.path.abspath(options.old), os.path.abspath(options.new)]

    began, load = time.monotonic(), measure.load_text()
    found = {"made_by": "tests/benchmark/map_charges.py",
             "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
             "old": describe(programs[0]), "new": describe(programs[1]), "processor": processor(),
             "seed": options.seed, "limit": options.limit, "load_before": load}
    rows, drawn_again = [], []
    with tempfile.TemporaryDirectory(prefix="qbsweep-map-") as folder:
        starts = [start_seconds(program, folder) for program in programs]
        print(f"{load}; a trivial point takes {starts[0]:.3f} s and {starts[1]:.3f} s, which is taken off")
        print(f"       old s     new s   ratio  {'point':128}  difference/tolerance")
        points = (earlier_points(options.again, folder) if options.again
                  else drawn_points(programs[0], options, folder))
        again = None
        while True:
            try:
                point, path = points.send(again)
            except StopIteration:
                break
            old, new = measure_point(programs, path, options.limit)
            again = new is None and not options.again
            if again:
                drawn_again.append(point.text())
                print(f"drawn again, as OLD was ended: {point}", file=sys.stderr)
            if new is None:
                continue
            rows.append(row_of(point, old, new, starts))
            print_row(len(rows) - 1, point, rows[-1])
            if options.out:
                with open(options.out, "w", encoding="utf-8") as file:
                    json.dump(found | {"start_seconds": starts, "load_after": measure.load_text(), "rows": rows,
                                       "ended_with_old": drawn_again}, file, indent=1)
                    file.write("\n")
    print_summary(rows)
    print(f"{measure.load_text()}; all of it took {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
