"""Python loads this at start of whatever a campaign starts: its processes get their traps here."""

import importlib
import os
import sys

if folder := os.environ.get("ALONGSIDE_TEST_POINTS"):
    if sys.orig_argv[-1:] == ["worker"]:
        importlib.import_module("tests.faults.traps").install(folder, sys.orig_argv[-2])
    elif {"services.launcher", "up"} <= set(sys.orig_argv):
        link = int(os.environ["ALONGSIDE_TEST_LINK"])
        importlib.import_module("tests.faults.traps").advertise(link)
