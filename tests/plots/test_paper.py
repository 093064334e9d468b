"""The paper's statements on small batteries, and pictures of their archives.

What jobs/reproduce_paper.sh does with N up to 20 or 30 is done here with N up to 9, by the same checks with
wider ranges where a law is one of large N."""

import os
import subprocess
import sys
import tempfile
import unittest

SOURCE_DIR = os.environ["QBSWEEP_SOURCE_DIR"]
sys.path[:0] = [SOURCE_DIR, os.path.join(SOURCE_DIR, "tests", "cli")]

import qbsweep_cli as cli  # noqa: E402
from plots import paper, plot, style, truncation  # noqa: E402
from plots.archive import PaperResults, open_archive  # noqa: E402
from plots.paper_checks import PaperChecks  # noqa: E402

ATOMS = ["N=[1,2,3,4,5,6,7,8,9]"]
PHOTONS = ["N=3", "m=[1,2,4,8,16,32]"]
DETUNED = ["N=4", "detuning_ratio=[0.6,0.8,0.9,0.95,1,1.05,1.1,1.2,1.3,1.5,2]"]
SMALL = {
    "fig2": ["fock_dim=[13,17,21]"],
    "fig3": [],
    "fig4": ATOMS,
    "fig5": ATOMS,
    "fig6": ATOMS,
    "fig7": DETUNED,
    "fig8": PHOTONS,
    "fig9": ATOMS,
    "fig9_detuning": DETUNED,
    "fig9_charger_energy": PHOTONS,
    "fig10": ATOMS,
    "fig10_detuning": DETUNED,
    "fig10_charger_energy": PHOTONS,
}


class SmallPaper(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.enterClassContext(temporary := tempfile.TemporaryDirectory(prefix="qbsweep-test-"))
        cls.folder = temporary.name
        for levels in ("converged", "paper"):
            os.mkdir(os.path.join(cls.folder, levels))
            for name, settings in SMALL.items():
                if levels == "converged" and name not in ("fig2", "fig3"):
                    settings = [*settings, "fock_dim=auto"]
                cls.run_sweep(name, os.path.join(cls.folder, levels, name + ".h5"), settings)
        cls.results = PaperResults(cls.folder)

    @staticmethod
    def run_sweep(name, archive, settings):
        sets = [word for setting in settings for word in ("--set", setting)]
        command = cli.command("run", os.path.join(SOURCE_DIR, "inputs", name + ".yaml"), "-o", archive, *sets, ranks=2)
        subprocess.run(command, check=True, capture_output=True, timeout=10 * cli.PATIENCE)

    def test_statements(self):
        for finding in PaperChecks(self.results, small=True).all():
            for number in finding.numbers:
                with self.subTest(finding.statement, number=number):
                    self.assertTrue(number.fits)

    def test_figures(self):
        panels = {"fig2": 1, "fig3": 2, "fig4": 4, "fig5": 4, "fig6": 3, "fig7": 4, "fig8": 2, "fig9": 17, "fig10": 10}
        for name, draw in paper.FIGURES.items():
            with self.subTest(name):
                figure = draw(self.results)
                self.assertEqual(len(figure.axes), panels[name])
                for axes in figure.axes:
                    self.assertTrue(any(other.get_xlabel() for other in axes.get_shared_x_axes().get_siblings(axes)))
                    self.assertTrue(axes.get_ylabel())
                    drawn = [line for line in axes.get_lines() if len(line.get_xdata()) > 2]
                    self.assertGreaterEqual(len(drawn), 2)
                style.save(figure, self.folder, name)
                for ending in ("png", "pdf"):
                    self.assertGreater(os.path.getsize(os.path.join(self.folder, f"{name}.{ending}")), 5000)

    def test_truncation(self):
        rows = {row[:3]: row[3:] for row in truncation.rows(self.results)}
        sweep = "fig4", "ergotropy_max", "dicke"
        difference, _, place = rows[sweep]
        # By hand from both archives.
        paper_levels, converged = (open_archive(self.results.path("fig4", levels)).ergotropy_max.sel(
            interaction="dicke", ergotropy_definition="dicke_subspace") for levels in ("paper", "converged"))
        self.assertAlmostEqual(difference, float(abs(paper_levels - converged).max()), places=12)
        self.assertGreater(difference, 1e-4)
        self.assertRegex(place, r"^noise = \S+, N = \d$")

    def test_picture_of_any_archive(self):
        path = self.results.path("fig4")
        output = os.path.join(self.folder, "any.png")

        def run(*words):
            return subprocess.run([sys.executable, "-B", "-m", "plots.plot", path, *words, "-o", output], cwd=SOURCE_DIR,
                                  capture_output=True, text=True, check=False)

        done = run("ergotropy_max", "-x", "N", "--select", "ergotropy_definition=global")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertTrue(os.path.exists(output))
        for words, answer in ((("ergotropy",), "no dataset ergotropy; there are"),
                              (("tau", "--select", "N=17"), "--select N=17: N has 1, 2, 3, 4, 5, 6, 7, 8, 9"),
                              (("tau", "-x", "M"), "tau has no axis M"),
                              (("tau",), "give --select")):
            with self.subTest(words):
                done = run(*words)
                self.assertEqual(done.returncode, 1)
                self.assertIn(answer, done.stderr)
                self.assertEqual(done.stderr.count("\n"), 1)

    def test_what_is_drawn_is_what_is_in_the_archive(self):
        sweep = open_archive(self.results.path("fig4")).sel(ergotropy_definition="global", interaction="dicke")
        figure = plot.draw(sweep, "tau", x="N")
        lines = {line.get_label(): line for line in figure.axes[0].get_lines()}
        self.assertEqual(set(lines), {f"noise = {name}" for name in sweep.noise.values})
        self.assertEqual(list(lines["noise = all"].get_ydata()), list(sweep.tau.sel(noise="all").values))

    def test_many_series_are_told_apart_and_leave_the_labels_free(self):
        sweep = open_archive(self.results.path("fig4")).sel(ergotropy_definition="global", interaction="dicke")
        figure = plot.draw(sweep, "ergotropy_max", x="noise", series="N")
        axes = figure.axes[0]
        looks = [(line.get_color(), line.get_marker()) for line in axes.get_lines()]
        self.assertEqual((len(looks), len(set(looks))), (9, 9))
        self.assertEqual(len({colour for colour, _ in looks}), 9)
        figure.canvas.draw()
        legend = figure.legends[0].get_window_extent()
        label = axes.yaxis.label.get_window_extent()
        self.assertFalse(legend.overlaps(label))
        self.assertLessEqual(label.height, axes.get_window_extent().height)


class MissingResults(unittest.TestCase):
    def test_is_one_line(self):
        for script in ("paper", "statements", "truncation", "locked_energy", "plot", "update_readme"):
            with self.subTest(script):
                words = ["nowhere", "tau"] if script == "plot" else ["nowhere"]
                done = subprocess.run([sys.executable, "-B", "-m", f"plots.{script}", *words], cwd=SOURCE_DIR,
                                      capture_output=True, text=True, check=False)
                self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1), done.stderr)
                self.assertIn("nowhere", done.stderr)


if __name__ == "__main__":
    unittest.main()
