"""The door: what is legal passes unchanged, what is not is told what was expected, what was found, and what to do."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from raylab import arguments

FINITE = {"allow_nan": False, "allow_infinity": False}


# ------------------------------------------------------------------------------------------------- arrays


@given(hnp.arrays(np.float64, hnp.array_shapes(min_dims=2, max_dims=4), elements=st.floats(**FINITE)))
def test_a_legal_array_comes_back_as_itself(value):
    assert arguments.array(value, "G", "... K d") is value


@pytest.mark.parametrize("kind", [np.int8, np.uint64, np.float16, np.float32, ">f8", np.longdouble])
def test_real_numbers_of_any_kind_become_float64(kind):
    found = arguments.array(np.array([1, 2, 3], dtype=kind), "x", "d")
    assert found.dtype == np.float64 and found.dtype.isnative and found.tolist() == [1, 2, 3]


def test_lists_tuples_and_scalars_are_read():
    assert arguments.array([[1, 2], (3, 4)], "G", "K d").tolist() == [[1, 2], [3, 4]]
    assert arguments.array(0.5, "x", "...").shape == ()
    assert arguments.array(np.ones((4, 2, 3)), "x", "T 2 3").shape == (4, 2, 3)


def test_memory_order_and_write_protection_do_not_matter_and_nothing_is_copied():
    value = np.asfortranarray(np.ones((3, 2)))
    value.flags.writeable = False
    assert arguments.array(value, "G", "K d") is value
    assert arguments.array(value[::2], "G", "K d").base is not None


def test_a_subclass_comes_in_as_a_plain_array():
    found = arguments.array(np.ones((2, 2)).view(np.matrix), "G", "K d")
    assert type(found) is np.ndarray


@pytest.mark.parametrize(
    ("shape", "wanted"),
    [
        ((3,), "K d"),
        ((2, 3, 4), "K d"),
        ((3,), "... K d"),
        ((2, 3), "K K"),
        ((2, 3), "2 2"),
        ((2, 3), "... 4"),
        ((), "d"),
        ((5, 2, 3), "... K K"),
        ((3, 2), "2 K"),
    ],
)
def test_another_shape_is_named_with_the_one_that_was_found(shape, wanted):
    with pytest.raises(ValueError) as told:
        arguments.array(np.ones(shape), "G", wanted)
    said = str(told.value)
    assert said.startswith("G: expected shape (") and f"found {shape}" in said and ";" in said


@pytest.mark.parametrize(
    ("shape", "wanted"), [((3,), "d"), ((2, 3), "K d"), ((5, 4, 2, 3), "... K d"), ((4, 4), "K K"), ((7, 2), "T 2")]
)
def test_the_named_shape_passes(shape, wanted):
    assert arguments.array(np.ones(shape), "G", wanted).shape == shape


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0), (2, 0, 3)])
def test_no_axis_may_be_empty(shape):
    with pytest.raises(ValueError, match=r"G: expected at least one entry on every axis.*found shape"):
        arguments.array(np.ones(shape), "G", "...")


@given(
    hnp.arrays(np.float64, (3, 4), elements=st.floats(-1, 1)),
    st.tuples(st.integers(0, 2), st.integers(0, 3)),
    st.sampled_from([np.nan, np.inf, -np.inf]),
)
def test_the_first_place_that_is_not_finite_is_named(value, place, spoiled):
    value[place] = spoiled
    with pytest.raises(ValueError) as told:
        arguments.array(value, "G", "K d")
    assert f"found {spoiled} at index {place}" in str(told.value)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "one",
        b"1",
        True,
        1j,
        object(),
        {"a": 1},
        {1.0},
        [[1.0], [1.0, 2.0]],
        [None],
        [10**400],
        np.array([True]),
        np.array([1j]),
        np.array(["1"]),
        np.array([1.0], dtype=object),
        np.array("2024-01-01", "datetime64[D]"),
        np.zeros(2, dtype=[("x", float)]),
    ],
    ids=lambda value: f"{type(value).__name__}",
)
def test_what_holds_no_real_numbers_is_a_type_error(value):
    with pytest.raises(TypeError, match=r"^G: expected real numbers|^G: expected numbers") as told:
        arguments.array(value, "G", "...")
    assert "found" in str(told.value) and ";" in str(told.value)


def test_a_tensor_that_needs_gradients_is_told_how_to_let_go():
    torch = pytest.importorskip("torch")
    with pytest.raises(TypeError, match=r"detach\(\)"):
        arguments.array(torch.ones(2, requires_grad=True), "G", "d")
    assert arguments.array(torch.ones(2), "G", "d").tolist() == [1, 1]


# ------------------------------------------------------------------------------------------- single numbers


@pytest.mark.parametrize("value", [0, 0.25, 1, np.float32(0.5), np.int8(1), np.array(0.5), Fraction(1, 2)])
def test_a_real_number_becomes_a_float(value):
    found = arguments.number(value, "rate", 0, 1)
    assert type(found) is float and found == value


@pytest.mark.parametrize("value", [None, "0.5", True, np.True_, 1j, [0.5], np.array([0.5]), object()])
def test_what_is_no_real_number_is_a_type_error(value):
    with pytest.raises(TypeError, match=r"rate: expected one real number, found .*; pass a float"):
        arguments.number(value, "rate")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 10**400, -(10**400), np.nextafter(1, 2), -5e-324])
def test_a_number_out_of_range_is_named_with_the_range(value):
    with pytest.raises(ValueError, match=r"rate: expected a finite number in \[0, 1\], found"):
        arguments.number(value, "rate", 0, 1)


def test_both_ends_of_a_range_belong_to_it():
    assert arguments.number(0, "rate", 0.0, 1.0) == 0.0 and arguments.number(1, "rate", 0.0, 1.0) == 1.0


@pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3), np.array(3)])
def test_a_whole_number_becomes_an_int(value):
    assert type(arguments.count(value, "steps")) is int


@pytest.mark.parametrize("value", [None, "3", 3.0, True, np.True_, 1j, [3], np.array([3]), np.nan])
def test_what_is_no_whole_number_is_a_type_error(value):
    with pytest.raises(TypeError, match=r"steps: expected a whole number, found .*; pass an int"):
        arguments.count(value, "steps")


@pytest.mark.parametrize("value", [0, -1, -(10**400)])
def test_too_small_a_count_is_named_with_the_least(value):
    with pytest.raises(ValueError, match="steps: expected at least 1, found"):
        arguments.count(value, "steps")


@pytest.mark.parametrize("value", [2**63, 10**30, 10**400])
def test_a_count_beyond_any_array_is_refused(value):
    with pytest.raises(ValueError, match="steps: expected a number of 64 bits"):
        arguments.count(value, "steps")
    assert arguments.count(2**63 - 1, "steps") == 2**63 - 1


# ------------------------------------------------------------------------------------------- everything else


def test_a_seed_is_no_generator():
    rng = np.random.default_rng(0)
    assert arguments.generator(rng) is rng
    for value in (None, 0, np.random, np.random.RandomState(0), np.random.default_rng):
        with pytest.raises(TypeError, match=r"rng: expected a numpy Generator.*default_rng\(seed\)"):
            arguments.generator(value)


def test_a_function_is_passed_without_calling_it():
    assert arguments.function(len, "velocity") is len
    with pytest.raises(TypeError, match="velocity: expected a function, found a value of type float"):
        arguments.function(0.5, "velocity")


def test_only_true_and_false_are_flags():
    assert arguments.flag(np.True_, "sampled") is True and arguments.flag(False, "sampled") is False
    for value in (None, 0, 1, "no", [], np.array([True])):
        with pytest.raises(TypeError, match="sampled: expected True or False, found"):
            arguments.flag(value, "sampled")


def test_texts_are_checked_one_by_one():
    assert arguments.text("", "finding") == "" and arguments.texts(("a", "b"), "names", 2) == ("a", "b")
    for value, said in ((None, "names: expected a list"), ("ab", "names: expected a list"), (["a", 3], r"names\[1\]")):
        with pytest.raises(TypeError, match=said):
            arguments.texts(value, "names")
    with pytest.raises(ValueError, match="names: expected 3 entries, found 2"):
        arguments.texts(["a", "b"], "names", 3)


def test_a_sequence_has_entries_in_order():
    for value in ([], (1, 2), np.ones((2, 2)), range(3)):
        assert arguments.sequence(value, "runs") is value
    for value in (None, 3, "runs", b"runs", {1, 2}, {"a": 1}, np.array(1.0), iter([1])):
        with pytest.raises(TypeError, match="runs: expected a list or tuple, found"):
            arguments.sequence(value, "runs")


def test_a_mapping_has_names_and_at_least_one():
    assert arguments.mapping({"a": 1}, "samples") == {"a": 1}
    with pytest.raises(TypeError, match="samples: expected a dict, found a value of type list"):
        arguments.mapping(["a"], "samples")
    with pytest.raises(ValueError, match="samples: expected at least one entry"):
        arguments.mapping({}, "samples")
