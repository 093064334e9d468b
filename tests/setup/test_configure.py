"""What configuring says of a library that is not there: one sentence with what to install."""

import os
import re
import subprocess
import tempfile
import unittest

SOURCE_DIR = os.path.abspath(os.environ["QBSWEEP_SOURCE_DIR"])

# What hides a library, and what must be named: the library, Debian's package, the way elsewhere.
PREFIX = "CMAKE_PREFIX_PATH"
MISSING = {
    "PkgConfig": ("pkg-config", "pkg-config", "PATH"),
    "MPI": ("MPI", "libopenmpi-dev", "load the MPI module"),
    "Eigen3": ("Eigen 3.3 or later", "libeigen3-dev", PREFIX),
    "BLAS": ("BLAS", "libopenblas-dev", PREFIX),
    "LAPACK": ("LAPACK", "libopenblas-dev", PREFIX),
    "fmt": ("fmt", "libfmt-dev", PREFIX),
    "yaml-cpp": ("yaml-cpp", "libyaml-cpp-dev", PREFIX),
    "CLI11": ("CLI11", "libcli11-dev", PREFIX),
    "nlohmann_json": ("nlohmann-json", "nlohmann-json3-dev", PREFIX),
    "PETSc": ("PETSc 3.18 or later", "libpetsc-real-dev", "PKG_CONFIG_PATH"),
    "SLEPc": ("SLEPc", "libslepc-real-dev", "PKG_CONFIG_PATH"),
    "HDF5": ("a parallel HDF5", "libhdf5-openmpi-dev", "HDF5_ROOT"),
    "GTest": ("GoogleTest", "libgmock-dev", PREFIX),
}
PACKAGES = os.path.join(SOURCE_DIR, "jobs", "debian-packages.sh")


def pkg_config_without(library, folder):
    """A pkg-config that knows no `library`."""
    path = os.path.join(folder, "pkg-config")
    with open(path, "w", encoding="utf-8") as script:
        script.write(f'#!/bin/sh\ncase "$*" in *{library}* | *{library.lower()}*) exit 1 ;; esac\n'
                     'exec /usr/bin/pkg-config "$@"\n')
    os.chmod(path, 0o755)
    return path


def hiding(library, folder):
    """Definitions that hide `library` alone, also in a folder where another one was hidden before."""
    by_pkg_config = library in ("PETSc", "SLEPc")
    pkg_config = pkg_config_without(library, folder) if by_pkg_config else "/usr/bin/pkg-config"
    return [f"-DPKG_CONFIG_EXECUTABLE={pkg_config}",
            *(f"-DCMAKE_DISABLE_FIND_PACKAGE_{name}={'ON' if name == library and not by_pkg_config else 'OFF'}"
              for name in MISSING)]


class Missing(unittest.TestCase):
    def test_each_is_one_sentence(self):
        with open(PACKAGES, encoding="utf-8") as file:
            packages = file.read()
        # One folder for all: compilers and what is found are looked for once.
        with tempfile.TemporaryDirectory(prefix="qbsweep-test-") as folder:
            for library, (name, package, elsewhere) in MISSING.items():
                with self.subTest(library):
                    done = subprocess.run(["cmake", "-S", SOURCE_DIR, "-B", os.path.join(folder, "build"), "-G", "Ninja",
                                           *hiding(library, folder)],
                                          capture_output=True, text=True, check=False, timeout=600)
                    self.assertEqual(done.returncode, 1, done.stdout)
                    self.assertEqual(len(re.findall("^CMake Error", done.stderr, re.MULTILINE)), 1, done.stderr)
                    said = " ".join(done.stderr.split())
                    self.assertRegex(said, rf"qbsweep needs .*{re.escape(name)}.*, which was not found\. "
                                     rf"On Debian install {package}; elsewhere .*{elsewhere}")
                    self.assertRegex(packages, rf"\b{package}\b")


if __name__ == "__main__":
    unittest.main()
