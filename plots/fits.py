"""Least-squares fits of laws of growth."""

import numpy


def exponent(x, y, at_least=0.0):
    """p of the least-squares fit y ~ x^p over the points x >= at_least."""
    x, y = numpy.asarray(x, float), numpy.asarray(y, float)
    used = (x >= at_least) & numpy.isfinite(y)
    return float(numpy.polyfit(numpy.log(x[used]), numpy.log(y[used]), 1)[0])


def logarithmic_fit(x, y):
    """b and a of the least-squares fit y ~ a + b ln x, and the largest distance from it."""
    x, y = numpy.log(numpy.asarray(x, float)), numpy.asarray(y, float)
    slope, start = numpy.polyfit(x, y, 1)
    return float(slope), float(start), float(abs(y - start - slope * x).max())
