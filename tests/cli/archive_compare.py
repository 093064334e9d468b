"""Holds two archives against each other, bit by bit, NaN included. What may differ between two runs of one
sweep is left out: how long it took, how often it was tried, when it began.

As a program: archive_compare.py FIRST.h5 SECOND.h5 prints what differs; exit code 1 if anything does."""

import os
import re
import sys
import zlib

import h5py
import numpy as np

# Datasets and root attributes that may differ.
TIMINGS = {"wall_seconds", "attempts", "checksum"}  # the checksum is one of the timings, too
CREATION = {"created", "metadata_checksum"}  # of which the time of creation is part

DONE = 1  # in the dataset `status`


def same_bits(first, second):
    """Whether two values read by h5py are the same to the last bit."""
    first, second = np.asarray(first), np.asarray(second)
    if (first.dtype, first.shape) != (second.dtype, second.shape):
        return False
    if first.dtype.hasobject:  # texts
        return first.tolist() == second.tolist()
    return first.tobytes() == second.tobytes()


def attributes(of, left_out=frozenset()):
    """The attributes of a file or dataset by name, references to dimension scales as their names."""
    values = {name: value for name, value in of.attrs.items()
              if name not in left_out and name != "REFERENCE_LIST"}  # the inverse of DIMENSION_LIST
    if "DIMENSION_LIST" in values:
        values["DIMENSION_LIST"] = [of.file[scale].name for scales in values["DIMENSION_LIST"]
                                    for scale in scales]
    return values


def differing_names(first, second):
    """The names of which only one of two dictionaries has a value, or another one."""
    return sorted(name for name in first.keys() | second.keys()
                  if name not in first or name not in second
                  or not same_bits(first[name], second[name]))


def differences(first_path, second_path):
    """What differs between two archives, a line each."""
    with h5py.File(first_path, "r") as first, h5py.File(second_path, "r") as second:
        found = [f"attribute {name}" for name in differing_names(attributes(first, CREATION),
                                                                 attributes(second, CREATION))]
        found += [f"dataset {name} is in one of them only"
                  for name in sorted(first.keys() ^ second.keys())]
        for name in sorted(first.keys() & second.keys()):
            found += [f"attribute {attribute} of {name}" for attribute in differing_names(
                attributes(first[name]), attributes(second[name]))]
            if name not in TIMINGS and not same_bits(first[name][()], second[name][()]):
                found.append(f"dataset {name}")
    return found


def damaged_slots(path, reference_path):
    """What differs between the slots that an archive has marked done and the same slots of a complete
    archive of the same sweep, and what differs outside the slots; a line each."""
    with h5py.File(path, "r") as archive, h5py.File(reference_path, "r") as reference:
        done = archive["status"][()] == DONE
        found = [f"dataset {name} is in one of them only"
                 for name in sorted(archive.keys() ^ reference.keys())]
        for name in sorted(archive.keys() & reference.keys() - TIMINGS):
            values, whole = archive[name][()], reference[name][()]
            if has_slots(archive[name], archive["status"]):
                values, whole = values[done], whole[done]
            if not same_bits(values, whole):
                found.append(f"dataset {name}")
    return found


def has_slots(dataset, status):
    """Whether the dataset holds something for every point: its first dimensions are those of status."""
    return (dataset.shape[:status.ndim] == status.shape
            and attributes(dataset).get("DIMENSION_LIST", [])[:status.ndim]
            == attributes(status).get("DIMENSION_LIST", []))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    lines = differences(sys.argv[1], sys.argv[2])
    print("\n".join(lines) or "the same")
    sys.exit(1 if lines else 0)


def stamp(file):
    """Gives the points that are done the checksums of the numbers that they hold now, as if a run had written them:
    CRC-32 of the point's number, then of each result in the order of docs/archive.md: its name and its numbers as
    doubles. A point that is not done gets none."""
    with open(os.path.join(os.environ["QBSWEEP_SOURCE_DIR"], "docs", "archive.md"), encoding="utf-8") as page:
        names = re.findall(r"^\| `(\w+)` \| \w+ \| axes", page.read(), re.MULTILINE)
    results = [name for name in names if name in file and name not in ("status", "attempts", "checksum")]
    points = file["status"].size
    numbers = {name: file[name][()].astype("<f8").reshape(points, -1) for name in results}
    sums = np.zeros(points, dtype=np.int64)
    for point in np.flatnonzero(file["status"][()].ravel() == DONE):
        value = zlib.crc32(int(point).to_bytes(8, "little")) or 1
        for name in results:
            value = zlib.crc32(numbers[name][point].tobytes(), zlib.crc32(name.encode(), value)) or 1
        sums[point] = value
    file["checksum"][...] = sums.reshape(file["checksum"].shape)
