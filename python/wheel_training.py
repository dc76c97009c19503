"""What the cache of loaded classes in the wheel is trained with: the classes that first queries need, and the loops of vectors.

Usage: wheel_training.py STORE; Java ends with it, and makes the cache that GRATICULE_JAVA_OPTIONS names.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import jpype
import pyarrow

import graticule

store = sys.argv[1]
con = graticule.connect()
con.register("rows", pyarrow.table({"station": ["Rize", "Van", "Rize"], "value": [1.0, 2.0, 3.0]}))
for sql in (
    f"SELECT latitude, avg(t2m) AS t FROM '{store}' GROUP BY latitude",
    f"SELECT * FROM '{store}' WHERE t2m > 280 AND time >= '2020-01-01' ORDER BY t2m DESC LIMIT 5",
    f"SELECT month(time) AS month, latitude, max(t2m) - min(t2m) FROM '{store}' GROUP BY ALL HAVING count(*) > 1",
    "SELECT station, sum(value) FROM rows WHERE value > 0 GROUP BY station ORDER BY 2",
    "SELECT avg(x), min(x), stddev(x), sum(x - 273.15) FROM (SELECT range::REAL AS x FROM range(4000000)) WHERE x > 300",
):
    relation = con.sql(sql)
    relation.fetchall()
    relation.to_arrow_table()
    relation.explain()
with tempfile.TemporaryDirectory() as folder:
    con.sql("SELECT * FROM rows").to_parquet(Path(folder) / "rows.parquet")
    con.sql(f"SELECT count(*) FROM '{folder}/rows.parquet' WHERE value > 1").fetchall()
try:
    con.sql("SELECT nothing FROM rows").fetchall()
except graticule.BindingError as failure:
    print(failure)
con.close()
jpype.JClass("java.lang.System").exit(0)
