"""A kind of import contract that import-linter does not have: names as patterns.

Its own kinds want every module to exist and to be listed. These patterns hold for a service that
is not written yet, and for one whose room is still empty. Used by ``.importlinter``.
"""

import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class DirectImports(Contract):
    """No module like ``importers`` imports one like ``imported``, but for the exceptions.

    ``stdlib`` among the patterns stands for Python's standard library. Imports over a third module
    are not followed: the third has a contract of its own.
    """

    type_name = "direct_imports"

    importers = fields.SetField(subfield=fields.StringField())
    imported = fields.SetField(subfield=fields.StringField())
    unless_importer = fields.SetField(subfield=fields.StringField(), required=False)
    unless_imported = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        broken = sorted(self._broken(graph))
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["broken"]:
            output.print_error(f"{importer} imports {imported}", bold=False)

    def _broken(self, graph: ImportGraph) -> Iterator[tuple[str, str]]:
        for importer in graph.modules:
            if not like(importer, self.importers) or like(importer, self.unless_importer):
                continue
            for imported in graph.find_modules_directly_imported_by(importer):
                if like(imported, self.imported) and not like(imported, self.unless_imported):
                    yield importer, imported


def like(module: str, patterns: object) -> bool:
    """Whether the module, or a package it lies in, has a name like one of the patterns."""
    parts = module.split(".")
    names = [".".join(parts[: end + 1]) for end in range(len(parts))]
    return any(_matches(name, pattern) for pattern in patterns or () for name in names)


def _matches(name: str, pattern: str) -> bool:
    if pattern == "stdlib":
        return name in sys.stdlib_module_names
    return fnmatchcase(name, pattern)
