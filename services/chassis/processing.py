"""One batch, one transaction: what an engine's records become, whatever goes wrong.

Steps of a batch:

1. begin the writing transaction and lock the positions of its partitions; drop what they say is
   done; what is missing before it is read from the log and handled first;
2. read the headers and check each sequence, before looking at types;
3. read the rows the handlers will ask for, one SELECT a table;
4. call one plain handler for each event; what it stages is kept only if it returns;
5. flush, one executemany a table;
6. commit;
7. acknowledge: returning from `process` allows the engine to.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DataError, IntegrityError

from services.chassis.batch import Batch, Crashed, Gap, Spoiled, Verdicts
from services.chassis.clock import wait
from services.chassis.database import reading, writing
from services.chassis.dead_letters import CRASHES_ALLOWED, count_crash
from services.chassis.envelope import GENESIS
from services.chassis.errors import Fenced, Misconfigured, Refused, StoreUnavailable
from services.chassis.logs import log, warn
from services.chassis.positions import Position, Positions, mark_of
from services.chassis.sql import Sql

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from services.chassis.bus import Bus, LogReader, Partition, Record
    from services.chassis.desk import Desk

LONGEST_PAUSE_S = 5.0


class Processor:
    """The intake of one service: what an engine hands its records to.

    Args:
        desk: the service's database.
        bus: where missing ranges are read.
        installation: whose topics these must be.
        after_batch: called after each commit, with the number of records done.

    `turn` is held while a batch is processed: work for later takes it as well, so that one worker
    writes one thing at a time.
    """

    def __init__(
        self,
        desk: Desk[Any],
        bus: Bus,
        installation: str,
        after_batch: Callable[[int], None] = lambda _count: None,
    ) -> None:
        self._desk = desk
        self._bus = bus
        self._installation = installation
        self._after_batch = after_batch
        self._reader: LogReader | None = None
        self.turn = threading.RLock()

    def assigned(self, partitions: Sequence[Partition]) -> None:
        """Catch up from the database's positions to the ends of these partitions.

        Raises:
            Misconfigured: the topic belongs to another installation.
        """
        with self.turn:
            self._assigned(partitions)

    def _assigned(self, partitions: Sequence[Partition]) -> None:
        admin = self._bus.admin()
        try:
            ends = admin.describe(sorted({p.topic for p in partitions}))
        finally:
            admin.close()
        for partition in partitions:
            state = ends.get(partition.topic)
            if state is not None and state.topic_id == partition.topic_id:
                end = state.ends.get(partition.number, 0)
                self._check_owner(partition)
                self._check_last(partition, end)
                self._fill(partition, self._position(partition).next_offset, end)

    def process(self, batch: Sequence[Record]) -> None:
        """Process the batch durably; see the steps above."""
        with self.turn:
            self._process(batch)

    def _process(self, batch: Sequence[Record]) -> None:
        pause = 0.01
        size = len(batch)
        start = 0
        while start < len(batch):
            part = batch[start : start + size]
            try:
                self._part(part)
            except StoreUnavailable as broken:
                log("store-unavailable", service=self._desk.service.name, error=str(broken))
                size = max(1, size // 2)
                wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)
            else:
                start += len(part)

    def _part(self, records: Sequence[Record]) -> None:
        """Do these records in one transaction; one by one where that fails on the data of one."""
        try:
            self._attempts(records)
        except (IntegrityError, DataError, Fenced):
            for record in records:
                self._alone(record)

    def _alone(self, record: Record) -> None:
        """Do one record, and nobody who waited for it: the blame must be its own."""
        try:
            self._attempts([record], waiting=0)
        except (IntegrityError, Fenced):
            self._last_try(record)
        except DataError as error:
            self._refuse(record, error)

    def _last_try(self, record: Record) -> None:
        """Once more from fresh reads: another writer may have been there first."""
        try:
            self._attempts([record], waiting=0)
        except (IntegrityError, DataError, Fenced) as error:
            self._refuse(record, error)

    def _refuse(self, record: Record, error: Exception) -> None:
        """Lay one record aside; where even that cannot be written, by its place alone."""
        refused = Refused("integrity", f"the database refused it: {type(error).__name__}")
        try:
            self._attempts([record], {mark_of(record): refused}, waiting=0)
        except (IntegrityError, DataError, Fenced):
            self._after_batch(self.attempt(lambda batch: batch.pass_over(record, refused)))

    def _attempts(
        self,
        records: Sequence[Record],
        verdicts: Verdicts | None = None,
        *,
        waiting: int | None = None,
    ) -> None:
        """Try until done; each round knows more: what is missing, refused, crashed."""
        done = self.attempt(lambda batch: batch.take(records, waiting=waiting), verdicts)
        self._after_batch(done)

    def attempt(self, act: Callable[[Batch], int], verdicts: Verdicts | None = None) -> int:
        """Do something with a batch in one transaction, until it is done; return what it returns.

        Raises:
            Crashed: the process must end.
            StoreUnavailable, IntegrityError, DataError, Fenced: nothing was done.
        """
        known: Verdicts = dict(verdicts or {})
        while True:
            try:
                with writing(self._desk.engine) as connection:
                    done = act(Batch(connection, self._desk, known))
            except Gap as gap:
                log(
                    "gap-filled",
                    topic=gap.partition.topic,
                    partition=gap.partition.number,
                    start=gap.start,
                    end=gap.end,
                )
                self._fill(gap.partition, gap.start, gap.end)
                self._accept_hole(gap)
            except Spoiled as spoiled:
                known[spoiled.event_id] = spoiled.verdict
            except Crashed as crash:
                self.crashed(crash)
            else:
                self._desk.committed()
                return done

    def crashed(self, crash: Crashed) -> None:
        """Count the crash; below the third on this event the process must end.

        Raises:
            Crashed: leave the process, to be started anew.
        """
        times = count_crash(self._desk.engine, crash.event_id, type(crash.error).__name__)
        warn(
            "crash",
            service=self._desk.service.name,
            event_id=crash.event_id,
            error=type(crash.error).__name__,
            times=times,
        )
        if times < CRASHES_ALLOWED:
            raise crash

    def _fill(self, partition: Partition, start: int, end: int) -> None:
        """Read a range of the log and handle it."""
        if start >= end:
            return
        if self._reader is None:
            self._reader = self._bus.reader()
        for chunk in self._reader.read(partition, start, end):
            self._process(chunk)

    def _accept_hole(self, gap: Gap) -> None:
        """Go on behind what the log no longer has: recorded and alarmed, never silent."""
        with writing(self._desk.engine) as connection:
            positions = Positions(Sql(connection))
            position = positions.lock([gap.partition])[gap.partition.topic, gap.partition.number]
            if position.next_offset < gap.end:
                warn(
                    "log-has-hole",
                    topic=gap.partition.topic,
                    partition=gap.partition.number,
                    start=position.next_offset,
                    end=gap.end,
                )
                positions.jump(gap.partition, gap.end)
                positions.flush()

    def _position(self, partition: Partition) -> Position:
        with reading(self._desk.engine) as connection:
            return Positions(Sql(connection)).lock([partition])[partition.topic, partition.number]

    def _check_owner(self, partition: Partition) -> None:
        first = self._one(partition, 0)
        if first is None or dict(first.headers).get("ce_type") != GENESIS.encode():
            return
        owner = dict(first.headers).get("ce_source", b"").decode().rpartition("/")[2]
        if owner != self._installation:
            message = (
                f"the topic {partition.topic} belongs to another installation: "
                "choose another ALONGSIDE_TOPIC_PREFIX or give back this installation's data"
            )
            raise Misconfigured(message)

    def _check_last(self, partition: Partition, end: int) -> None:
        """The record before the position must still be there, and be the one that was handled."""
        position = self._position(partition)
        if position.next_offset > end or not self._is_still_there(position):
            warn(
                "log-was-rewritten",
                topic=partition.topic,
                partition=partition.number,
                offset=position.next_offset - 1,
            )
            with writing(self._desk.engine) as connection:
                positions = Positions(Sql(connection))
                positions.lock([partition])
                positions.jump(partition, 0)
                positions.flush()

    def _is_still_there(self, position: Position) -> bool:
        if position.next_offset == 0 or not position.last_event_id:
            return True
        before = self._one(position.partition, position.next_offset - 1)
        return before is not None and mark_of(before) == position.last_event_id

    def _one(self, partition: Partition, offset: int) -> Record | None:
        if self._reader is None:
            self._reader = self._bus.reader()
        for chunk in self._reader.read(partition, offset, offset + 1):
            for record in chunk:
                return record
        return None
