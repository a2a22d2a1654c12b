#!/usr/bin/python3
"""Prints jobwatch's transitions and error reports, one line a record, as a member of a consumer group.

Needs Debian's python3-confluent-kafka and python3-avro. How a value is read is in event_lines.py.

Delivery is at least once: offsets are committed after the lines are written, so a consumer that is killed repeats some when it starts again.
"""
import argparse
import os
import pathlib
import signal
import sys

try:
    from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
    from event_lines import Decoder, Failure, Malformed, REGISTRY_PREFIX, Registry, line, readers, shown
except ImportError as e:
    sys.exit(f'consumer.py: {e}: install python3-confluent-kafka and python3-avro, and run it with the Python they belong to: /usr/bin/python3')

REGISTRY_SETTINGS = {'basic.auth.user.info', 'bearer.auth.token', 'ssl.ca.location', 'ssl.certificate.location', 'ssl.key.location'}


def note(text):
    print('consumer.py: ' + shown(text), file=sys.stderr, flush=True)


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
