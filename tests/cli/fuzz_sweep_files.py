"""Mutated sweep files through `validate` and `plan`, by a seed.

    fuzz_sweep_files.py [FILES] [SEED] [--keep FOLDER]

Makes FILES sweep files (5000 unless given) from those of inputs/ and from others with every key that there
is, and asks both commands about each. Every answer must come within 2 s of processor time and 1 GiB of
memory: exit code 0 with something on the standard output, or 1 with one line on the standard error and
nothing else; what `validate` accepts `plan` must accept, and no number of a plan may be infinite or none.

The commands run in forked children of one process (answer_many, which calls what main() calls), because a
start of the program takes 0.1 s; every 50th file is also given to the program itself, whose answer must be
the same. The environment names both (QBSWEEP_ANSWER_MANY, QBSWEEP) and the checkout (QBSWEEP_SOURCE_DIR)."""

import argparse
import glob
import json
import os
import random
import re
import subprocess
import sys
import tempfile

MOST_SECONDS = 2.0
MOST_BYTES = 2 ** 30

WORDS = {
    "interaction": ["dicke", "tavis_cummings"], "coupling_scaling": ["sqrt_n", "bare"],
    "initial_state": ["charged_cavity", "ground_state"], "charger": ["coherent", "fock"],
    "fock_dim": ["paper", "auto"], "method": ["auto", "shift_invert", "propagator", "gmres"],
    "gap": ["true", "false"],
}
NUMBERS = ["N", "g", "g_over_gc", "omega_0", "omega_c", "detuning_ratio", "kappa", "gamma_down", "gamma_phi",
           "m", "m_per_n", "fock_dim"]
TOP_LEVEL = ["name", "description", "parameters", "axes", "charging", "steady_state", "ranks_per_point"]
SETTINGS = {"charging": ["t_max", "samples", "tolerance"], "steady_state": ["method", "gap", "tolerance"]}
AXIS_KEYS = ["name", "values", "range", "linspace", "logspace", "labels", "from", "to", "step", "count"]
EVERY_KEY = sorted({*WORDS, *NUMBERS, *TOP_LEVEL, *AXIS_KEYS, *sum(SETTINGS.values(), [])})

EXTREMES = """0 -0 1 -1 2 3 0.5 1.5 -0.1 7 10 12 100 999 1000 1001 319093 99999 100000 100001 1000000 1e6 1e-6 1e7 1e9
    1e15 1e16 1e18 1e-13 1e-2 1e-100 1e100 1.0000001e100 9.9e-101 1e308 1e309 1e-308 5e-324 1e400 1e-400 -1e400
    2147483647 2147483648 -2147483648 9223372036854775807 9223372036854775808 18446744073709551616
    123456789012345678901234567890 0.1000000000000000055511151231257827 .nan nan NaN .inf inf -inf Infinity
    0x10 0o17 1_000 +5 +-5 5. .5 1e 1e+ e5 1.2.3 1,5 0,5 007 ~ null true yes off "" '1' "0.5" !!int 3
    2026-01-01 1:30""".split()

SEEDS = ["""name: every_key
description: all there is
ranks_per_point: auto
parameters:
  interaction: dicke
  coupling_scaling: bare
  omega_0: 1.0
  detuning_ratio: 0.9
  kappa: 0.1
  gamma_phi: 0.05
  initial_state: charged_cavity
  charger: fock
  fock_dim: auto
axes:
  - {name: noise, labels: [weak, strong], values: {gamma_down: [0.01, 0.5], m_per_n: [1, 2]}}
  - {name: N, range: {from: 1, to: 4, step: 1}}
  - {name: g_over_gc, linspace: {from: 0.1, to: 2.0, count: 4}}
charging: {t_max: 20.0, samples: 101, tolerance: 1.0e-9}
steady_state: {method: gmres, gap: true, tolerance: 1.0e-10}
""", """name: small_rates
parameters: {interaction: dicke, N: 4, kappa: 0.3, g: 0.9, fock_dim: 24}
axes:
  - name: gamma_down
    logspace:
      from: 3.0e-8
      to: 0.1
      count: 8
steady_state:
  gap: true
""", """name: bare
parameters: {interaction: dicke, coupling_scaling: bare, charger: fock, m: 12, N: 12, fock_dim: auto}
axes: [{name: g, values: [0.2, 0.5, 1.0, 2.0]}]
charging: {t_max: 10}
""", """name: ground
parameters: {interaction: tavis_cummings, N: 8, g: 1.2, omega_c: 0.8, initial_state: ground_state, fock_dim: auto}
axes: [{name: gamma_down, values: [0.0, 0.1]}, {name: gamma_phi, values: [0, 0.2]}]
charging: {}
steady_state: {method: auto}
"""]

# What has gone wrong once, or might.
KNOWN = [
    # plan took over 20 s
    "name: x\nparameters: {interaction: dicke, N: 4, g_over_gc: 319093, m: 4, fock_dim: auto}\ncharging: {t_max: 10}\n",
    # plan took 4 minutes
    "name: x\nparameters: {interaction: dicke, coupling_scaling: bare, charger: fock, m: 12, N: 12, kappa: 0.1, "
    "fock_dim: auto}\naxes: [{name: g, linspace: {from: 0.2, to: 2.0, count: 10}}]\ncharging: {t_max: 20}\n",
    # a stiff decay
    "name: x\nparameters: {interaction: dicke, N: 1, g: 1, m: 1, kappa: 1e8, fock_dim: 3}\ncharging: {t_max: 1}\n",
    # everything as large as it may be
    "name: x\nparameters: {interaction: dicke, N: 1000, g: 1e100, m: 24999, omega_0: 1e100, omega_c: 1e100, "
    "kappa: 1e100, gamma_down: 1e100, gamma_phi: 1e100, fock_dim: 100000}\ncharging: {t_max: 1e100, "
    "samples: 10000000, tolerance: 1e-13}\nsteady_state: {gap: true, method: propagator}\n",
    "name: x\nparameters: {interaction: tavis_cummings, N: 1000, g: 1e-100, m: 99999, charger: fock, omega_0: 1e-100, "
    "kappa: 1e-100, fock_dim: auto}\ncharging: {t_max: 1e100}\nsteady_state: {gap: true}\n",
    # 100,000 points of many kinds
    "name: x\nparameters: {interaction: dicke, kappa: 0.1, m_per_n: 1, fock_dim: auto}\n"
    "axes: [{name: N, range: {from: 1, to: 100, step: 1}}, {name: g, linspace: {from: 0.1, to: 3, count: 100}}, "
    "{name: gamma_down, logspace: {from: 1e-6, to: 10, count: 10}}]\ncharging: {}\nsteady_state: {gap: true}\n",
    "name: x\nparameters: {interaction: tavis_cummings, kappa: 0.1, m_per_n: 1, fock_dim: auto}\n"
    "axes: [{name: N, range: {from: 901, to: 1000, step: 1}}, {name: g, linspace: {from: 0.1, to: 3, count: 1000}}]\n"
    "charging: {}\n",
    # as many points as there may be
    "name: x\nparameters: {interaction: dicke, m: 1, fock_dim: auto}\naxes: [{name: N, range: {from: 1, to: 1000, "
    "step: 1}}, {name: g, linspace: {from: 0.1, to: 2, count: 100000}}]\ncharging: {}\n",
    "name: x\nparameters: {interaction: dicke, m: 1, N: 2, fock_dim: auto}\naxes: [{name: kappa, linspace: {from: 0.1, "
    "to: 2, count: 100}}, {name: g, linspace: {from: 0.1, to: 2, count: 1000000}}]\ncharging: {}\n",
    # more than 64 bits count
    "name: x\nparameters: {interaction: dicke, m: 1, N: 2}\naxes:\n" + "".join(
        f"  - {{name: {name}, linspace: {{from: 0.1, to: 2, count: 1000000000000000}}}}\n"
        for name in ("g", "kappa", "gamma_down", "gamma_phi", "omega_0", "omega_c")) + "charging: {}\n",
    "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n"
                                            for a, b in zip("abcdefgh", "bcdefghi")),
    "[" * 100000, "{a: " * 50000, "- " * 200000, "? " * 100000, "!" * 100000, "- - " * 1000 + "x",
    "name: x\nparameters: {interaction: dicke, N: 1, g: 1, m: 1}\naxes:\n" + "".join(
        f"  - {{name: a{i}, labels: [a, b], values: {{}}}}\n" for i in range(5000)) + "charging: {}\n",
    "", "\n", "\ufeff", "# nothing\n", "---\n...\n---\n", "\t", "name", ":", "? :", "''",
]

NUMBER = re.compile(rb"(?<![\w.])[-+]?\d[\d.]*(?:[eE][-+]?\d+)?(?![\w])")
WORD = re.compile(rb"[A-Za-z_][A-Za-z_0-9]*")


def some_number(source):
    kind = source.randrange(4)
    if kind == 0:
        return source.choice(EXTREMES)
    if kind == 1:
        return f"{10 ** source.uniform(-8, 8):.{source.randint(1, 17)}g}"
    if kind == 2:
        return f"{10 ** source.uniform(-110, 110):.3g}"
    return str(source.randint(0, 10 ** source.randint(1, 7)))


def some_value(source, key):
    if key in WORDS and source.random() < 0.7:
        return source.choice(WORDS[key])
    return some_number(source) if source.random() < 0.95 else source.choice(EVERY_KEY)


def a_list(source, key):
    return f"[{', '.join(some_value(source, key) for _ in range(source.randint(1, 5)))}]"


def an_axis(source, key):
    form = source.choice(["values", "values", "range", "linspace", "logspace"])
    if form == "values":
        return f"{{name: {key}, values: {a_list(source, key)}}}"
    last = "step" if form == "range" else "count"
    number = some_number(source) if last == "step" else str(int(10 ** source.uniform(0, source.choice([2, 4, 9, 19]))))
    return f"{{name: {key}, {form}: {{from: {some_number(source)}, to: {some_number(source)}, {last}: {number}}}}}"


def acceptable_value(source, key, low, high):
    """A value that is accepted alone, moderate or extreme."""
    if key in WORDS and (key not in NUMBERS or source.random() < 0.5):
        return source.choice(WORDS[key])
    if key == "N":
        return str(round(10 ** source.uniform(0, 3)))
    if key == "fock_dim":
        return str(round(10 ** source.uniform(0.31, 5)))
    value = 10 ** source.uniform(low, high)
    return str(round(value)) if key in ("m", "m_per_n") and value >= 1 else f"{value:.4g}"


def acceptable_file(source):
    """A sweep file of which every value is accepted alone; most of these files are accepted."""
    wide = source.choice([1, 1, 3, 8, 90])
    parameters = {key: acceptable_value(source, key, -wide, wide) for key in
                  ["interaction", "N", source.choice(["g", "g_over_gc"])]}
    for key in ["coupling_scaling", "omega_0", source.choice(["omega_c", "detuning_ratio"]), "kappa", "gamma_down",
                "gamma_phi", "initial_state", "charger", "fock_dim"]:
        if source.random() < 0.6:
            parameters[key] = acceptable_value(source, key, -wide, wide)
    parameters[source.choice(["m", "m_per_n"])] = str(source.randint(0, 10 ** source.randint(0, 4)))
    axes = []
    for key in source.sample(sorted(parameters), source.randint(0, 3)):
        values = {acceptable_value(source, key, -wide, wide) for _ in range(source.randint(1, 6))}
        if key in WORDS or source.random() < 0.6:
            axes.append(f"{{name: {key}, values: [{', '.join(sorted(values))}]}}")
        else:
            low, high = sorted([source.uniform(-wide, wide), source.uniform(-wide, wide)])
            axes.append(f"{{name: {key}, {source.choice(['linspace', 'logspace'])}: {{from: {10 ** low:.3g}, "
                        f"to: {10 ** high:.3g}, count: {round(10 ** source.uniform(0.4, 3))}}}}}")
        del parameters[key]
    text = "name: drawn\nparameters:\n" + "".join(f"  {key}: {value}\n" for key, value in parameters.items())
    if axes:
        text += "axes:\n" + "".join(f"  - {axis}\n" for axis in axes)
    charges = source.random() < 0.7
    if charges:
        keys = [f"t_max: {10 ** source.uniform(-wide, wide):.3g}", f"samples: {source.choice([0, 2, 101, 10000000])}",
                f"tolerance: {10 ** source.uniform(-13, -2):.3g}"]
        text += f"charging: {{{', '.join(source.sample(keys, source.randint(0, 3)))}}}\n"
    if not charges or source.random() < 0.4:
        text += (f"steady_state: {{method: {source.choice(WORDS['method'])}, gap: {source.choice(WORDS['gap'])}, "
                 f"tolerance: {10 ** source.uniform(-13, -2):.3g}}}\n")
    return text.encode()


def replace_match(source, data, pattern, new):
    matches = list(pattern.finditer(data))
    if not matches:
        return data + new
    match = source.choice(matches)
    return data[:match.start()] + new + data[match.end():]


def mutate(source, data, seeds):
    """One mutation of the bytes of a sweep file."""
    lines = data.split(b"\n")
    at = source.randrange(len(lines))
    place = source.randint(0, len(data))
    key = source.choice(NUMBERS + list(WORDS)[:4])
    kind = source.randrange(20)
    if kind < 5:
        return replace_match(source, data, NUMBER, some_number(source).encode())
    if kind < 7:
        return replace_match(source, data, WORD, source.choice(EVERY_KEY + sum(WORDS.values(), [])).encode())
    if kind == 7:  # a parameter more
        return data.replace(b"parameters:\n", f"parameters:\n  {key}: {some_value(source, key)}\n".encode(), 1)
    if kind == 8:  # an axis more
        return data.replace(b"axes:\n", f"axes:\n  - {an_axis(source, key)}\n".encode(), 1)
    if kind == 9:
        return data.replace(b"axes:\n", b"axes:\n" + b"".join(
            f"  - {an_axis(source, other)}\n".encode() for other in source.sample(NUMBERS, source.randint(2, 8))), 1)
    if kind == 10:
        del lines[at]
        return b"\n".join(lines)
    if kind == 11:
        lines.insert(source.randrange(len(lines)), lines[at])
        return b"\n".join(lines)
    if kind == 12:
        return data + data[place:] if source.random() < 0.5 else data[:place]
    if kind == 13:
        return data[:place] + bytes([source.randrange(256)]) + data[place + source.randint(0, 1):]
    if kind == 14:
        syntax = source.choice([b":", b": ", b"- ", b"[", b"]", b"{", b"}", b"&a ", b"*a", b"!", b"!!str ", b"|\n", b">\n",
                                b"'", b'"', b"%", b"%YAML 9.9\n", b"@", b"`", b"#", b", ", b"? ", b"\t", b"\n", b"\r",
                                b"\r\n", b"\0", b"\xef\xbb\xbf", b"---\n", b"...\n", b"<<: *a\n", b"\\", b"\xc2\x85",
                                b"\xe2\x80\xa8", b"\xff\xfe", b"!!binary ", b"&a [*a]", b"{? [a]: b}"])
        return data[:place] + syntax + data[place:]
    if kind == 15:
        depth = source.choice([1, 10, 13, 1000, 30000])
        left, right = source.choice([(b"[", b"]"), (b"{a: ", b"}"), (b"- ", b""), (b"? ", b"")])
        return data[:place] + left * depth + b"1" + right * depth + data[place:]
    if kind == 16:
        return replace_match(source, data, NUMBER, source.choice(
            [b"[1, 2]", b"{a: 1}", b"", b"[]", b"{}", b"[[1]]", b"x" * 5000, b"1" * 5000, b"0." + b"0" * 5000 + b"1"]))
    if kind == 17:
        return data.replace(b"charging", source.choice([b"steady_state", b"charge", b"CHARGING", b"charging "]))
    if kind == 18:
        many = ", ".join(f"{0.001 * i:.6g}" for i in range(source.choice([10, 1000, 30000])))
        return data.replace(b"axes:\n", f"axes:\n  - {{name: {key}, values: [{many}]}}\n".encode(), 1)
    other = source.choice(seeds)
    return data[:place] + other[source.randint(0, len(other)):]


def mutated_file(source, seeds):
    if source.random() < 0.4:
        data = acceptable_file(source)
        rounds = source.choice([0, 0, 1])
    else:
        data = source.choice(seeds)
        rounds = source.choice([1, 1, 1, 2, 3, 6])
    for _ in range(rounds):
        data = mutate(source, data, seeds)
    return data


def faults_of(command, answer):
    """What is wrong with an answer of `validate` or `plan`."""
    faults = []
    if answer["signal"]:
        faults.append(f"ended by signal {answer['signal']}")
    elif answer["code"] not in (0, 1):
        faults.append(f"exit code {answer['code']}: {answer['err']!r}")
    elif answer["code"] == 1:
        said = answer["err"]
        if said.count("\n") != 1 or not said.startswith("qbsweep: error: ") or len(said) > 2000:
            faults.append(f"not one line: {said[:300]!r}")
        if answer["out"]:
            faults.append(f"beside a refusal: {answer['out'][:300]!r}")
    else:
        if not answer["out"] or answer["err"]:
            faults.append(f"found {answer['out'][:300]!r} and {answer['err'][:300]!r}")
        numbers = answer["out"].split("\n", 1)[-1] if command == "plan" else ""
        if re.search(r"(?<![a-z_])-?(nan|inf)(?![a-z_])", numbers):
            faults.append(f"no number: {answer['out'][:1500]}")
    if answer["seconds"] > MOST_SECONDS:
        faults.append(f"{answer['seconds']:.1f} s")
    if answer["bytes"] > MOST_BYTES:
        faults.append(f"{answer['bytes'] / 2 ** 20:.0f} MiB")
    return faults


class Answers:
    """The process that answers for many."""

    def __init__(self):
        self.process = subprocess.Popen([os.environ["QBSWEEP_ANSWER_MANY"]], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, env=environment())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def ask(self, *words):
        self.process.stdin.write("\t".join(words).encode() + b"\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def environment():
    return dict(os.environ, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")


def program_says(*words):
    done = subprocess.run([os.environ["QBSWEEP"], *words], env=environment(), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return {"code": done.returncode, "out": done.stdout.decode(errors="replace"),
            "err": done.stderr.decode(errors="replace")}


def look_at(answers, path, by_program):
    """What is wrong with what the commands say of a file, and whether they accept it."""
    faults = []
    said = {}
    for command in "validate", "plan":
        answer = said[command] = answers.ask(command, path)
        faults += [f"{command}: {fault}" for fault in faults_of(command, answer)]
    if said["validate"]["code"] != said["plan"]["code"] or said["validate"]["err"] != said["plan"]["err"]:
        faults.append("validate and plan do not agree")
    if by_program:
        real = program_says("validate", path)
        if any(real[key] != said["validate"][key] for key in real):
            faults.append(f"the program itself says {real}")
    return faults, said


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="?", type=int, default=5000)
    parser.add_argument("seed", nargs="?", type=int, default=1)
    parser.add_argument("--keep", metavar="FOLDER", help="where files that are answered badly are kept")
    options = parser.parse_args()
    paths = sorted(glob.glob(os.path.join(os.environ["QBSWEEP_SOURCE_DIR"], "inputs/*.yaml")))
    seeds = [text.encode() for text in SEEDS]
    for path in paths:
        with open(path, "rb") as file:
            seeds.append(file.read())
    files = [text.encode() for text in KNOWN] + seeds
    slowest = {"validate": (0.0, -1), "plan": (0.0, -1)}
    largest = 0.0
    accepted = 0
    bad = 0
    with tempfile.TemporaryDirectory(prefix="qbsweep-fuzz-") as folder, Answers() as answers:
        for number in range(max(options.files, len(files))):
            data = files[number] if number < len(files) else mutated_file(
                random.Random(f"{options.seed} {number}"), seeds)
            path = os.path.join(folder, "mutated.yaml")
            with open(path, "wb") as file:
                file.write(data)
            faults, said = look_at(answers, path, by_program=number % 50 == 0)
            accepted += said["validate"]["code"] == 0
            for command, answer in said.items():
                slowest[command] = max(slowest[command], (answer["seconds"], number))
                largest = max(largest, answer["bytes"])
            if faults:
                bad += 1
                print(f"file {number}: {'; '.join(faults)}\n  {data[:600]!r}", flush=True)
                if options.keep:
                    os.makedirs(options.keep, exist_ok=True)
                    with open(os.path.join(options.keep, f"{number}.yaml"), "wb") as file:
                        file.write(data)
            if options.files >= 1000 and number % 500 == 499:
                print(f"{number + 1} files", file=sys.stderr, flush=True)
    print(f"{max(options.files, len(files))} files with seed {options.seed}, {accepted} accepted: {bad} answered badly; "
          + ", ".join(f"slowest {command} {seconds:.2f} s (file {number})"
                      for command, (seconds, number) in slowest.items())
          + f"; {largest / 2 ** 20:.0f} MiB at most")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
