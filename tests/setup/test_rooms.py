"""The rooms of the source: what each may include, what each links, and how long its files are."""

import os
import re
import unittest

SOURCE_DIR = os.environ["QBSWEEP_SOURCE_DIR"]

# What a room may include beside itself.
ROOMS = {
    "support": set(),
    "model": {"support"},
    "parallel": {"support"},
    "operators": {"support", "model", "parallel"},
    "dynamics": {"support", "model", "parallel", "operators"},
    "spectrum": {"support", "model", "parallel", "operators", "dynamics"},
    "config": {"support", "model"},
    "archive": {"support", "model", "parallel", "operators", "dynamics", "spectrum", "config"},
    "scheduler": {"support", "model", "parallel", "operators", "dynamics", "spectrum", "config", "archive"},
    "app": {"support", "model", "parallel", "operators", "dynamics", "spectrum", "config", "archive", "scheduler"},
}

# What only some rooms know. Owned handles of MPI and PETSc are in support, for those that use them.
LIBRARIES = {
    r"mpi\.h": {"parallel", "operators", "dynamics", "spectrum", "archive", "scheduler", "app"},
    r"(petsc|slepc)\w*\.h": {"support", "operators", "dynamics", "spectrum", "archive", "app"},
    r"hdf5\w*\.h": {"archive"},
    r"yaml-cpp/.*": {"config"},
    r"CLI/.*": {"app"},
    r"nlohmann/.*": {"archive"},
    r"Eigen/.*": {"model", "operators", "dynamics", "spectrum"},
}
WITHOUT_PETSC = {"model", "config", "parallel"}

MOST_LINES = 400


def files_below(*folders, endings):
    for folder in folders:
        for path, _, names in os.walk(os.path.join(SOURCE_DIR, folder)):
            for name in sorted(names):
                if name.endswith(endings):
                    yield os.path.join(path, name)


def sources_of(room):
    return files_below(os.path.join("src", room), os.path.join("include/qbsweep", room),
                       endings=(".cpp", ".hpp", ".inl"))


def text_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def shown(path):
    return os.path.relpath(path, SOURCE_DIR)


def forbidden_includes(room, name, text):
    """The lines of `text`, a file called `name` in `room`, that include what the room may not know."""
    found = []
    for kind, target in re.findall(r'^#include ([<"])([^">]+)[">]', text, re.MULTILINE):
        if kind == "<":
            found += [f"{name}: <{target}>" for pattern, rooms in LIBRARIES.items()
                      if re.fullmatch(pattern, target) and room not in rooms]
            continue
        parts = target.split("/")
        if parts[0] == "qbsweep":
            reached = parts[1]
            if reached not in ROOMS or (reached != room and reached not in ROOMS[room]):
                found.append(f'{name}: "{target}"')
            if room in WITHOUT_PETSC and parts[2].startswith("petsc"):
                found.append(f'{name}: "{target}"')
        elif parts[0] == ".." or parts[0] in ROOMS:
            found.append(f'{name}: "{target}", which is private to its room')
    return found


class Rooms(unittest.TestCase):
    def test_each_includes_only_what_is_below_it(self):
        found = []
        for room in ROOMS:
            for path in sources_of(room):
                found += forbidden_includes(room, shown(path), text_of(path))
        self.assertEqual(found, [])

    def test_the_check_sees_an_arrow_that_runs_back_up(self):
        for room, line in [("model", "#include <mpi.h>"), ("operators", '#include "qbsweep/dynamics/watch.hpp"'),
                           ("parallel", '#include "qbsweep/model/parameters.hpp"'), ("app", "#include <hdf5.h>"),
                           ("model", '#include "qbsweep/support/petsc.hpp"'), ("spectrum", '#include "../dynamics/a.hpp"'),
                           ("dynamics", '#include "spectrum/rightmost.hpp"')]:
            with self.subTest(room=room, line=line):
                self.assertEqual(len(forbidden_includes(room, "a.cpp", f"#pragma once\n{line}\n")), 1)
        self.assertEqual(forbidden_includes("spectrum", "a.cpp", '#include "qbsweep/dynamics/watch.hpp"\n'), [])

    def test_each_is_a_folder_and_a_library_that_links_no_more_than_it_may_include(self):
        folders = set(os.listdir(os.path.join(SOURCE_DIR, "include/qbsweep")))
        self.assertEqual(folders, set(ROOMS))
        lines = re.findall(r"^qbsweep_room\((\w+)([^)]*)\)", text_of(os.path.join(SOURCE_DIR, "src/CMakeLists.txt")),
                           re.MULTILINE)
        self.assertEqual({name for name, _ in lines}, set(ROOMS))
        for name, linked in lines:
            reached = {word.removeprefix("qbsweep_") for word in linked.split() if word.startswith("qbsweep_")}
            self.assertLessEqual(reached & set(ROOMS), ROOMS[name], name)

    def test_only_the_program_knows_the_world(self):
        for room in set(ROOMS) - {"app"}:
            for path in sources_of(room):
                code = re.sub(r"//.*", "", text_of(path))
                self.assertNotRegex(code, r"\b(MPI|PETSC)_COMM_WORLD\b", shown(path))

    def test_no_file_is_long(self):
        long = {shown(path): lines
                for path in files_below("src", "include", "tests", "plots", "cmake", "jobs",
                                        endings=(".cpp", ".hpp", ".inl", ".py", ".sh", ".cmake"))
                if (lines := text_of(path).count("\n")) > MOST_LINES}
        self.assertEqual(long, {})


if __name__ == "__main__":
    unittest.main()
