"""A statement of the paper beside the numbers that we find."""

import dataclasses


@dataclasses.dataclass
class Number:
    """One number, and the range that it has to lie in."""

    name: str
    value: float
    low: float
    high: float

    @property
    def fits(self):
        return self.low <= self.value <= self.high


@dataclasses.dataclass
class Finding:
    """A statement of the paper, whether we find it to hold (`agrees`: yes, no, partly), and our numbers."""

    where: str
    statement: str
    agrees: str
    found: str
    numbers: list

    @property
    def as_expected(self):
        return all(number.fits for number in self.numbers)


def spread(values):
    """The smallest and the largest number, as a text."""
    low, high = min(values), max(values)
    return f"{low:.2f} to {high:.2f}"
