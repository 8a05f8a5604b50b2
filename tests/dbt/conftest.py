"""The project parsed once, and warehouses built from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import raw_tables
from dbt.contracts.graph.manifest import Manifest
from warehouses import Warehouse, run_dbt


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where dbt puts what it compiles."""
    return tmp_path_factory.mktemp("target")


@pytest.fixture(scope="session")
def manifest(target: Path) -> Iterator[Manifest]:
    """The project, parsed once for all tests, with a build file that no test uses."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BOKSLUT_BUILD", str(target / "parsed.duckdb"))
        patch.setenv("BOKSLUT_RAW", str(target / "nowhere"))
        yield run_dbt(None, "parse", target=target)


@pytest.fixture(scope="session")
def dbt(manifest: Manifest, target: Path) -> Callable[..., Warehouse]:
    """Run one dbt command on a build file and raw tables."""

    def run(path: Path, raw: Path, *arguments: str) -> Warehouse:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("BOKSLUT_BUILD", str(path))
            patch.setenv("BOKSLUT_RAW", str(raw))
            results = run_dbt(manifest, *arguments, target=target).results
        return Warehouse(path, raw, {result.node.name: str(result.status) for result in results})

    return run


@pytest.fixture(scope="session")
def dbt_compile(manifest: Manifest, target: Path) -> Callable[..., dict[str, str]]:
    """Return the compiled SQL of models by name, for running them straight in DuckDB."""

    def run(*models: str) -> dict[str, str]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("BOKSLUT_BUILD", str(target / "warehouse.duckdb"))
            patch.setenv("BOKSLUT_RAW", str(target))
            results = run_dbt(manifest, "compile", "--select", *models, target=target).results
        return {result.node.name: result.node.compiled_code for result in results if result.node.name in models}

    return run


@pytest.fixture(scope="session")
def build(dbt: Callable[..., Warehouse], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Warehouse]:
    """Write raw tables and build everything but the closing models from them."""

    def run(tables: raw_tables.Tables, *arguments: str) -> Warehouse:
        folder = tmp_path_factory.mktemp("build")
        raw_tables.write(folder / "raw", tables)
        chosen = arguments or ("--exclude-resource-type", "unit_test")
        return dbt(folder / "warehouse.duckdb", folder / "raw", "build", "--exclude", "tag:closing", *chosen)

    return run


@pytest.fixture(scope="session")
def green(build: Callable[..., Warehouse]) -> Warehouse:
    """The tiny municipality, built with every test."""
    return build(raw_tables.municipality(), "--no-fail-fast")
