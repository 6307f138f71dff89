"""`import raylab`, beyond what importing numpy costs; the peer is `import numpy` itself."""

import subprocess
import sys

from benchmarks.rows import Row, interleaved


def rows() -> list[Row]:
    def start(code: str) -> None:
        subprocess.run([sys.executable, "-c", code], check=True)

    seconds = interleaved(
        {
            "nothing": lambda: start("pass"),
            "numpy": lambda: start("import numpy"),
            "raylab": lambda: start("import raylab"),
            "core": lambda: start("import raylab.systems.bandit, raylab.interference"),
        },
        repeats=9,
    )
    bare = seconds["nothing"]
    return [
        Row(
            job,
            max(seconds[name] - bare, 0.0),
            "import numpy",
            seconds["numpy"] - bare,
            note="whole process less an empty one",
        )
        for job, name in (("import raylab", "raylab"), ("import raylab.systems.bandit", "core"))
    ]
