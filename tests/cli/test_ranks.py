"""Any number of ranks gives the same archive, and a rank without work costs nothing."""

import os
import time
import unittest

import qbsweep_cli as cli
from archive_compare import differences
from job_processes import cpu_seconds, rank_pids

# 32 points, from trivial ones to tenths of a second.
MIXED = """
name: mixed
parameters: {g_over_gc: 0.7, m_per_n: 1.0}
axes:
  - {name: interaction, values: [dicke, tavis_cummings]}
  - name: noise
    labels: [none, cavity, all, strong]
    values: {kappa: [0, 0.15, 0.15, 0.5], gamma_phi: [0, 0, 0.1, 0.3], gamma_down: [0, 0, 0.1, 0.3]}
  - {name: N, range: {from: 1, to: 4, step: 1}}
charging: {samples: 11}
"""

# Charges from both starts, and steady states by every method.
STEADY = """
name: steady
parameters: {g_over_gc: 1.5, m: 1, fock_dim: 7, kappa: 0.15, gamma_phi: 0.1, gamma_down: 0.1}
axes:
  - {name: interaction, values: [dicke, tavis_cummings]}
  - {name: initial_state, values: [charged_cavity, ground_state]}
  - {name: N, range: {from: 1, to: 3, step: 1}}
charging: {samples: 5, t_max: 4.0}
steady_state: {gap: true}
"""

# Some seconds.
ONE_LONG = """
name: one_long
parameters: {interaction: dicke, N: 6, g: 0.25, kappa: 0.15, gamma_phi: 0.1, gamma_down: 0.1, m_per_n: 1.0}
charging: {t_max: 40.0, tolerance: 1.0e-10}
"""


class Ranks(cli.CliTestCase):
    def test_the_archive_does_not_depend_on_the_number_of_ranks(self):
        sweep = self.write("mixed.yaml", MIXED)
        archives = []
        for ranks in 1, 2, 3, 4:
            archives.append(self.path(f"ranks{ranks}.h5"))
            self.succeed("run", sweep, "-o", archives[-1], ranks=ranks)
            self.assertEqual(cli.done_count(archives[-1]), 32)
        for archive in archives[1:]:
            self.assertEqual(differences(archives[0], archive), [])

    def test_steady_states_do_not_depend_on_the_number_of_ranks_either(self):
        sweep = self.write("steady.yaml", STEADY)
        for method in "auto", "shift_invert", "propagator", "gmres":
            archives = [self.path(f"{method}{ranks}.h5") for ranks in (1, 3)]
            for ranks, archive in zip((1, 3), archives):
                self.succeed("run", sweep, "-o", archive, "--set", f"steady_state.method={method}", ranks=ranks)
                self.assertEqual(cli.done_count(archive), 12)
            self.assertEqual(differences(*archives), [])

    def test_a_rank_without_work_sleeps(self):
        """CPU time of the idle one of two ranks while the other computes, under 5 % of the time."""
        archive = self.path("one_long.h5")
        sweep = self.write("one_long.yaml", ONE_LONG)
        job = self.start(cli.command("run", sweep, "-o", archive, *cli.PLAIN_PATH, ranks=2),
                         start_new_session=True)
        cli.wait_until(lambda: os.path.exists(archive) and
                       cli.contents(archive)[0]["attempts"] == 1, "the point is started")
        pids = rank_pids(job.pid)
        self.assertEqual(len(pids), 2)

        def clocks():
            return time.monotonic(), [cpu_seconds(pid) for pid in pids]

        begin, cpu_begin = clocks()
        end, cpu_end = begin, cpu_begin
        while True:
            time.sleep(0.1)
            try:
                latest = clocks()
            except ProcessLookupError:
                break
            if cli.done_count(archive) > 0:
                break
            end, cpu_end = latest  # before the point's end
        self.assertEqual(job.wait(cli.PATIENCE), 0)

        used = sorted(after - before for before, after in zip(cpu_begin, cpu_end))
        self.assertGreater(used[1], 1.0, "the point is too short to tell")
        self.assertLess(used[0], 0.05 * (end - begin))


if __name__ == "__main__":
    unittest.main()
