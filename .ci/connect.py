#!/usr/bin/python3
"""Holds the tables that .ci/connect.sh reads from the database against jobwatch's own answers.

connect.py CONSOLE TABLES    TABLES is a file of JSON: the rows of job_status as status, those of job_error_reports as reports. Prints what
                             differs, and exits with 1 where anything does.
"""
import collections
import datetime
import json
import re
import sys
import urllib.request

COMMON = ['sourceType', 'account', 'location', 'jobName', 'attempt', 'state', 'nativeState', 'createdAt', 'startedAt', 'endedAt',
          'detailsAvailable']
OF_STATUS = ['previousState', 'sequence', 'progress', 'stateSince', 'changedAt', 'firstSeenAt', 'observedAt', 'gone']


def answers(console):
    items, cursor = [], ''
    while cursor is not None:
        with urllib.request.urlopen(f'{console}/api/v1/jobs?limit=500' + (cursor and f'&cursor={cursor}')) as answer:
            page = json.load(answer)
        items, cursor = items + page['items'], page['nextCursor']
    return items


def snake(name):
    return re.sub('([A-Z])', lambda match: '_' + match[1].lower(), name)


def plain(field, value):
    """Times as milliseconds; a column's has no zone and means UTC."""
    if value is None or not field.endswith(('At', 'Since', 'Before')):
        return value
    return datetime.datetime.fromisoformat(value.removesuffix('Z') + '+00:00').timestamp() * 1000


def differences(table, rows, key, fields, expected):
    """key(row, name): what a row or, with str for name, an answer is about."""
    found = collections.Counter(key(row, snake) for row in rows)
    wanted = collections.Counter(key(job, str) for job in expected)
    wrong = [f'{table}: {of} is there {found[of]} times and not {wanted[of]} times' for of in found | wanted if found[of] != wanted[of]]
    by_key = {key(row, snake): row for row in rows}
    for job in expected:
        row = by_key.get(key(job, str))
        for field in fields if row else []:
            of_row, of_job = plain(field, row[snake(field)]), plain(field, job.get(field))
            if of_row != of_job:
                wrong.append(f'{table}: {field} of {key(job, str)} is {of_row!r} and not {of_job!r}')
    return wrong


def main(console, file):
    with open(file, encoding='utf-8') as tables:
        status, reports = (rows or [] for rows in map(json.load(tables).get, ('status', 'reports')))
    jobs = answers(console)
    wrong = differences('status', status, lambda row, name: (row[name('source')], row[name('jobId')]), COMMON + OF_STATUS, jobs)
    wrong += [f'status: the key of {row["job_id"]} is {row["job_key"]}' for row in status
              if row['job_key'] != f'{row["source"]}/{row["job_id"]}']
    wrong += differences('reports', reports, lambda row, name: (row[name('source')], row[name('jobId')], row['attempt']), COMMON,
                         [job for job in jobs if job['state'] in ('ERROR', 'CANCELED')])
    print('\n'.join(wrong[:20]) or f'{len(jobs)} jobs and {len(reports)} reports agree')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
