"""A worker as a program: its positions and effects are one SQLite transaction a batch.

`python -m tests.integration.kafka_worker ENGINE BOOTSTRAP GROUP TOPIC DATABASE BAD_VALUE`
"""

import signal
import sqlite3
import sys
import threading
from collections.abc import Sequence

from services.chassis.bus import Partition, Record
from services.chassis.errors import Misconfigured
from tests.integration.kafka_kit import subscriber_of, up_to_the_end, value_of

NOT_OURS = -2


class SqliteIntake:
    def __init__(self, bootstrap: str, database: str, bad_value: int) -> None:
        self._bootstrap = bootstrap
        self._connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
        self._bad_value = bad_value

    def assigned(self, partitions: Sequence[Partition]) -> None:
        if self._bad_value == NOT_OURS:
            raise Misconfigured("the topic belongs to another installation")
        for partition in partitions:
            self._connection.execute(
                "INSERT INTO assignments (topic_id, thread) VALUES (?, ?)",
                (partition.topic_id, threading.current_thread().name),
            )
            start = self._next(partition.topic_id, partition.number)
            for chunk in up_to_the_end(self._bootstrap, partition, start):
                self.process(chunk)

    def process(self, batch: Sequence[Record]) -> None:
        self._connection.execute("UPDATE received SET count = count + ?", (len(batch),))
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            for record in batch:
                self._take(record)
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _take(self, record: Record) -> None:
        place = (record.topic_id, record.partition)
        wanted = self._next(*place)
        if record.offset < wanted:
            return
        if record.offset > wanted:
            raise AssertionError(f"a hole: wanted {wanted}, got {record.offset}")
        value = value_of(record)
        if value == self._bad_value:
            raise ValueError("this text is a child's: never to be logged")
        if value is not None:
            self._connection.execute("INSERT INTO effects (value) VALUES (?)", (value,))
        self._connection.execute(
            "INSERT OR REPLACE INTO positions VALUES (?, ?, ?)", (*place, record.offset + 1)
        )

    def _next(self, *place: object) -> int:
        row = self._connection.execute(
            "SELECT next FROM positions WHERE topic_id = ? AND partition = ?", place
        ).fetchone()
        return row[0] if row else 0


def main() -> None:
    engine, bootstrap, group, topic, database, bad_value = sys.argv[1:]
    subscriber = subscriber_of(engine, bootstrap, group, [topic])
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: subscriber.stop())
    subscriber.run(SqliteIntake(bootstrap, database, int(bad_value)))


if __name__ == "__main__":
    main()
