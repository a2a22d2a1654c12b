// Makes a line of text of a transition's or an error report's value: Avro after five bytes, a zero and the id of the writer's schema.
'use strict';

/** Ends the consumer; the text says what is wrong and what to do. */
class Failure extends Error {
  retriable = false;   // kafkajs would call eachMessage again and again
}

/** A value that cannot be read, whoever tries. */
class Malformed extends Error {}

/** Text that a service chose, made harmless: a terminal obeys control characters, and others hide or turn what people read. */
function shown(text) {
  const named = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  // Persian and emoji need the joiners; a soft hyphen does no harm.
  return String(text).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, c => '\u200c\u200d\u00ad'.includes(c) ? c
    : named[c] || [...Array(c.length).keys()].map(i => '\\u' + c.charCodeAt(i).toString(16).padStart(4, '0')).join(''));
}

/** Reads values in the Confluent wire format, with the schema they were written with; the registry's client keeps each by its id. */
class Decoder {
  constructor(registry) {
    this.registry = registry;
  }

  async decode(value) {
    if (value === null || value.length < 5 || value[0] !== 0) {
      throw new Malformed(value === null ? 'the value is null'
        : `not in the Confluent wire format: ${value.length} bytes${value.length ? `, the first is ${value[0]}` : ''}`);
    }
    const id = value.readInt32BE(1);
    let schema;
    try {
      schema = await this.registry.getSchema(id);
    } catch (e) {
      // Not left out: a record that is passed over is lost for this group.
      throw new Failure(`the registry does not give schema ${id} (${e.message}): is --registry the one`
        + ' that jobwatch writes with, does it run, and does it need credentials? Nothing is lost, start again when it answers');
    }
    try {
      return { type: schema.name, record: schema.fromBuffer(value.subarray(5)) };
    } catch (e) {
      throw new Malformed(`not a ${schema.name}: ${e.message}`);
    }
  }
}

/** The fields of a record, with a tab between two. */
function line({ type, record }) {
  const job = () => [`${record.source}/${record.jobId}`, record.jobName || '-', `attempt ${record.attempt}`];
  const time = millis => new Date(millis).toISOString();
  let fields;
  if (type === 'io.jobwatch.event.JobTransition') {
    fields = ['transition', time(record.occurredAt), ...job(), `#${record.sequence}`,
      `${record.previousState || '-'} -> ${record.currentState}`];
  } else if (type === 'io.jobwatch.event.JobErrorReport') {
    const errors = record.tasks.flatMap(task => task.errors).map(error => `${error.code}: ${error.message}`);
    fields = ['report', time(record.observedAt), ...job(), record.state, ...errors];
  } else {
    throw new Malformed(`it is a ${type}`);
  }
  return fields.map(shown).join('\t');
}

module.exports = { Decoder, Failure, Malformed, line, shown };
