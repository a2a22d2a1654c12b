#!/usr/bin/env python3
"""How large an installation must be, from what was measured (ops/bench/RESULTS.md) by the formulas of ops/capacity.md.

usage: ops/capacity.py JOBS CHANGES_A_SECOND     a row for an installation of your own
       ops/capacity.py --write                   puts the table into ops/capacity.md anew
       ops/capacity.py --check                   fails if the table in ops/capacity.md is not the one that comes of the measurements
"""
import math
import pathlib
import re
import sys

OPS = pathlib.Path(__file__).resolve().parent
RESULTS = OPS / 'bench' / 'RESULTS.md'
PAGE = OPS / 'capacity.md'
BEGIN, END = '<!-- begin table -->\n', '<!-- end table -->'

ROWS = [(10_000, 1), (100_000, 10), (100_000, 100), (1_000_000, 100), (1_000_000, 1_000), (1_000_000, 10_000), (5_000_000, 1_000)]

DAY = 86_400
# Chosen, not measured; ops/capacity.md says why.
SHARE_OF_SPEED = 0.25
HEAP_MARGIN = 1.5
HEAP_SHARE = 0.40          # MaxRAMPercentage of the image
LEAST_MEMORY_MIB = 512
DISK_MARGIN = 2
STOPS = 0.1                # of the jobs
CHANGES_A_JOB = 4
INTERVAL_SECONDS = 10
QUERY_INSTANCES = 2


def number(text):
    return float(text.replace(',', ''))


def table(section, which=0):
    """A table of a section, as dictionaries by the words of its head."""
    text = RESULTS.read_text()
    found = re.search(f'<!-- begin {section} -->(.*?)<!-- end {section} -->', text, re.S)
    if not found:
        sys.exit(f'{RESULTS} has no section {section}')
    tables = []
    for line_ in found[1].splitlines():
        if not line_.startswith('|'):
            tables.append([])
        else:
            tables[-1].append([cell.strip() for cell in line_.strip('|').split('|')])
    names, _, *body = [rows for rows in tables if rows][which]
    return [dict(zip(names, row)) for row in body]


def line(points, at):
    """A straight line through the first and the last of some points, and on beyond them."""
    (x0, y0), (x1, y1) = points[0], points[-1]
    return y0 + (y1 - y0) * (at - x0) / (x1 - x0)


class Measured:
    def __init__(self):
        scale = table('scale')
        jobs = 'jobs in the store'
        self.speeds = [(number(row[jobs]), number(row['updates, events/s'])) for row in scale]
        self.process_heap = [(number(row[jobs]), number(row['heap in use, MiB'])) for row in scale]
        self.restores = [(number(row[jobs]), number(row['state lost: start to RUNNING, s'])) for row in scale]
        self.largest_store = self.speeds[-1][0]
        views = table('queries')
        self.view_heap = [(number(row['jobs in the view']), number(row['heap in use, MiB'])) for row in views]
        polling = {row['']: row for row in table('polling')}
        self.snapshot = next(row for name, row in polling.items() if name.endswith('snapshot'))
        self.active_set = next(row for name, row in polling.items() if name.endswith('active set'))
        self.polled = max(number(row['changes/s']) for row in polling.values())
        self.queried = max(number(row['events/s']) for row in table('queries', 1))
        self.snapshot_jobs = number(re.search(r'of ([\d,]+) jobs', next(n for n in polling if n.endswith('snapshot')))[1])
        records = {row['topic']: row for row in table('records')}
        self.disk = {topic: number(row['on disk, bytes a record']) for topic, row in records.items()}
        self.payload = {topic: number(row['payload, bytes a record']) for topic, row in records.items()}

    def speed(self, jobs):
        """Events a second of one thread: what the next larger store that was measured reached."""
        return next((speed for size, speed in self.speeds if jobs <= size), self.speeds[-1][1])


def rounded(value, step):
    return math.ceil(value / step) * step


def size(bytes_):
    for unit, divisor in (('TB', 1e12), ('GB', 1e9), ('MB', 1e6)):
        if bytes_ >= divisor:
            value = bytes_ / divisor
            return f'{value:,.0f} {unit}' if value >= 10 else f'{value:,.1f} {unit}'
    return f'{bytes_ / 1e3:,.0f} kB'


def row(jobs, changes, measured):
    m = measured
    instances = max(2, math.ceil(changes / (SHARE_OF_SPEED * m.speed(jobs))) + 1)
    partitions = max(6, rounded(2 * instances, 6))
    # One instance may be away; the others have its share then.
    share = 1 / (instances - 1)
    heap = HEAP_MARGIN * (line(m.process_heap, jobs * share) + line(m.view_heap, jobs))
    memory = max(LEAST_MEMORY_MIB, rounded(heap / HEAP_SHARE, 256))
    state = jobs * m.payload['job-status-changelog'] * min(1, 2 * share)
    view = jobs * m.payload['job-status']
    disk = DISK_MARGIN * (state + view)
    kept = changes * DAY * (7 * m.disk['job-state-events'] + 30 * m.disk['job-transitions']
                            + 90 * STOPS / CHANGES_A_JOB * m.disk['job-error-reports'])
    compacted = DISK_MARGIN * jobs * (m.payload['job-status'] + m.payload['job-status-changelog'] + m.payload['poll-cursors'])
    written = changes * sum(m.disk[topic] for topic in
                            ('job-state-events', 'poll-cursors', 'job-transitions', 'job-status', 'job-status-changelog'))
    # Read by: the topology; report and the streams of events; the views; the standby.
    read = changes * (m.disk['job-state-events'] + (1 + QUERY_INSTANCES) * m.disk['job-transitions']
                      + QUERY_INSTANCES * m.disk['job-status'] + m.disk['job-status-changelog'])
    pages = number(m.snapshot['requests/s, mean']) * number(m.snapshot['interval'].split()[0]) / 1000 / m.snapshot_jobs
    snapshot = jobs * pages / INTERVAL_SECONDS
    active = changes * number(m.active_set['requests per changed job'])
    restore = line(m.restores, jobs * share)
    beyond = [part for part, is_beyond in (('polling', changes > m.polled), ('queries', changes > m.queried),
                                           ('topology', changes > m.speed(jobs)), ('jobs', jobs > m.largest_store)) if is_beyond]
    cells = [f'{jobs:,}', f'{changes:,}', instances, partitions, f'{memory:,} MiB', size(disk), size(kept + compacted),
             size(written) + '/s', size(read) + '/s', f'{snapshot:,.1f}', f'{max(active, 0.1):,.1f}', f'{restore:,.0f} s',
             ', '.join(beyond) or 'nothing']
    return '| ' + ' | '.join(str(cell) for cell in cells) + ' |'


HEAD = ('| jobs | changes/s | instances | partitions | memory each | disk each | topics, one replica | written | read '
        '| requests/s, snapshot | active set | state lost | beyond what was measured |\n' + '|' + '---:|' * 12 + '---|\n')


def whole(measured):
    return HEAD + ''.join(row(jobs, changes, measured) + '\n' for jobs, changes in ROWS)


def main():
    measured = Measured()
    arguments = sys.argv[1:]
    if arguments in (['--write'], ['--check']):
        text = PAGE.read_text()
        before, rest = text.split(BEGIN)
        now = before + BEGIN + whole(measured) + END + rest.split(END)[1]
        if arguments == ['--write']:
            PAGE.write_text(now)
        elif text != now:
            sys.exit(f'the table in {PAGE} is not the one that comes of {RESULTS}: run ops/capacity.py --write, and see whether '
                     'what the page says still holds')
        else:
            print('ok the capacity table is the one that comes of the measurements')
    elif len(arguments) == 2 and all(re.fullmatch(r'[\d,]+(\.\d+)?', argument) for argument in arguments):
        print(HEAD + row(int(number(arguments[0])), number(arguments[1]), measured))
    else:
        sys.exit(__doc__)


if __name__ == '__main__':
    main()
