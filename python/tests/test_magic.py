"""The cell magic of notebooks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import graticule


@pytest.fixture
def shell(tmp_path: Path) -> InteractiveShell:
    shell = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}), ipython_dir=str(tmp_path))
    shell.run_line_magic("load_ext", "graticule")
    return shell


def test_a_cell_gives_its_query(shell) -> None:
    shell.user_ns["frame"] = pd.DataFrame({"x": [1, 2, 3]})
    relation = shell.run_cell_magic("graticule", "", "SELECT sum(x) AS s\nFROM frame")
    assert isinstance(relation, graticule.Relation) and relation.fetchall() == [(6,)]
    assert "<table" in relation._repr_html_()


def test_a_cell_names_its_query_its_connection_and_its_parameters(shell, con) -> None:
    con.sql("CREATE VIEW v AS SELECT range AS x FROM range(5)")
    shell.user_ns.update(con=con, least={"least": 3}, number=1)
    assert shell.run_cell_magic("graticule", "big --connection con -p least", "SELECT x FROM v WHERE x >= $least") is None
    assert shell.user_ns["big"].fetchall() == [(3,), (4,)]
    for line, message in [("-c nothing", "no variable nothing"), ("-c number", "no Graticule"), ("1x", "cannot be"), ("-p q", "no var")]:
        with pytest.raises(UsageError, match=message):
            shell.run_cell_magic("graticule", line, "SELECT 1")
    with pytest.raises(graticule.SqlSyntaxError, match="LINE 1"):
        shell.run_cell_magic("graticule", "", "SELEC 1")


def test_the_package_does_not_import_ipython() -> None:
    code = "import sys, graticule; assert 'IPython' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
