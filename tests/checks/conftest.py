"""After the tests of the exercises: the table of what each check accepted and rejected."""

import harness


def pytest_terminal_summary(terminalreporter):
    if harness.TABLE:
        terminalreporter.section("what the checks accept and reject")
        for line in harness.table():
            terminalreporter.write_line(line)
