#!/usr/bin/env python3
"""Bytes of a record in each topic, read from the folder of an embedded broker that is not running.

usage: ops/bench/records.py DATA_DIR

DATA_DIR is what a run had as its data-dir, such as the demo's:

  ./jobwatch demo --jobs 200 --speed 20 --data-dir DATA_DIR --exit-when-done
  ops/bench/records.py DATA_DIR

Prints a table in Markdown. "Payload" is what a record takes itself: key, value, headers and its own frame; "on disk" also counts its share of
the frames of batches and of the markers that end transactions, which is the more the fewer records a transaction has.
"""
import collections
import pathlib
import struct
import sys

HEADER = 61        # of a batch: https://kafka.apache.org/documentation/#recordbatch
LENGTH = 8         # offset of the length of what follows it
FOLLOWING = 12     # bytes up to there
ATTRIBUTES = 21
RECORDS = 57
CONTROL = 0x20
CODEC = 0x07


class Totals:
    def __init__(self):
        self.records = self.batches = self.payload = self.disk = 0


def read(segment, totals):
    data = segment.read_bytes()
    at = 0
    while at + HEADER <= len(data):
        size = FOLLOWING + struct.unpack_from('>i', data, at + LENGTH)[0]
        if size <= FOLLOWING:
            break   # the rest of the file is not written yet
        attributes = struct.unpack_from('>h', data, at + ATTRIBUTES)[0]
        if attributes & CODEC:
            sys.exit(f'{segment} is compressed: its bytes say nothing of another configuration; run with compression.type=none')
        totals.disk += size
        if not attributes & CONTROL:
            totals.records += struct.unpack_from('>i', data, at + RECORDS)[0]
            totals.batches += 1
            totals.payload += size - HEADER
        at += size


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith('-'):
        sys.exit(__doc__)
    logs = pathlib.Path(sys.argv[1], 'kafka', 'logs')
    topics = collections.defaultdict(Totals)
    for segment in sorted(logs.glob('jobwatch*/*.log')):
        topic = segment.parent.name.rpartition('-')[0]
        topics[topic.replace('jobwatch-demo-', '').removeprefix('jobwatch.')].records += 0
        read(segment, topics[topic.replace('jobwatch-demo-', '').removeprefix('jobwatch.')])
    if not topics:
        sys.exit(f'no topics of jobwatch in {logs}: is it the data-dir of a run with an embedded broker?')
    print('| topic | records | a batch | payload, bytes a record | on disk, bytes a record |')
    print('|---|---:|---:|---:|---:|')
    for topic, totals in sorted(topics.items()):
        if totals.records:
            print(f'| {topic} | {totals.records:,} | {totals.records / totals.batches:.1f} | {totals.payload / totals.records:,.0f} | '
                  f'{totals.disk / totals.records:,.0f} |')


main()
