"""A log that cannot be written leaves lines out, and never ends the process it is about."""

from pathlib import Path

from services.launcher.supervisor import ProcessLog


def test_where_the_disk_is_full_a_line_is_left_out_and_the_next_one_is_taken(
    tmp_path: Path,
) -> None:
    path = tmp_path / "referral.log"
    path.symlink_to("/dev/full")
    log = ProcessLog(path)
    log.write("one\n")
    log.write("two\n")
    log.close()
    assert path.is_symlink()
