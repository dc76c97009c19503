"""The cell magic ``%%graticule``. Imported by ``%load_ext graticule`` alone, as it needs IPython."""

from __future__ import annotations

from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, cell_magic, magics_class
from IPython.core.magic_arguments import argument, magic_arguments, parse_argstring

from ._connection import Connection
from ._relation import Relation


@magics_class
class GraticuleMagics(Magics):  # type: ignore[misc]
    """A cell of SQL."""

    @magic_arguments()
    @argument("name", nargs="?", help="the variable that the query becomes; without it the cell shows the first rows")
    @argument("-c", "--connection", help="the variable that holds the connection, instead of the default connection")
    @argument("-p", "--params", help="the variable that holds the parameters: a list for ?, a dict for $name")
    @cell_magic
    def graticule(self, line: str, cell: str) -> Relation | None:
        """Asks in SQL, of what is registered and of the notebook's variables."""
        from . import default_connection

        asked = parse_argstring(self.graticule, line)
        connection = default_connection() if asked.connection is None else self._variable(asked.connection)
        if not isinstance(connection, Connection):
            raise UsageError(f"{asked.connection} is no Graticule connection")
        params = None if asked.params is None else self._variable(asked.params)
        relation = connection._sql(cell, params, self._variables)
        if asked.name is None:
            return relation
        if not asked.name.isidentifier():
            raise UsageError(f"{asked.name} cannot be a variable")
        self._variables[asked.name] = relation
        return None

    @property
    def _variables(self) -> dict[str, Any]:
        shell: Any = self.shell
        return shell.user_ns  # type: ignore[no-any-return]

    def _variable(self, name: str) -> Any:
        if name not in self._variables:
            raise UsageError(f"there is no variable {name}")
        return self._variables[name]
