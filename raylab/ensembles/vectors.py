"""A vector for compiled code: LANES numbers that go through every operation together, written like a single number.

The compiler cuts it into registers of whatever width the machine has. The pieces do not wait for one another, so
that it works on one while another is under way; that is worth a factor of two over loops that it makes into vectors
by itself. Every operation is the one of Python's floats, lane by lane.
"""

import operator
from collections.abc import Callable
from typing import Any, ClassVar

from llvmlite import ir
from numba import extending, types
from numba.core import cgutils
from numba.core.typeconv.castgraph import Conversion
from numba.core.typing import templates
from numba.extending import lower_builtin, lower_cast, models, register_model

# To a type checker, what the one makes takes the compiler's arguments, and what the other makes is None.
intrinsic: Any = extending.intrinsic
infer_global: Any = templates.infer_global
LANES = 16  # enough to hide what a single register would wait for, few enough for the state to stay close by
_INT64 = ir.IntType(64)
_ELEMENTS = {types.float64: ir.DoubleType(), types.uint64: _INT64, types.boolean: ir.IntType(1)}


class Vector(types.Type):
    """The compiler's name for LANES elements of one kind; a single number next to it counts for every lane."""

    def __init__(self, element: types.Type) -> None:
        self.element = element
        super().__init__(name=f"Vector({element} x {LANES})")

    def can_convert_from(self, typingctx: Any, other: types.Type) -> Conversion | None:
        """Numbers of the element's own kind become vectors where a vector is wanted."""
        return Conversion.safe if other == self.element else None


FLOATS, BITS, TRUTHS = Vector(types.float64), Vector(types.uint64), Vector(types.boolean)


@register_model(Vector)
class _Model(models.PrimitiveModel):
    def __init__(self, dmm: Any, fe_type: Vector) -> None:
        super().__init__(dmm, fe_type, ir.VectorType(_ELEMENTS[fe_type.element], LANES))


@lower_cast(types.float64, FLOATS)
@lower_cast(types.uint64, BITS)
def _spread(context: Any, builder: Any, found: Any, wanted: Any, value: Any) -> Any:
    undefined = ir.Constant(ir.VectorType(value.type, LANES), ir.Undefined)
    first = builder.insert_element(undefined, value, ir.IntType(32)(0))
    return builder.shuffle_vector(first, undefined, ir.Constant(ir.VectorType(ir.IntType(32), LANES), None))


def _operator(function: Any, kind: Vector, result: Vector, build: Callable[[Any, Any, Any], Any]) -> None:
    """Let the compiler know what `function` makes of two vectors of that kind."""

    @infer_global(function)
    class _Typing(templates.ConcreteTemplate):
        cases: ClassVar[list[Any]] = [templates.signature(result, kind, kind)]

    @lower_builtin(function, kind, kind)
    def _code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return build(builder, *args)


_operator(operator.add, FLOATS, FLOATS, lambda builder, x, y: builder.fadd(x, y))
_operator(operator.sub, FLOATS, FLOATS, lambda builder, x, y: builder.fsub(x, y))
_operator(operator.mul, FLOATS, FLOATS, lambda builder, x, y: builder.fmul(x, y))
_operator(operator.truediv, FLOATS, FLOATS, lambda builder, x, y: builder.fdiv(x, y))
_operator(operator.lt, FLOATS, TRUTHS, lambda builder, x, y: builder.fcmp_ordered("<", x, y))
_operator(operator.gt, FLOATS, TRUTHS, lambda builder, x, y: builder.fcmp_ordered(">", x, y))
_operator(operator.le, FLOATS, TRUTHS, lambda builder, x, y: builder.fcmp_ordered("<=", x, y))
_operator(operator.and_, TRUTHS, TRUTHS, lambda builder, x, y: builder.and_(x, y))
_operator(operator.add, BITS, BITS, lambda builder, x, y: builder.add(x, y))
_operator(operator.mul, BITS, BITS, lambda builder, x, y: builder.mul(x, y))
_operator(operator.xor, BITS, BITS, lambda builder, x, y: builder.xor(x, y))
_operator(operator.or_, BITS, BITS, lambda builder, x, y: builder.or_(x, y))
_operator(operator.lshift, BITS, BITS, lambda builder, x, y: builder.shl(x, y))
_operator(operator.rshift, BITS, BITS, lambda builder, x, y: builder.lshr(x, y))


@intrinsic
def where(typingctx: Any, truth: Any, one: Any, other: Any) -> Any:
    """`one` where it is true and `other` where not, without a branch: for vectors, and for single floats."""
    result = FLOATS if truth == TRUTHS else types.float64

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.select(*args)

    return result(truth, result, result), code


@intrinsic
def to_bits(typingctx: Any, x: Any) -> Any:
    """The 64 bits of each float."""
    result = BITS if x == FLOATS else types.uint64

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.bitcast(args[0], context.get_value_type(result))

    return result(x), code


@intrinsic
def to_floats(typingctx: Any, x: Any) -> Any:
    """The floats that have these bits."""
    result = FLOATS if x == BITS else types.float64

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.bitcast(args[0], context.get_value_type(result))

    return result(x), code


@intrinsic
def root(typingctx: Any, x: Any) -> Any:
    """The square roots of a vector, rounded correctly as those of math.sqrt."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = ir.FunctionType(args[0].type, [args[0].type])
        return builder.call(cgutils.get_or_insert_function(builder.module, kind, f"llvm.sqrt.v{LANES}f64"), args)

    return FLOATS(FLOATS), code


@intrinsic
def load(typingctx: Any, rows: Any, row: Any) -> Any:
    """Row `row` of an array with LANES columns, of float64 or of uint64."""
    result = FLOATS if rows.dtype == types.float64 else BITS

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.load(_place(context, builder, sig, args), align=8)

    return result(rows, types.intp), code


@intrinsic
def store(typingctx: Any, rows: Any, row: Any, value: Any) -> Any:
    """Write a vector to row `row` of an array with LANES columns."""

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        builder.store(args[2], _place(context, builder, sig, args), align=8)
        return context.get_dummy_value()

    return types.none(rows, types.intp, FLOATS if rows.dtype == types.float64 else BITS), code


def _place(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    array = cgutils.create_struct_proxy(sig.args[0])(context, builder, args[0])
    first = builder.gep(array.data, [builder.mul(args[1], ir.Constant(args[1].type, LANES))])
    return builder.bitcast(first, ir.VectorType(_ELEMENTS[sig.args[0].dtype], LANES).as_pointer())
