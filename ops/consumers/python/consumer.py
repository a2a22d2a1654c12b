#!/usr/bin/python3
"""Prints jobwatch's transitions and error reports, one line a record, as a member of a consumer group.

Needs Debian's python3-confluent-kafka and python3-avro: the AvroDeserializer of confluent_kafka needs fastavro, which Debian lacks, so the
value is decoded here, after the five bytes in front of it (a zero byte, and the id of the writer's schema in the registry).

Delivery is at least once: offsets are committed after the lines are written, so a consumer that is killed repeats some when it starts again.
"""
import argparse
import base64
import io
import json
import os
import pathlib
import signal
import ssl
import struct
import sys
import unicodedata
import urllib.error
import urllib.request

try:
    import avro.errors
    import avro.io
    import avro.schema
    from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
except ImportError as e:
    sys.exit(f'consumer.py: {e}: install python3-confluent-kafka and python3-avro, and run it with the Python they belong to: /usr/bin/python3')

HEADER = struct.Struct('>bI')
REGISTRY_PREFIX = 'schema.registry.'
REGISTRY_SETTINGS = {'basic.auth.user.info', 'bearer.auth.token', 'ssl.ca.location', 'ssl.certificate.location', 'ssl.key.location'}
FILES = ('JobState', 'ErrorDetail', 'Task', 'JobTransition', 'JobErrorReport')    # each after those that it names
JOINERS = '\u200c\u200d\u00ad'    # Persian and emoji need the first two; a soft hyphen does no harm


class Failure(Exception):
    """Ends the consumer; the text says what is wrong and what to do."""


class Malformed(Exception):
    """A value that cannot be read, whoever tries."""


def note(text):
    print('consumer.py: ' + shown(text), file=sys.stderr, flush=True)


def shown(text):
    """Text that a service chose, made harmless: a terminal obeys control characters, and others hide or turn what people read."""
    return ''.join(c if unicodedata.category(c) not in ('Cc', 'Cf', 'Cs', 'Zl', 'Zp') or c in JOINERS
                   else {'\n': '\\n', '\r': '\\r', '\t': '\\t'}.get(c) or escaped(c) for c in str(text))


def escaped(c):
    units = c.encode('utf-16-be', 'surrogatepass')
    return ''.join(f'\\u{high:02x}{low:02x}' for high, low in zip(units[::2], units[1::2]))


class Registry:
    """Asks a Schema Registry for schemas by id, each once: an id means one schema for ever."""

    def __init__(self, urls, settings):
        self.urls = [url.rstrip('/') for url in urls.split(',')]
        self.headers = {}
        if 'basic.auth.user.info' in settings:
            self.headers['Authorization'] = 'Basic ' + base64.b64encode(settings['basic.auth.user.info'].encode()).decode()
        elif 'bearer.auth.token' in settings:
            self.headers['Authorization'] = 'Bearer ' + settings['bearer.auth.token']
        tls = ssl.create_default_context(cafile=settings.get('ssl.ca.location'))
        if 'ssl.certificate.location' in settings:
            tls.load_cert_chain(settings['ssl.certificate.location'], settings.get('ssl.key.location'))
        self.opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=tls))
        self.schemas = {}

    def schema(self, schema_id):
        if schema_id not in self.schemas:
            self.schemas[schema_id] = self.fetch(schema_id)
        return self.schemas[schema_id]

    def fetch(self, schema_id):
        failures = []
        for url in self.urls:
            request = urllib.request.Request(f'{url}/schemas/ids/{schema_id}', headers={'Accept': 'application/vnd.schemaregistry.v1+json'})
            for name, value in self.headers.items():
                request.add_unredirected_header(name, value)
            try:
                with self.opener.open(request, timeout=10) as answer:
                    return avro.schema.parse(json.load(answer)['schema'])
            except urllib.error.HTTPError as e:
                if e.code == 404:
                    # Not left out: a record that is passed over is lost for this group, and another registry may know the schema.
                    raise Failure(f'{url} knows no schema {schema_id}: is --registry the one that jobwatch writes with?')
                if e.code in (401, 403):
                    raise Failure(f'the registry {url} refuses this client (HTTP {e.code}): give {REGISTRY_PREFIX}basic.auth.user.info or '
                                  f'{REGISTRY_PREFIX}bearer.auth.token in the file of --properties')
                failures.append(f'{url}: HTTP {e.code}')
            except (OSError, ValueError, KeyError, avro.errors.AvroException) as e:
                failures.append(f'{url}: {e}')
        raise Failure('no registry gives schema %d (%s): is --registry right, and does it run? Nothing is lost, start again when it does'
                      % (schema_id, '; '.join(failures)))


class EnumDefaultReader(avro.io.DatumReader):
    """Takes the default of the reader's enum for a symbol that it does not know, as Avro says; Debian's library does not (AVRO-3760)."""

    def read_enum(self, writers_schema, readers_schema, decoder):
        index = decoder.read_int()
        if not 0 <= index < len(writers_schema.symbols):
            raise Malformed(f'{index} is no symbol of {writers_schema.fullname}')
        symbol = writers_schema.symbols[index]
        if symbol not in readers_schema.symbols:
            symbol = readers_schema.props.get('default')
            if symbol is None:
                raise Malformed(f'{readers_schema.fullname} of --schemas lacks {writers_schema.symbols[index]}, and a default')
        return symbol


class Decoder:
    """Reads values in the Confluent wire format, into the reader's schemas where there are some, else as they were written."""

    def __init__(self, registry, readers):
        self.registry = registry
        self.readers = readers

    def decode(self, value):
        if value is None:
            raise Malformed('the value is null')
        if len(value) < HEADER.size or value[0] != 0:
            raise Malformed(f'not in the Confluent wire format: {len(value)} bytes' + (f', the first is {value[0]}' if value else ''))
        writer = self.registry.schema(HEADER.unpack_from(value)[1])
        body = io.BytesIO(value[HEADER.size:])
        try:
            record = EnumDefaultReader(writer, self.readers.get(writer.fullname)).read(avro.io.BinaryDecoder(body))
        except (avro.errors.AvroException, ValueError, IndexError, OverflowError, struct.error, TypeError) as e:
            raise Malformed(f'not a {writer.fullname}: {e}')
        if body.read(1):
            raise Malformed(f'bytes go on after the end of the {writer.fullname}')
        return writer.fullname, record


def readers(folder):
    """The schemas of a folder like jobwatch's schemas/, by full name: what a program was written against, whatever is written later."""
    names = avro.schema.Names()
    try:
        for file in FILES:
            avro.schema.make_avsc_object(json.loads((pathlib.Path(folder) / (file + '.avsc')).read_text('utf-8')), names)
    except (OSError, ValueError, avro.errors.AvroException) as e:
        raise Failure(f'--schemas {folder}: {e}: give the folder with {", ".join(name + ".avsc" for name in FILES)}')
    return {schema.fullname: schema for schema in names.names.values()}


def moment(time):
    return time.strftime('%Y-%m-%dT%H:%M:%S.') + f'{time.microsecond // 1000:03}Z'


def line(kind, record):
    """The fields of a record, with a tab between two, or None where it is of another type."""
    job = [record['source'] + '/' + record['jobId'], record['jobName'] or '-', f"attempt {record['attempt']}"] if 'jobId' in record else None
    if kind == 'io.jobwatch.event.JobTransition':
        fields = ['transition', moment(record['occurredAt']), *job, f"#{record['sequence']}",
                  f"{record['previousState'] or '-'} -> {record['currentState']}"]
    elif kind == 'io.jobwatch.event.JobErrorReport':
        errors = [f"{error['code']}: {error['message']}" for task in record['tasks'] for error in task['errors']]
        fields = ['report', moment(record['observedAt']), *job, record['state'], *errors]
    else:
        return None
    return '\t'.join(shown(field) for field in fields)


class Reader:
    """Follows the topics until it is asked to stop, or, with exit_at_end, until it has been at the end of each of its partitions."""

    def __init__(self, consumer, decoder, exit_at_end):
        self.consumer = consumer
        self.decoder = decoder
        self.exit_at_end = exit_at_end
        self.wished = False
        self.joined = False
        self.assigned = set()
        self.ended = set()
        self.left_out = 0

    def stop(self, *_):
        self.wished = True

    def on_assign(self, _, partitions):
        self.joined = True
        self.assigned |= {(p.topic, p.partition) for p in partitions}

    def on_revoke(self, _, partitions):
        gone = {(p.topic, p.partition) for p in partitions}
        self.assigned -= gone
        self.ended -= gone

    def run(self, topics):
        self.consumer.subscribe(topics, on_assign=self.on_assign, on_revoke=self.on_revoke, on_lost=self.on_revoke)
        while not self.wished and not (self.exit_at_end and self.joined and self.ended >= self.assigned):
            done = {}
            try:
                for message in self.consumer.consume(num_messages=500, timeout=0.5):
                    where = (message.topic(), message.partition())
                    if message.error() is None:
                        self.print(message)
                        done[where] = message.offset() + 1
                    elif message.error().code() == KafkaError._PARTITION_EOF:
                        # What is committed ends here. Not to be told by offsets: the end of a transaction takes one, too.
                        self.ended.add(where)
                    else:
                        self.failed(message.error())
            finally:
                sys.stdout.flush()
                self.commit(done)

    def commit(self, done):
        offsets = [TopicPartition(topic, partition, offset) for (topic, partition), offset in done.items()
                   if (topic, partition) in self.assigned]
        if offsets:
            try:
                self.consumer.commit(offsets=offsets, asynchronous=False)
            except KafkaException as e:
                note(f'offsets were not committed, so these records may come again: {e.args[0].str()}')

    def print(self, message):
        where = f'{message.topic()}-{message.partition()}, offset {message.offset()}'
        try:
            text = line(*self.decoder.decode(message.value()))
            if text is None:
                raise Malformed('it is of another type')
            print(text)
        except Malformed as e:
            self.left_out += 1
            note(f'left out {where}: {e}')
        except Failure as e:
            raise Failure(f'{where}: {e}')

    @staticmethod
    def failed(error):
        if error.code() in (KafkaError.TOPIC_AUTHORIZATION_FAILED, KafkaError.GROUP_AUTHORIZATION_FAILED):
            raise Failure(f'{error.str()}: this user needs READ and DESCRIBE on both topics, and READ on the group')
        if error.fatal():
            raise Failure(f'{error.str()}: start it again')
        if not error.retriable():
            note(error.str())


def properties(path):
    kafka, registry = {}, {}
    for number, text in enumerate(pathlib.Path(path).read_text('utf-8').splitlines(), 1):
        text = text.strip()
        if not text or text.startswith('#'):
            continue
        name, equals, value = (part.strip() for part in text.partition('='))
        if not equals:
            raise Failure(f'{path}, line {number}: expected NAME=VALUE')
        if not name.startswith(REGISTRY_PREFIX):
            kafka[name] = value
        elif name[len(REGISTRY_PREFIX):] in REGISTRY_SETTINGS:
            registry[name[len(REGISTRY_PREFIX):]] = value
        else:
            raise Failure(f'{path}, line {number}: {name} is not known here, only '
                          + ', '.join(REGISTRY_PREFIX + known for known in sorted(REGISTRY_SETTINGS)))
    return kafka, registry


def check(consumer, bootstrap, topics):
    """Says early what else would be waited for in silence: librdkafka tries for ever."""
    try:
        known = consumer.list_topics(timeout=15).topics
    except KafkaException as e:
        raise Failure(f'no broker at {bootstrap} answers ({e.args[0].str()}): is --bootstrap right? TLS and SASL are set in the file of --properties')
    for topic in topics:
        if topic not in known or known[topic].error is not None:
            raise Failure(f"there is no topic {topic}, or this user may not see it: is --prefix right? 'jobwatch setup' creates the topics")


def main():
    parser = argparse.ArgumentParser(description="Prints jobwatch's transitions and error reports, one line a record, until Ctrl-C.")
    parser.add_argument('--bootstrap', required=True, help='brokers, host:port,…')
    parser.add_argument('--registry', required=True, help='Schema Registry, http(s)://…, several with commas')
    parser.add_argument('--prefix', default='jobwatch.', help='of the topics (default %(default)s)')
    parser.add_argument('--group', default='jobwatch-example-python', help='consumer group; it goes on where it ended (default %(default)s)')
    parser.add_argument('--exit-at-end', action='store_true', help='end when all that is there has been read')
    parser.add_argument('--schemas', metavar='DIR', help="read into the schemas of this folder (jobwatch's schemas/), not as they were written")
    parser.add_argument('--properties', metavar='FILE',
                        help="librdkafka's settings, NAME=VALUE (security.protocol, sasl.username, …); those of the registry begin with "
                             + REGISTRY_PREFIX)
    args = parser.parse_args()
    sys.stdout.reconfigure(encoding='utf-8', errors='backslashreplace')
    kafka, registry = properties(args.properties) if args.properties else ({}, {})
    topics = [args.prefix + 'job-transitions', args.prefix + 'job-error-reports']
    decoder = Decoder(Registry(args.registry, registry), readers(args.schemas) if args.schemas else {})
    settings = {'client.id': 'jobwatch-example-python', **kafka, 'bootstrap.servers': args.bootstrap, 'group.id': args.group,
                'enable.auto.commit': False, 'auto.offset.reset': 'earliest', 'isolation.level': 'read_committed',
                'enable.partition.eof': True}
    try:
        consumer = Consumer(settings)
    except KafkaException as e:
        raise Failure(f'--properties: {e.args[0].str()}')
    reader = Reader(consumer, decoder, args.exit_at_end)
    signal.signal(signal.SIGINT, reader.stop)
    signal.signal(signal.SIGTERM, reader.stop)
    try:
        check(consumer, args.bootstrap, topics)
        reader.run(topics)
    finally:
        consumer.close()    # leaves the group, so that others need not wait for a session to run out
    if reader.left_out:
        note(f'{reader.left_out} records were left out, see above')


if __name__ == '__main__':
    try:
        main()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())    # nobody reads any more: as good as asked to stop
    except (Failure, OSError) as e:
        note(str(e))
        sys.exit(1)
