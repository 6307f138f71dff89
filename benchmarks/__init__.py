"""What is claimed about speed, side by side with peers in one run: `python -m benchmarks [--json FILE] [JOB ...]`."""
