"""The examples of every source, put together."""

import arrival_examples
import goal_examples
import indicator_examples
import register_examples
import staff_examples

GOOD = {
    **arrival_examples.GOOD,
    **goal_examples.GOOD,
    **indicator_examples.GOOD,
    **register_examples.GOOD,
    **staff_examples.GOOD,
}
BAD = {
    **arrival_examples.BAD,
    **goal_examples.BAD,
    **indicator_examples.BAD,
    **register_examples.BAD,
    **staff_examples.BAD,
}
