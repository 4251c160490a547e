"""float32 <-> decimal text in numba, without an object per number.

Reading is correctly rounded: what float64 arithmetic cannot decide is handed to `nearest_float32`, which is exact. Writing gives
the shortest decimal that reads back to the same bits, in Python's own notation (`0.0625`, `1e-05`, `3.0`): for the numbers of
word vectors the same bytes as gensim's.
"""

import decimal
import math

import numpy as np

from w2v.jit import jit

WIDEST = 24  # bytes of the longest number that `write_float32` writes, and more
READ, HARD, NOT_A_NUMBER = 0, 1, 2

_MINUS, _PLUS, _POINT, _ZERO, _SMALL_E, _LARGE_E = (ord(character) for character in "-+.0eE")
_LARGEST_POWER = 60
_POWERS = np.array([float(f"1e{k}") for k in range(_LARGEST_POWER + 1)])  # exact up to 1e22, then correctly rounded
_SIGNIFICANT = 19  # as many decimal digits as always fit into 64 bits
_EXPONENT_CAP = 100_000
_SMALLEST_NORMAL = 2.0**-126
_OVERFLOW = 2.0**128
_TIE = 1 << 28  # the 29 bits that float32 drops from a float64 mantissa, half way between two float32
_TIE_MASK = (1 << 29) - 1
_TIE_MARGIN = 8

_HALF_ULP = np.array([2.0 ** (max(field, 1) - 127 - 24) for field in range(255)])  # by the exponent field of a float32
_FIRST_DIGIT = np.array([math.floor((max(field, 1) - 127) * math.log10(2)) for field in range(255)], np.int64)
_ROUNDING_SLACK = 1e-6  # float64 error of a number scaled to nine digits is below 2.3e-7
_LONGEST_POSITIONAL = 16


@jit()
def parse_float32(text, start):  # type: ignore[no-untyped-def]
    """Parse ``[+-]?(digits[.digits]|.digits)([eE][+-]?digits)?`` at `start`; the byte after it must not be a part of it.

    Up to 19 digits go into 64 bits and are scaled by one power of ten in float64. At most three roundings, under two units in
    the last place: the float32 nearest to the result is the nearest to the text unless the result lies within `_TIE_MARGIN`
    units of a tie (Clinger 1990 for the idea; the margin replaces his exactness test, so that 17-digit numbers stay fast).

    Parameters
    ----------
    text : (n,) uint8, with a byte that belongs to no number after the number

    Returns
    -------
    value : float32, right if the status is READ
    end : index of the first byte behind the number
    status : READ; HARD (well-formed: `nearest_float32` has to decide); NOT_A_NUMBER
    """
    position = start
    negative = text[position] == _MINUS
    if negative or text[position] == _PLUS:
        position += 1
    mantissa = np.uint64(0)
    significant = 0
    exponent = 0
    n_digits = 0
    seen_point = False
    while True:
        byte = text[position]
        digit = byte - np.uint8(_ZERO)
        if digit <= 9:
            n_digits += 1
            if significant < _SIGNIFICANT:
                mantissa = mantissa * np.uint64(10) + np.uint64(digit)
                significant += mantissa != 0
                exponent -= seen_point
            else:
                exponent += not seen_point
        elif byte == _POINT and not seen_point:
            seen_point = True
        else:
            break
        position += 1
    if n_digits == 0:
        return np.float32(0), position, NOT_A_NUMBER
    if byte in (_SMALL_E, _LARGE_E):
        position += 1
        minus = text[position] == _MINUS
        if minus or text[position] == _PLUS:
            position += 1
        power = 0
        first = position
        while np.uint8(text[position] - np.uint8(_ZERO)) <= 9:
            power = min(10 * power + (text[position] - _ZERO), _EXPONENT_CAP)
            position += 1
        if position == first:
            return np.float32(0), position, NOT_A_NUMBER
        exponent += -power if minus else power
    if mantissa == 0:
        return np.float32(-0.0 if negative else 0.0), position, READ
    if exponent < -_LARGEST_POWER or exponent > _LARGEST_POWER:
        return np.float32(0), position, HARD
    value = np.float64(mantissa)
    if exponent < 0:
        value /= _POWERS[-exponent]
    else:
        value *= _POWERS[exponent]
    if abs(_from_tie(value)) <= _TIE_MARGIN or value < _SMALLEST_NORMAL or value >= _OVERFLOW:
        return np.float32(0), position, HARD
    return np.float32(-value if negative else value), position, READ


@jit()
def _from_tie(value):  # type: ignore[no-untyped-def]
    """How far a float64 is from the middle between two float32, in float64's units in the last place."""
    return (np.float64(value).view(np.int64) & _TIE_MASK) - _TIE


def nearest_float32(text: str) -> np.float32:
    """The float32 nearest to a decimal number, ties to even; infinite when it is too large.

    float64 is the way station: rounded to odd there, so that the second rounding, to float32, cannot go wrong
    (Boldo and Melquiond 2008, "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd").

    >>> float(nearest_float32("16777217"))  # half way: to even
    16777216.0
    >>> float(nearest_float32("16777217.0000000000000000000001"))
    16777218.0
    """
    value = float(text)
    if value != 0 and math.isfinite(value):  # where float64 ends, float32 has ended long before
        exact = decimal.Decimal(text)
        if exact != decimal.Decimal(value) and not np.float64(value).view(np.int64) & 1:
            value = math.nextafter(value, math.inf if exact > decimal.Decimal(value) else -math.inf)
    with np.errstate(over="ignore", under="ignore"):
        return np.float32(value)


@jit()
def write_float32(value, bits, out, start):  # type: ignore[no-untyped-def]
    """Write the shortest decimal that reads back to `value`; returns the index behind it.

    The value is scaled to nine digits before the point, in float64. Nine always read back: rounding moves the value by at most
    0.5, and half the gap to the next normal float32 is more than 2.9. Fewer are taken while they stay inside that half gap, by
    a slack that covers float64's own rounding and keeps readers right that round twice (to float64 first, as numpy does).

    Parameters
    ----------
    value : float32, finite
    bits : uint32, the bits of `value`
    out : (n,) uint8, changed in place; WIDEST bytes from `start` must exist
    """
    position = start
    if bits >> 31:
        out[position] = _MINUS
        position += 1
    if value == 0:
        return _write_positional(np.int64(0), 1, 0, out, position)
    field = np.int64((bits >> 23) & 0xFF)
    magnitude = abs(np.float64(value))
    first = _FIRST_DIGIT[field]
    if field == 0:  # subnormal: its leading bit may be anywhere
        first = np.int64(math.floor(math.log10(magnitude)))
    elif magnitude >= _POWERS[first + 1] if first >= -1 else magnitude * _POWERS[-first - 1] >= 1:
        first += 1
    above = _HALF_ULP[field]
    below = above / 2 if bits & 0x7FFFFF == 0 and field > 1 else above
    if first > 8:
        power = _POWERS[first - 8]
        scaled, above, below = magnitude / power, above / power, below / power
    else:
        power = _POWERS[8 - first]
        scaled, above, below = magnitude * power, above * power, below * power

    digits = np.int64(np.rint(scaled))
    n_digits = 9
    unit = 10.0
    while n_digits > 1:
        shorter = np.rint(scaled / unit)
        error = shorter * unit - scaled
        if error > above - _ROUNDING_SLACK or -error > below - _ROUNDING_SLACK:
            break
        digits = np.int64(shorter)
        n_digits -= 1
        unit *= 10.0
    if digits >= np.int64(_POWERS[n_digits]):  # 9.99 became 10
        digits //= 10
        first += 1
    if -4 <= first < _LONGEST_POSITIONAL:
        return _write_positional(digits, n_digits, first, out, position)
    return _write_scientific(digits, n_digits, first, out, position)


@jit()
def _write_digits(digits, n_digits, out, start):  # type: ignore[no-untyped-def]
    for offset in range(n_digits - 1, -1, -1):
        out[start + offset] = _ZERO + digits % 10
        digits //= 10
    return start + n_digits


@jit()
def _write_positional(digits, n_digits, first, out, position):  # type: ignore[no-untyped-def]
    """``digits * 10^(first - n_digits + 1)`` as 0.00123, 12.3 or 1230.0."""
    if first < 0:
        out[position] = _ZERO
        out[position + 1] = _POINT
        position += 2
        for _ in range(-first - 1):
            out[position] = _ZERO
            position += 1
        return _write_digits(digits, n_digits, out, position)
    n_whole = first + 1
    if n_digits <= n_whole:
        position = _write_digits(digits, n_digits, out, position)
        for _ in range(n_whole - n_digits):
            out[position] = _ZERO
            position += 1
        out[position] = _POINT
        out[position + 1] = _ZERO
        return position + 2
    fraction = np.int64(_POWERS[n_digits - n_whole])
    position = _write_digits(digits // fraction, n_whole, out, position)
    out[position] = _POINT
    return _write_digits(digits % fraction, n_digits - n_whole, out, position + 1)


@jit()
def _write_scientific(digits, n_digits, first, out, position):  # type: ignore[no-untyped-def]
    """``digits * 10^(first - n_digits + 1)`` as 1.23e-05."""
    if n_digits == 1:
        position = _write_digits(digits, 1, out, position)
    else:
        fraction = np.int64(_POWERS[n_digits - 1])
        position = _write_digits(digits // fraction, 1, out, position)
        out[position] = _POINT
        position = _write_digits(digits % fraction, n_digits - 1, out, position + 1)
    out[position] = _SMALL_E
    out[position + 1] = _MINUS if first < 0 else _PLUS
    return _write_digits(abs(first), 2, out, position + 2)
