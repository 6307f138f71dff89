"""One JupyterLab and one browser for all browser tests: their start is most of the time."""

import lab
import pytest


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    why = lab.missing()
    if why:
        pytest.skip(why)
    with lab.jupyterlab(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture(scope="session")
def browser(server):
    with lab.browser() as started:
        yield started
