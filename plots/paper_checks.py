"""Every statement of the paper, checked with our archives.

Counted as in the paper's appendix B (dicke_subspace), which we assume of its figures, unless a line says `global`, the
ergotropy over all unitaries.
"""

import numpy

from plots.archive import definition
from plots.findings import Finding, Number, spread
from plots.fits import exponent, logarithmic_fit

NOISES = ("none", "cavity", "cavity+dephasing", "all")
INTERACTIONS = ("dicke", "tavis_cummings")


class PaperChecks:
    """The statements about one folder of results: `small` for those of the test suite, with N up to 9 and m up to
    32, where laws of large N and m are not reached yet."""

    def __init__(self, results, small=False):
        self.results = results
        self.small = small
        self.sweeps = {}

    def pick(self, whole, small):
        return small if self.small else whole

    def points(self, name, counting="dicke_subspace"):
        if name not in self.sweeps:
            self.sweeps[name] = self.results.sweep(name)
        sweep = self.sweeps[name]
        return definition(sweep, counting) if "ergotropy_definition" in sweep.dims else sweep

    # Section IV

    def steady_states(self):
        sweep = self.points("fig2")
        dicke = sweep.sel(interaction="dicke")
        tavis_cummings = sweep.sel(interaction="tavis_cummings")
        change = float(abs(dicke.steady_total_energy[-1] - dicke.steady_total_energy[-2]))
        vacuum = float(abs(tavis_cummings.steady_total_energy).max())
        return Finding(
            "IV, Fig. 2, App. A", "the Tavis-Cummings battery comes to rest in the vacuum; Dicke has one steady "
            "state, above the ground state", "yes",
            f"energy of the Tavis-Cummings steady state {vacuum:.0e}; Dicke {float(dicke.steady_total_energy[-1]):.4f} "
            f"against {float(dicke.ground_energy[-1]):.4f} of the ground state; both unique",
            [Number("steady states of either", float(sweep.steady_multiplicity.max()), 1, 1),
             Number("|energy| of Tavis-Cummings'", vacuum, 0, 1e-6),
             Number("Dicke: steady above ground energy", float((dicke.steady_total_energy - dicke.ground_energy)[-1]),
                    *self.pick((8.5, 9.0), (7.0, 9.0))),
             Number("Dicke: change with the last levels", change, 0, self.pick(0.005, 0.6))])

    def dephasing_stabilises(self):
        """After the rise the battery's energy should follow its decay alone: how far it swings about that, over
        the last two thirds of the window, as a share of its mean."""
        sweep = self.points("fig3").sel(losses="twentieth")
        swings = []
        for interaction in INTERACTIONS:
            line = sweep.sel(interaction=interaction)
            late = line.time.values > 10
            time, energy = line.time.values[late], line.battery_energy.values[late]
            trend = numpy.polyval(numpy.polyfit(time, energy, 1), time)
            swings.append(float(numpy.abs(energy - trend).max() / energy.mean()))
        return Finding(
            "IV, Fig. 3", "strong dephasing stops the exchange of energy before the battery decays", "yes",
            f"for t > 10 and a twentieth of the losses the energy stays within {100 * max(swings):.1f} % of a line",
            [Number(f"{name}: swing", swing, 0, 0.03) for name, swing in zip(INTERACTIONS, swings)])

    # Section V A

    def extensive_ergotropy(self):
        exponents = {}
        for counting in ("dicke_subspace", "global"):
            sweep = self.points("fig4", counting)
            for interaction in INTERACTIONS:
                for noise in NOISES:
                    line = sweep.ergotropy_max.sel(interaction=interaction, noise=noise)
                    exponents[interaction, noise, counting] = exponent(line.N, line, at_least=6)
        return Finding(
            "V A, Fig. 4 (a), (b)", "the largest ergotropy is extensive", "yes",
            f"~ N^p with p from {spread(exponents.values())} (N >= 6, both ways to count)",
            [Number(f"p of {' '.join(key)}", value, 0.95, self.pick(1.35, 1.5)) for key, value in exponents.items()])

    def locked_energy_of_the_paper(self):
        sweep = self.points("fig4")
        above = sweep.locked_energy_at_tau - 2 * sweep.N / (sweep.N + 2)
        highest = [float(above.sel(interaction=interaction).max()) for interaction in INTERACTIONS]
        return Finding(
            "V A, Eq. (9), Fig. 4 (c), (d)", "locked energy <= 2 N / (N + 2), as the paper counts it", "yes",
            f"at least {-max(highest):.2f} below the bound",
            [Number(f"{name}: above the bound", value, -2, 1e-6) for name, value in zip(INTERACTIONS, highest)])

    def locked_energy_of_all_unitaries(self):
        largest = {}
        for charger, name in (("coherent", "fig4"), ("Fock", "fig9")):
            sweep = self.points(name, "global")
            if charger == "Fock":
                sweep = sweep.sel(coupling_scaling="sqrt_n")
            line = sweep.locked_energy_at_tau.sel(interaction="tavis_cummings", noise="all")
            largest[charger] = (line, line - 2 * line.N / (line.N + 2))
        numbers = []
        for charger, (line, above) in largest.items():
            known = {"coherent": 3.11, "Fock": 4.07}[charger]
            numbers.append(Number(f"{charger}: above the bound at the largest N", float(above[-1]),
                                  self.pick(0, -1), 10))
            numbers.append(Number(f"{charger}: exponent in N", exponent(line.N, line, at_least=6), 0.6, 1.2))
            if 20 in line.N:
                numbers.append(Number(f"{charger}: at N = 20", float(line.sel(N=20)), known - 0.005, known + 0.005))
        line = largest["Fock"][0]
        return Finding(
            "V A, Eq. (9)", "locked energy <= 2 N / (N + 2): asymptotic freedom under local noise", "no",
            f"over all unitaries (global) the locked energy grows like N^{numbers[1].value:.2f} (Fock: "
            f"N^{exponent(line.N, line, at_least=6):.2f}) and passes the bound, see "
            "[three ergotropies](docs/three-ergotropies.md)", numbers)

    # Section V B

    def charging_times(self):
        sweep = self.points("fig5")
        numbers = []
        for scaling, expected in (("sqrt_n", 0.0), ("bare", -0.5)):
            for interaction in INTERACTIONS:
                for noise in NOISES:
                    line = sweep.tau.sel(coupling_scaling=scaling, interaction=interaction, noise=noise)
                    numbers.append(Number(f"{scaling} {interaction} {noise}: p",
                                          exponent(line.N, line, at_least=self.pick(10, 7)),
                                          expected - 0.1, expected + self.pick(0.25, 0.35)))
        values = [spread([number.value for number in numbers[k:k + 4]]) for k in range(0, 16, 4)]
        line = sweep.tau.sel(coupling_scaling="sqrt_n", interaction="tavis_cummings", noise="none")
        line = line.sel(N=slice(6, 12))
        slope, start, off = logarithmic_fit(line.N, line)
        numbers += [Number("Tavis-Cummings without noise: slope in ln N", slope, 0.565, 0.585),
                    Number("Tavis-Cummings without noise: from", start, 2.08, 2.12),
                    Number("Tavis-Cummings without noise: largest distance from a + b ln N", off, 0, 0.0015)]
        return Finding(
            "V B, Fig. 5", "tau does not depend on N (coupling g / sqrt(N)) and falls as 1 / sqrt(N) (coupling g)",
            "partly",
            f"tau ~ N^p with p from {values[0]} (Dicke) and {values[1]} (Tavis-Cummings), and from {values[2]} and "
            f"{values[3]} (N >= 10). With Tavis-Cummings tau grows as ln N: without noise it is {start:.3f} + "
            f"{slope:.3f} ln N for N from 6 to {int(line.N[-1])}, because m = N is the separatrix of the classical "
            "limit, on which charging never ends", numbers)

    def jump_of_tau(self):
        """Where tau jumps while the largest ergotropy does not, another maximum has taken over."""
        line = self.points("fig5").sel(coupling_scaling="sqrt_n", interaction="dicke")
        jumps = {}
        for noise in NOISES:
            tau = line.tau.sel(noise=noise).dropna("N")
            ratio = tau.values[1:] / tau.values[:-1]
            at = int(numpy.argmax(ratio))
            jumps[noise] = (float(ratio[at]), int(tau.N[at + 1]))
        texts = [f"{noise}: by {ratio:.2f} at N = {N}" for noise, (ratio, N) in jumps.items() if ratio > 1.2]
        return Finding(
            "V B, Fig. 5 (a)", "with Dicke tau jumps where the second maximum in time overtakes the first", "yes",
            "; ".join(texts), [Number(f"{noise}: largest ratio of neighbours", jumps[noise][0], 1.2, 3)
                               for noise in NOISES if noise != "all"])

    def quench_energies(self):
        sweep = self.points("fig6").quench_energy_at_tau
        zero = float(abs(sweep.sel(interaction="tavis_cummings")).max())
        numbers = [Number("Tavis-Cummings: largest", zero, 0, 1e-5)]
        exponents = {}
        for scaling, low, high in (("sqrt_n", 0.3, self.pick(1.0, 1.2)), ("bare", 1.2, self.pick(1.8, 2.0))):
            for noise in NOISES:
                line = sweep.sel(interaction="dicke", coupling_scaling=scaling, noise=noise)
                exponents[scaling, noise] = exponent(line.N, line, at_least=self.pick(10, 7))
                numbers.append(Number(f"Dicke {scaling} {noise}: p", exponents[scaling, noise], low, high))
        linear = [value for (scaling, _), value in exponents.items() if scaling == "sqrt_n"]
        above = [value for (scaling, _), value in exponents.items() if scaling == "bare"]
        return Finding(
            "V B, Fig. 6", "switching off costs nothing with Tavis-Cummings; with Dicke it is linear in N for "
            "g / sqrt(N) and superlinear for g", "partly",
            f"Tavis-Cummings {zero:.0e}; Dicke ~ N^p with p from {spread(linear)}, not linear yet, and from "
            f"{spread(above)} (N >= 10)", numbers)

    # Section V C

    def best_detuning(self, name, where, statement, found, ranges):
        """Where the ergotropy is largest. The paper's coupling is \"half\", which may be of g_c or of Fig. 4's g_c/2:
        model = dicke_half_g_c has g_c/2, the others g_c/4."""
        sweep = self.points(name)
        numbers = []
        texts = []
        for model, (title, low, high) in ranges.items():
            best = []
            for noise in NOISES:
                line = sweep.ergotropy_max.sel(model=model, noise=noise)
                best.append(float(line.detuning_ratio[int(line.values.argmax())]))
                numbers.append(Number(f"{model} {noise}: best omega_0 / omega_c", best[-1], low, high))
            texts.append(f"{spread(best)} ({title})")
        return Finding(where, statement, "partly", f"best at omega_0 / omega_c = {', '.join(texts)}; {found}", numbers)

    def detuning(self):
        return self.best_detuning(
            "fig7", "V C, Fig. 7", "the best ergotropy is off resonance, at omega_0 > omega_c, with Dicke, and at "
            "resonance with Tavis-Cummings", "the stronger the coupling and the noise the farther from resonance",
            {"dicke": ("Dicke, g_c/4", 0.99, self.pick(1.06, 1.31)),
             "dicke_half_g_c": ("Dicke, g_c/2", self.pick(1.04, 0.99), 1.21),
             "tavis_cummings": ("Tavis-Cummings", 0.99, 1.01)})

    def power(self, name, where):
        sweep = self.points(name)
        numbers = []
        for interaction in INTERACTIONS:
            for noise in NOISES:
                line = sweep.sel(interaction=interaction, noise=noise)
                numbers.append(Number(f"{interaction} {noise}: p of power",
                                      exponent(line.m, line.power_energy_max, self.pick(40, 8)),
                                      0.48, self.pick(0.75, 0.9)))
        half = len(numbers) // 2
        return Finding(where, "the largest mean power converges to sqrt(m)", "yes",
                       f"~ m^p with p from {spread([n.value for n in numbers[half:]])} (Tavis-Cummings) and from "
                       f"{spread([n.value for n in numbers[:half]])} (Dicke), falling with m (N = 8, m >= 40)", numbers)

    def time_against_charger(self):
        """With Dicke tau goes from maximum to maximum as m grows, so only Tavis-Cummings has an exponent."""
        sweep = self.points("fig10_charger_energy").sel(interaction="tavis_cummings")
        numbers = []
        for noise in NOISES:
            line = sweep.sel(noise=noise)
            numbers.append(Number(f"Tavis-Cummings {noise}: p of tau", exponent(line.m, line.tau, self.pick(20, 8)),
                                  -0.65, self.pick(-0.4, -0.3)))
        return Finding("V C, Fig. 10 (h), (j)", "tau falls about as 1 / sqrt(m)", "partly",
                       f"~ m^p with p from {spread([number.value for number in numbers])} (Tavis-Cummings, N = 8, "
                       "m >= 20); with Dicke tau jumps", numbers)

    # Appendix C

    def fock_ergotropy(self):
        fock = self.points("fig9").sel(coupling_scaling="sqrt_n")
        coherent = self.points("fig4")
        numbers = []
        for interaction in INTERACTIONS:
            ratio = (fock.ergotropy_max / coherent.ergotropy_max).sel(interaction=interaction)
            last = ratio.dropna("N").isel(N=-1)
            numbers += [Number(f"{interaction} {noise}: Fock over coherent at the largest N",
                               float(last.sel(noise=noise)), 0.6, 1.4) for noise in NOISES]
        return Finding("App. C, Fig. 9 (a), (c)", "with a Fock charger the ergotropy is comparable", "yes",
                       f"{spread([number.value for number in numbers])} of that with a coherent one", numbers)

    def fock_locked_energy(self):
        numbers = []
        for counting in ("dicke_subspace", "global"):
            fock = self.points("fig9", counting).sel(coupling_scaling="sqrt_n")
            ratio = (fock.locked_energy_at_tau / self.points("fig4", counting).locked_energy_at_tau).dropna("N")
            for interaction in INTERACTIONS:
                for noise in NOISES:
                    low, high = self.pick((1.1, 10), (0.9, 20))
                    if noise == "none":
                        low, high = self.pick((0.7, 2), (0.5, 3))
                    numbers.append(Number(f"{counting} {interaction} {noise}: Fock over coherent at the largest N",
                                          float(ratio.sel(interaction=interaction, noise=noise)[-1]), low, high))
        noisy = [number.value for number in numbers if " none:" not in number.name]
        closed = [number.value for number in numbers if " none:" in number.name]
        return Finding("App. C, Fig. 9 (b), (d)", "with a Fock charger more energy is locked", "partly",
                       f"{spread(noisy)} times as much with noise, {spread(closed)} without", numbers)

    def fock_quench_energy(self):
        sweep = self.points("fig9")
        coherent = self.points("fig6")
        zero = float(abs(sweep.quench_energy_at_tau.sel(interaction="tavis_cummings")).max())
        ratios = {}
        both = (sweep.quench_energy_at_tau / coherent.quench_energy_at_tau).sel(interaction="dicke")
        for scaling in ("sqrt_n", "bare"):
            ratio = both.sel(coupling_scaling=scaling).dropna("N").isel(N=slice(-4, None)).mean("N")
            ratios.update({(scaling, noise): float(ratio.sel(noise=noise)) for noise in NOISES})
        bare = [value for (scaling, _), value in ratios.items() if scaling == "bare"]
        scaled = [value for (scaling, _), value in ratios.items() if scaling == "sqrt_n"]
        return Finding("App. C, Fig. 9 (e) to (g)", "with a Fock charger quenching is slightly cheaper with Dicke, "
                       "and free with Tavis-Cummings", "partly",
                       f"Dicke: {spread(bare)} of that with a coherent one (g), {spread(scaled)} (g / sqrt(N), cheaper "
                       f"under local noise only); Tavis-Cummings {zero:.0e}",
                       [Number("Tavis-Cummings: largest", zero, 0, 1e-5)] +
                       [Number("Dicke bare: Fock over coherent", value, 0.7, self.pick(1.0, 1.1))
                        for value in bare])

    def fock_times(self):
        ratio = (self.points("fig9").tau / self.points("fig5").tau).dropna("N").isel(N=slice(-4, None)).mean("N")
        numbers = []
        for interaction, low, high in (("dicke", 0.9, self.pick(1.6, 3)), ("tavis_cummings", 0.9, 1.2)):
            for scaling in ("sqrt_n", "bare"):
                for noise in NOISES:
                    value = float(ratio.sel(interaction=interaction, coupling_scaling=scaling, noise=noise))
                    numbers.append(Number(f"{interaction} {scaling} {noise}: Fock over coherent", value, low, high))
        half = len(numbers) // 2
        return Finding("App. C, Fig. 9 (h) to (k)", "with a Fock charger charging takes as long with Tavis-Cummings, "
                       "and a little longer with Dicke", "yes",
                       f"{spread([n.value for n in numbers[half:]])} times (Tavis-Cummings), "
                       f"{spread([n.value for n in numbers[:half]])} times (Dicke)", numbers)

    def fock_detuning(self):
        return self.best_detuning(
            "fig9_detuning", "App. C, Fig. 9 (l) to (o)", "with a Fock charger Dicke charges best with photons of more "
            "energy, at omega_0 < omega_c; Tavis-Cummings at resonance", "opposite to a coherent charger at g_c/2",
            {"dicke": ("Dicke, g_c/4", 0.99, 1.01), "dicke_half_g_c": ("Dicke, g_c/2", 0.89, self.pick(0.96, 1.01)),
             "tavis_cummings": ("Tavis-Cummings", 0.99, 1.01)})

    def detuned_times(self):
        """Without noise Dicke has late maxima of nearly the same height, so that its tau says nothing."""
        sweep = self.points("fig10_detuning")
        numbers = []
        for model, low, high in (("tavis_cummings", 0.99, 1.01), ("dicke", *self.pick((0.99, 1.21), (0.59, 2.01)))):
            for noise in NOISES[0 if model == "tavis_cummings" else 1:]:
                line = sweep.tau.sel(model=model, noise=noise)
                numbers.append(Number(f"{model} {noise}: longest at omega_0 / omega_c",
                                      float(line.detuning_ratio[int(line.values.argmax())]), low, high))
        return Finding("V C, Fig. 10 (e), (f)", "charging takes longest at resonance", "partly",
                       f"longest at omega_0 / omega_c = {spread([n.value for n in numbers[:4]])} (Tavis-Cummings), "
                       f"{spread([n.value for n in numbers[4:]])} (Dicke with noise)", numbers)

    def ergotropy_against_charger(self):
        sweep = self.points("fig10_charger_energy").ergotropy_max
        falls = {interaction: min(float(sweep.sel(interaction=interaction, noise=noise).diff("m").min())
                                  for noise in NOISES) for interaction in INTERACTIONS}
        return Finding("App. C, Fig. 10 (g), (i)", "a fuller charger does not always charge Dicke more; "
                       "Tavis-Cummings always", "yes",
                       f"largest fall from one m to the next: {-falls['dicke']:.3f} (Dicke), "
                       f"{max(-falls['tavis_cummings'], 0):.3f} (Tavis-Cummings)",
                       [Number("Dicke: steepest change", falls["dicke"], -5, -1e-4),
                        Number("Tavis-Cummings: steepest change", falls["tavis_cummings"], 0, 5)])

    def all(self):
        return [self.steady_states(), self.dephasing_stabilises(), self.extensive_ergotropy(),
                self.locked_energy_of_the_paper(), self.locked_energy_of_all_unitaries(), self.charging_times(),
                self.jump_of_tau(), self.quench_energies(), self.detuning(), self.detuned_times(),
                self.power("fig8", "V C, Fig. 8"), self.time_against_charger(), self.ergotropy_against_charger(),
                self.fock_ergotropy(), self.fock_locked_energy(), self.fock_quench_energy(), self.fock_times(),
                self.fock_detuning(), self.power("fig9_charger_energy", "App. C, Fig. 9 (p), (q)")]
