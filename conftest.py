"""For every pytest run in this repository, notebooks included: same threads, same history as JupyterLab."""

import os

# Set before numpy or torch is imported, and inherited by the kernels that nbval starts:
# float32 sums differ in the sixth digit with the number of threads.
os.environ["OMP_NUM_THREADS"] = "1"
# A progress bar comes and goes with the speed of the machine, and stored outputs are compared.
os.environ["TQDM_DISABLE"] = "1"

try:
    from nbval.kernel import RunningKernel
except ImportError:  # nbval is in the extra `test`; tests that need no notebook run without it
    pass
else:

    def _execute_as_jupyterlab_does(self, cell_input, allow_stdin=None):
        """Keep the history: without it IPython ignores the trailing semicolon that silences a cell."""
        return self.kc.execute(cell_input, allow_stdin=allow_stdin, store_history=True, stop_on_error=False)

    RunningKernel.execute_cell_input = _execute_as_jupyterlab_does
