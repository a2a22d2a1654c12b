#!/usr/bin/env python3
"""Runs a command that changes the networks of this machine, as containers do, while no test has a browser: Chromium ends its requests whenever
an interface comes or goes. The lock is that of the tests (MachineNetworks). Usage: .ci/networks.py COMMAND..."""
import fcntl
import os
import subprocess
import sys
import tempfile

if len(sys.argv) < 2:
    sys.exit('usage: .ci/networks.py COMMAND...')
with open(os.path.join(tempfile.gettempdir(), 'jobwatch-networks.lock'), 'a+b') as lock:
    fcntl.lockf(lock, fcntl.LOCK_SH)
    sys.exit(subprocess.run(sys.argv[1:], check=False).returncode)
