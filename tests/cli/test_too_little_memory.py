"""Points that do not fit into the memory are refused before anything is computed."""

import resource
import unittest

import qbsweep_cli as cli
from refusals import BAD_INPUT, BadInputTestCase, edited, limit


class Memory(BadInputTestCase):
    # Of address space, of which libraries take more than they use.
    MOST = 4 << 30

    def write_large(self, atoms):
        self.write("large.yaml", edited("fock_dim: 5", "fock_dim: 130\n  gamma_phi: 0.1", "[1, 2]", atoms))

    def test_point_that_does_not_fit(self):
        self.write_large("[1, 14]")
        for ranks in None, 3:
            self.refuse(["run", "large.yaml", *cli.PLAIN_PATH], BAD_INPUT, "the point N=14 needs about ... GiB of memory, and "
                        "... are available: leave it out, or run on a machine with more memory",
                        ranks=ranks, preexec_fn=limit(resource.RLIMIT_AS, self.MOST))

    def test_steady_state_that_does_not_fit(self):
        self.write("large.yaml", edited("fock_dim: 5", "fock_dim: 41\n  gamma_phi: 0.1", "[1, 2]", "[1, 10]",
                                        "charging: {t_max: 1.0}", "steady_state: {method: shift_invert}"))
        self.refuse(["run", "large.yaml"], BAD_INPUT, "the point N=10 needs about ... GiB of memory, and ... are "
                    "available: leave it out, or run on a machine with more memory",
                    preexec_fn=limit(resource.RLIMIT_AS, self.MOST))

    def test_points_that_do_not_fit_together(self):
        self.write_large("[1, 8, 9, 10]")
        self.refuse(["run", "large.yaml", *cli.PLAIN_PATH], BAD_INPUT, "the 3 largest points, one on each rank of a machine, "
                    "need about ... GiB of memory, and ... are available: start fewer ranks (the largest, "
                    "N=10, needs ... GiB)", ranks=3, preexec_fn=limit(resource.RLIMIT_AS, self.MOST))


if __name__ == "__main__":
    unittest.main()
