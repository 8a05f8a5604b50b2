"""What every step needs: the home and the settings, found when a step starts and never before.

Belongs here: the one Dagster resource. Not here: what the steps do with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from dagster import ConfigurableResource, InitResourceContext
from pydantic import PrivateAttr

from orchestration.disk import is_of_disk, words_of
from orchestration.home import Home
from orchestration.lock import lock
from orchestration.settings import Settings, load_settings
from sources.register import Register


class Workspace(ConfigurableResource):  # type: ignore[misc]
    """The installation a step works on. ``home_path`` overrides ``BOKSLUT_HOME``.

    ``holds_lock`` says that whoever starts the run has taken the home's lock for it.
    """

    home_path: str | None = None
    holds_lock: bool = False
    _settings: Settings | None = PrivateAttr(default=None)

    @contextmanager
    def yield_for_execution(self, context: InitResourceContext) -> Iterator[Workspace]:
        """Hold the home's lock for as long as a run lasts, and tell the data owners at its end, however it ended.

        Sensors only look and need none of it. Raises ``AlreadyRunningError``.
        """
        with lock(self.home) if context.run and not self.holds_lock else nullcontext():
            if context.run:
                self._clear_leftovers(context)
            try:
                yield self
            finally:
                if context.run:
                    self._tell_owners(context)

    def _clear_leftovers(self, context: InitResourceContext) -> None:
        from orchestration.operation.leftovers import clear_leftovers

        for path in clear_leftovers(self.home):
            context.log.info(f"En avbruten körning hade lämnat {path}; det är borttaget.")

    def _tell_owners(self, context: InitResourceContext) -> None:
        from orchestration.mending import tell_owners

        try:
            tell_owners(self.home, self.settings, context.run.run_id)
        except Exception as error:
            # The run has ended and its result stands; what owners read must still not grow old in silence. A disk that
            # is full is told of in words, for the whole run.
            message = "Arbetsböckerna med vad som ska rättas kunde inte skrivas."
            context.log.critical(message, exc_info=not is_of_disk(words_of(error)))

    @property
    def home(self) -> Home:
        """The home, with its folders made."""
        home = Home(Path(self.home_path).resolve()) if self.home_path else Home.from_environment()
        return home.create()

    @property
    def settings(self) -> Settings:
        """The settings, read once per run."""
        if self._settings is None:
            self._settings = load_settings()
        return self._settings

    @contextmanager
    def register(self) -> Iterator[Register]:
        """Open the register of deliveries."""
        with Register(self.home.register) as register:
            yield register
