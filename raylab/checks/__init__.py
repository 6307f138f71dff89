"""Answers to the learner: `check(id, answer)` and `hint(id, level)`."""
