"""A counter that several threads share; numba has none for processors."""

from typing import Any

from numba import extending, types
from numba.core import cgutils

intrinsic: Any = extending.intrinsic  # to a type checker, what it makes takes the compiler's arguments


@intrinsic
def take(typingctx: Any, counter: Any) -> Any:
    """counter[0] before it is raised by one, in one step that no other thread can split."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = cgutils.create_struct_proxy(signature.args[0])(context, builder, arguments[0])
        return builder.atomic_rmw("add", array.data, context.get_constant(types.int64, 1), "monotonic")

    return types.int64(counter), code


@intrinsic
def look(typingctx: Any, counter: Any) -> Any:
    """counter[0] as it is in memory now, not as it was when a loop began."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = cgutils.create_struct_proxy(signature.args[0])(context, builder, arguments[0])
        return builder.load_atomic(array.data, "monotonic", 8)

    return types.int64(counter), code
