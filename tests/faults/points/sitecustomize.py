"""Python loads this at start of whatever a campaign starts: a worker of it gets its traps here."""

import importlib
import os
import sys

if (folder := os.environ.get("ALONGSIDE_TEST_POINTS")) and sys.orig_argv[-1:] == ["worker"]:
    importlib.import_module("tests.faults.traps").install(folder, sys.orig_argv[-2])
