#!/usr/bin/python3
"""What .ci/consumers.sh holds the consumers of ops/consumers against, in the form in which they print it.

consumers.py truth CONSOLE            what jobwatch's HTTP API says of every job: each transition, each report
consumers.py write KAFKA REGISTRY DIR writes topics with the prefix "test.", with aborted transactions between and after committed ones, an event
                                      that comes twice, one of another source with the same id, hostile text and a value that is no Avro; what
                                      is to be read is in DIR/expected, the keys in DIR/keys, how many records there are with the aborted ones
                                      in DIR/all
consumers.py guard REGISTRY           stands before the registry, prints its own address, and asks for the user reader with the password secret
"""
import base64
import datetime
import http.server
import io
import json
import pathlib
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

TERMINAL = ('FINISHED', 'ERROR', 'CANCELED')


def get(url):
    with urllib.request.urlopen(urllib.request.Request(url, headers={'Accept': 'application/json'}), timeout=30) as answer:
        return json.load(answer)


def shown(text):
    """Only for what the simulator says: it has line ends, and no other characters that are not to be shown."""
    return text.replace('\n', '\\n').replace('\r', '\\r').replace('\t', '\\t')


def millis(text):
    """The API leaves out milliseconds that are zero."""
    return text if '.' in text else text[:-1] + '.000Z'


def line(*fields):
    return '\t'.join(shown(str(field)) for field in fields)


def transition(time, key, name, attempt, sequence, before, after):
    return line('transition', time, key, name or '-', f'attempt {attempt}', f'#{sequence}', f"{before or '-'} -> {after}")


def report(time, key, name, attempt, state, tasks):
    errors = [f"{error['code']}: {error['message']}" for task in tasks for error in task['errors']]
    return line('report', time, key, name or '-', f'attempt {attempt}', state, *errors)


def jobs(console):
    items, cursor = [], ''
    while cursor is not None:
        page = get(f'{console}api/v1/jobs?limit=500&cursor={cursor}' if cursor else f'{console}api/v1/jobs?limit=500')
        items += page['items']
        cursor = page['nextCursor']
    return items


def lines_of(console):
    """The lines, or None while the view of the topics is not there yet."""
    lines = []
    for job in jobs(console):
        key, history = job['source'] + '/' + job['jobId'], job['history']
        if job['state'] not in TERMINAL:
            return None
        if len(history) != job['sequence']:
            sys.exit(f"{key} has {job['sequence']} transitions and a history of {len(history)}: too long to tell them all")
        before = None
        for sequence, entry in enumerate(history, 1):
            lines.append(transition(millis(entry['occurredAt']), key, job['jobName'], entry['attempt'], sequence, before, entry['state']))
            before = entry['state']
        if job['state'] != 'FINISHED':
            try:
                found = get(f"{console}api/v1/jobs/{job['source']}/{urllib.parse.quote(job['jobId'], safe='')}/report")
            except urllib.error.HTTPError as e:
                if e.code == 404:
                    return None
                raise
            lines.append(report(millis(found['observedAt']), key, found['jobName'], found['attempt'], found['state'], found['tasks']))
    return lines


def truth(console):
    for _ in range(100):
        lines = lines_of(console)
        if lines:
            print('\n'.join(lines))
            return
        time.sleep(0.2)
    sys.exit(f'{console} does not show every job ended, and a report of each that stopped')


class Writer:
    """Writes to the topics of the prefix test., whose values have the schemas that jobwatch registered."""

    def __init__(self, kafka, registry):
        import avro.schema
        from confluent_kafka import Producer
        from confluent_kafka.admin import AdminClient, NewTopic
        topics = ['job-transitions', 'job-error-reports']
        admin = AdminClient({'bootstrap.servers': kafka})
        for future in admin.create_topics([NewTopic('test.' + topic, num_partitions=2, replication_factor=1) for topic in topics]).values():
            future.result()
        self.schemas = {}
        for topic in topics:
            subject = get(f'{registry}/subjects/jobwatch.{topic}-value/versions/latest')
            self.schemas[topic] = subject['id'], avro.schema.parse(subject['schema'])
        self.producer = Producer({'bootstrap.servers': kafka, 'transactional.id': 'consumers-test'})
        self.producer.init_transactions(30)
        self.all = 0

    def encoded(self, topic, record):
        import avro.io
        schema_id, schema = self.schemas[topic]
        value = io.BytesIO(b'\0' + schema_id.to_bytes(4, 'big'))
        value.seek(0, io.SEEK_END)
        avro.io.DatumWriter(schema).write(record, avro.io.BinaryEncoder(value))
        return value.getvalue()

    def transaction(self, records, commit=True):
        """records: (topic, partition, key, headers, value)"""
        self.producer.begin_transaction()
        for topic, partition, key, headers, value in records:
            self.producer.produce('test.' + topic, value, key, partition, headers=headers)
            self.all += 1
        self.producer.flush()    # aborted records are to be in the topic, too
        if commit:
            self.producer.commit_transaction(30)
        else:
            self.producer.abort_transaction(30)


def named(event_id, source='/jobwatch/test'):
    """The headers that name an event."""
    return [('ce_id', event_id.encode()), ('ce_source', source.encode())]


def write(kafka, registry, folder):
    writer = Writer(kafka, registry)
    at = datetime.datetime(2026, 11, 22, 10, 15, 30, 7000, datetime.timezone.utc)
    evil = 'red \x1b[31m, \x9b, bell \x07, \u202egnp.exe, tag \U000e0041, Ø 日本 \U0001f600, joined \u200d, a\\b\tc\r\nd\u2028e\x7f'
    harmless = ('red \\u001b[31m, \\u009b, bell \\u0007, \\u202egnp.exe, tag \\udb40\\udc41, Ø 日本 \U0001f600, joined \u200d, '
                'a\\b\\tc\\r\\nd\\u2028e\\u007f')
    expected, keys = [], []

    def a_transition(partition, job, sequence, before, after, name='a name', committed=True, source='/jobwatch/test'):
        value = {'source': 'test', 'sourceType': 't', 'account': 'a', 'jobId': job, 'jobName': name, 'attempt': 2, 'sequence': sequence,
                 'kind': 'ADVANCED', 'previousState': before, 'currentState': after, 'nativeState': 'n', 'skippedStates': [],
                 'occurredAt': at, 'notBefore': None, 'observedAt': at, 'previousStateMillis': None}
        if committed:
            keys.append('job-transitions\ttest/' + job.replace(evil, harmless))
            text = ('transition\t2026-11-22T10:15:30.007Z\ttest/' + job.replace(evil, harmless) + '\t' + (name or '-').replace(evil, harmless)
                    + f"\tattempt 2\t#{sequence}\t{before or '-'} -> {after}")
            expected.append(text)
        headers = named(f'test/{job}#JobTransition.1763806530000.{sequence}', source)
        return 'job-transitions', partition, f'test/{job}', headers, writer.encoded('job-transitions', value)

    def a_report(partition, job, message, committed=True):
        error, empty = {'code': 'E1', 'message': message}, {'code': '', 'message': ''}
        task = {'taskId': 't', 'name': None, 'state': 'ERROR', 'nativeState': '', 'progress': None, 'startedAt': None, 'endedAt': None}
        value = {'source': 'test', 'sourceType': 't', 'account': 'a', 'location': None, 'jobId': job, 'jobName': None, 'attempt': 1,
                 'state': 'ERROR', 'previousState': None, 'nativeState': '', 'nativeReason': None, 'createdAt': None, 'startedAt': None,
                 'endedAt': None, 'observedAt': at, 'detailsAvailable': True,
                 'tasks': [{**task, 'errors': [error, empty]}, {**task, 'taskId': 'u', 'errors': [error]}]}
        if committed:
            keys.append(f'job-error-reports\ttest/{job}')
            text = 'E1: ' + message.replace(evil, harmless)
            expected.append(f'report\t2026-11-22T10:15:30.007Z\ttest/{job}\t-\tattempt 1\tERROR\t{text}\t: \t{text}')
        return 'job-error-reports', partition, f'test/{job}', named(f'test/{job}#JobErrorReport.1'), writer.encoded('job-error-reports', value)

    writer.transaction([a_transition(0, 'a', 1, None, 'QUEUED'), a_transition(1, evil, 1, None, 'UNKNOWN', name=evil), a_report(0, 'a', evil)])
    writer.transaction([a_transition(0, 'aborted', 1, None, 'ERROR', committed=False), a_report(0, 'aborted', 'no', committed=False)], commit=False)
    keys.append('job-transitions\ttest/no-avro')
    writer.transaction([a_transition(0, 'a', 1, None, 'QUEUED'), a_transition(0, 'a', 2, 'QUEUED', 'CANCELED', name=None),
                        ('job-transitions', 1, 'test/no-avro', named('x'), b'\1no Avro'), a_report(1, 'b', 'plain'),
                        a_transition(0, 'a', 1, None, 'QUEUED', name='of another installation', source='/jobwatch/other')])
    # The end of every partition is an aborted record and what marks it as such: no consumer is told of a record there.
    writer.transaction([a_transition(0, 'aborted', 2, 'QUEUED', 'ERROR', committed=False), a_transition(1, 'aborted', 3, 'QUEUED', 'ERROR', committed=False),
                        a_report(0, 'aborted', 'no', committed=False), a_report(1, 'aborted', 'no', committed=False)], commit=False)
    folder = pathlib.Path(folder)
    for name, content in (('expected', expected), ('keys', keys), ('all', [str(writer.all)])):
        (folder / name).write_text('\n'.join(content) + '\n', 'utf-8')


def guard(registry):
    wanted = 'Basic ' + base64.b64encode(b'reader:secret').decode()

    class Guard(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            allowed = self.headers.get('Authorization') == wanted
            body = json.dumps(get(registry + self.path) if allowed else {'error_code': 401, 'message': 'Unauthorized'}).encode()
            self.send_response(200 if allowed else 401)
            self.send_header('Content-Type', 'application/vnd.schemaregistry.v1+json')
            self.send_header('Content-Length', str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Guard) as server:
        print(f'http://127.0.0.1:{server.server_port}', flush=True)
        server.serve_forever()


if __name__ == '__main__':
    {'truth': truth, 'write': write, 'guard': guard}[sys.argv[1]](*sys.argv[2:])
