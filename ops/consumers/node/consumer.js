#!/usr/bin/env node
// Prints jobwatch's transitions and error reports, one line a record, as a member of a consumer group.
// First: npm install --no-package-lock --ignore-scripts (exact versions are in package.json). How a value is read is in event-lines.js.
//
// Delivery is at least once: kafkajs commits the offsets of what eachMessage has returned from, so a consumer that is killed repeats some
// when it starts again. Only committed transactions are read, which is kafkajs' default (readUncommitted: false).
'use strict';

const fs = require('node:fs');
const https = require('node:https');
const { parseArgs } = require('node:util');
const { Decoder, Failure, Malformed, line, shown } = require('./event-lines.js');

const REGISTRY_PREFIX = 'schema.registry.';
const USAGE = `usage: consumer.js --bootstrap HOST:PORT,… --registry URL [options]
  --prefix PREFIX      of the topics (default jobwatch.)
  --group NAME         consumer group; it goes on where it ended (default jobwatch-example-node)
  --exit-at-end        end when all that was there at the start has been read
  --properties FILE    settings, NAME=VALUE, under librdkafka's names: security.protocol, sasl.mechanism (PLAIN, SCRAM-SHA-256,
                       SCRAM-SHA-512), sasl.username, sasl.password, ssl.ca.location, ssl.certificate.location, ssl.key.location, and
                       for the registry ${REGISTRY_PREFIX}basic.auth.user.info, ${REGISTRY_PREFIX}ssl.ca.location`;

const note = text => console.error(`consumer.js: ${shown(text)}`);

function options() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        bootstrap: { type: 'string' }, registry: { type: 'string' }, prefix: { type: 'string', default: 'jobwatch.' },
        group: { type: 'string', default: 'jobwatch-example-node' }, 'exit-at-end': { type: 'boolean', default: false },
        properties: { type: 'string' }, help: { type: 'boolean', default: false },
      },
    }));
    if (!values.help && !(values.bootstrap && values.registry)) {
      throw new Error('--bootstrap and --registry are needed');
    }
  } catch (e) {
    console.error(`consumer.js: ${e.message}\n${USAGE}`);
    process.exit(2);
  }
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  return values;
}

/** The settings of a properties file as kafkajs and the registry's client take them. */
function settings(path) {
  const found = new Map();
  for (const [index, text] of (path ? fs.readFileSync(path, 'utf8') : '').split(/\r?\n/).entries()) {
    if (text.trim() && !text.trim().startsWith('#')) {
      const [, name, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(text) || [];
      if (!name) {
        throw new Failure(`${path}, line ${index + 1}: expected NAME=VALUE`);
      }
      found.set(name, value);
    }
  }
  const take = name => {
    const value = found.get(name);
    found.delete(name);
    return value;
  };
  const file = name => {
    const from = take(name);
    return from === undefined ? undefined : fs.readFileSync(from);
  };
  const kafka = {};
  const protocol = (take('security.protocol') || 'PLAINTEXT').toUpperCase();
  const tls = { ca: file('ssl.ca.location'), cert: file('ssl.certificate.location'), key: file('ssl.key.location') };
  if (protocol.endsWith('SSL')) {
    kafka.ssl = tls;
  }
  const mechanism = take('sasl.mechanism') || take('sasl.mechanisms');
  const login = { username: take('sasl.username'), password: take('sasl.password') };
  if (protocol.startsWith('SASL')) {
    kafka.sasl = { mechanism: (mechanism || '').toLowerCase(), ...login };
  }
  const registry = {};
  const user = take(REGISTRY_PREFIX + 'basic.auth.user.info');
  if (user !== undefined) {
    registry.auth = { username: user.slice(0, user.indexOf(':')), password: user.slice(user.indexOf(':') + 1) };
  }
  const ca = file(REGISTRY_PREFIX + 'ssl.ca.location');
  if (ca) {
    registry.agent = new https.Agent({ ca });
  }
  if (found.size) {
    throw new Failure(`${path}: ${[...found.keys()].join(', ')}: not known here; see --help`);
  }
  return { kafka, registry };
}

/** Knows when everything that was there at the start has been read, of the partitions that are this member's. */
class End {
  constructor() {
    this.left = new Map();   // topic:partition → the offset to reach
    this.assigned = null;
  }

  /** Offsets tell more than there are records: the end of each transaction takes one. */
  async find(admin, group, topics) {
    const committed = await admin.fetchOffsets({ groupId: group, topics });
    for (const topic of topics) {
      const before = new Map(committed.find(of => of.topic === topic).partitions.map(p => [p.partition, BigInt(p.offset)]));
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
        const from = before.get(partition) ?? -1n;
        if ((from < BigInt(low) ? BigInt(low) : from) < BigInt(high)) {
          this.left.set(`${topic}:${partition}`, BigInt(high));
        }
      }
    }
  }

  join(assignment) {
    this.assigned = new Set(Object.entries(assignment).flatMap(([topic, partitions]) => partitions.map(p => `${topic}:${p}`)));
  }

  /** kafkajs tells of every batch, also of one that holds nothing but ends of transactions. */
  read(topic, partition, lastOffset) {
    const where = `${topic}:${partition}`;
    if (this.left.has(where) && BigInt(lastOffset) + 1n >= this.left.get(where)) {
      this.left.delete(where);
    }
  }

  reached() {
    return this.assigned !== null && ![...this.left.keys()].some(where => this.assigned.has(where));
  }
}

async function follow(kafka, args, topics, decoder) {
  const consumer = kafka.consumer({ groupId: args.group });
  let failure = null;
  let leftOut = 0;
  let stop;
  const stopped = new Promise(resolve => { stop = resolve; });
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  process.stdout.on('error', stop);   // nobody reads any more

  const end = new End();
  const { GROUP_JOIN, END_BATCH_PROCESS, CRASH } = consumer.events;
  const atEnd = () => args['exit-at-end'] && end.reached() && stop();
  consumer.on(GROUP_JOIN, ({ payload }) => {
    end.join(payload.memberAssignment);
    atEnd();
  });
  consumer.on(END_BATCH_PROCESS, ({ payload }) => {
    end.read(payload.topic, payload.partition, payload.lastOffset);
    atEnd();
  });
  consumer.on(CRASH, ({ payload }) => {
    if (payload.restart) {
      note(`${payload.error.message}; trying again`);
    } else {
      failure = failure || payload.error;
      stop();
    }
  });
  try {
    await consumer.connect();
    if (args['exit-at-end']) {
      const admin = kafka.admin();
      await admin.connect();
      await end.find(admin, args.group, topics);
      await admin.disconnect();
    }
    await consumer.subscribe({ topics, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ topic, partition, message }) => {
        const where = `${topic}-${partition}, offset ${message.offset}`;
        try {
          const text = line(await decoder.decode(message.value));
          if (!process.stdout.write(text + '\n')) {
            await new Promise(resolve => { process.stdout.once('drain', resolve); process.stdout.once('error', resolve); });
          }
        } catch (e) {
          if (e instanceof Malformed) {
            leftOut++;
            note(`left out ${where}: ${e.message}`);
            return;
          }
          failure = e instanceof Failure ? new Failure(`${where}: ${e.message}`) : e;
          throw failure;
        }
      },
    });
    await stopped;
  } finally {
    // Commits, and leaves the group, so that others need not wait for a session to run out.
    await consumer.disconnect();
  }
  if (leftOut) {
    note(`${leftOut} records were left out, see above`);
  }
  if (failure) {
    throw failure;
  }
}

/** Says early what else would be an error deep in kafkajs, or a topic made by asking for it. */
async function check(kafka, bootstrap, topics) {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const known = new Set(await admin.listTopics());
    for (const topic of topics.filter(wanted => !known.has(wanted))) {
      throw new Failure(`there is no topic ${topic}, or this user may not see it: is --prefix right? 'jobwatch setup' creates the topics`);
    }
  } catch (e) {
    throw e instanceof Failure ? e : new Failure(`no broker at ${bootstrap} answers (${e.message}): is --bootstrap right?`
      + ' TLS and SASL are set in the file of --properties');
  } finally {
    await admin.disconnect();
  }
}

async function main() {
  const args = options();
  let kafkajs;
  let registryClient;
  try {
    kafkajs = require('kafkajs');
    registryClient = require('@kafkajs/confluent-schema-registry');
  } catch (e) {
    throw new Failure(`${e.message.split('\n')[0]}: run 'npm install --no-package-lock --ignore-scripts' in ${__dirname}`);
  }
  const { kafka: security, registry } = settings(args.properties);
  const kafka = new kafkajs.Kafka({
    clientId: 'jobwatch-example-node', brokers: args.bootstrap.split(','), logLevel: kafkajs.logLevel.NOTHING, ...security,
    retry: { retries: 4 },
  });
  const topics = [`${args.prefix}job-transitions`, `${args.prefix}job-error-reports`];
  await check(kafka, args.bootstrap, topics);
  await follow(kafka, args, topics, new Decoder(new registryClient.SchemaRegistry({ host: args.registry.replace(/\/+$/, ''), ...registry })));
}

main().catch(e => {
  note(e.message);
  process.exitCode = 1;
});
