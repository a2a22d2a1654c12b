"""Makes a line of text of a transition's or an error report's value.

The AvroDeserializer of confluent_kafka needs fastavro, which Debian lacks, so the value is decoded here, after the five bytes in front of it
(a zero byte, and the id of the writer's schema in the registry).
"""
import base64
import io
import json
import pathlib
import ssl
import struct
import unicodedata
import urllib.error
import urllib.request

import avro.errors
import avro.io
import avro.schema

HEADER = struct.Struct('>bI')
REGISTRY_PREFIX = 'schema.registry.'
FILES = ('JobState', 'ErrorDetail', 'Task', 'JobTransition', 'JobErrorReport')    # each after those that it names
JOINERS = '\u200c\u200d\u00ad'    # Persian and emoji need the first two; a soft hyphen does no harm


class Failure(Exception):
    """Ends the consumer; the text says what is wrong and what to do."""


class Malformed(Exception):
    """A value that cannot be read, whoever tries."""


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
