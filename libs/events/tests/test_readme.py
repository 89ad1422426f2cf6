"""The page that invites to use the library tells the truth."""

import re
import subprocess
import sys
from pathlib import Path

LIBRARY = Path(__file__).parents[1]
PAGE = (LIBRARY / "README.md").read_text()


def test_what_the_readme_shows_runs_as_it_stands_there(tmp_path: Path) -> None:
    program = "\n".join(re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL))
    used = f"""
pottery = Database("sqlite:///pottery.db", service="pottery", clock=clock)
create_missing_tables(pottery)
sell(pottery, "m2")
assert Worker(pottery, broker, Subscriptions("pottery")).relay.step() == 1
town.drain()
town.advance(timedelta(hours=1))
assert [mug.mug_id for mug in town.said(MugWrapped)] == ["m1", "m2"]
print("{tmp_path.name}")
"""

    ran = subprocess.run(
        [sys.executable, "-c", program + used],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == tmp_path.name


def test_every_file_the_readme_points_to_is_there() -> None:
    links = re.findall(r"\]\(([^)]+)\)", PAGE)

    assert links
    assert [link for link in links if not (LIBRARY / link).exists()] == []


def test_the_readme_is_about_one_screen() -> None:
    words = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)

    assert len(words.splitlines()) <= 40
    assert len(PAGE.splitlines()) <= 100
