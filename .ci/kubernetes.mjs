// Holds rendered Kubernetes manifests against the schemas of the API, strictly, and against what no schema knows: each other, the image and
// the README. Then breaks them, one thing at a time, and holds itself to finding it. Also holds what the pages have people apply against what
// is there.
//
// usage: node kubernetes.mjs PROJECT RENDERED...
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

const require = createRequire(import.meta.url);
const [project, ...rendered] = process.argv.slice(2);
const read = path => readFileSync(join(project, path), 'utf8');

/** What the image is, by its Dockerfile. */
function image() {
  const dockerfile = read('ops/images/jobwatch/Dockerfile');
  const find = pattern => dockerfile.match(pattern)?.[1] ?? fail(`the Dockerfile has no ${pattern}`);
  return {
    user: Number(find(/^USER (\d+):\d+$/m)),
    group: Number(find(/^USER \d+:(\d+)$/m)),
    port: Number(find(/^EXPOSE (\d+)$/m)),
    volume: find(/^VOLUME (\S+)$/m),
    config: JSON.parse(find(/^CMD (.*)$/m)).at(-1),
  };
}

/** The secrets that the README has an operator create: name to the set of their keys. */
function secrets() {
  const found = new Map();
  for (const [command, name] of read('ops/kubernetes/README.md').replaceAll('\\\n', ' ').matchAll(/create secret generic (\S+)[^\n]*/g)) {
    found.set(name, new Set([...command.matchAll(/--from-(?:file|literal)=([^=\s]+)=/g)].map(match => match[1])));
  }
  return found;
}

function fail(message) {
  throw new Error(message);
}

/**
 * Wraps a value so that each name that is asked for is remembered, and calls `unknown` for the names that are there and were not. The
 * validators ask for every field that the schema has, and walk through all names of what is a map.
 */
function watched(value, path, places) {
  if (value === null || typeof value !== 'object') return value;
  const asked = new Set();
  const wrapped = {};
  places.push(() => Object.keys(value).filter(name => !Array.isArray(value) && !asked.has(name)).map(name => `${path}/${name}`));
  return new Proxy(value, {
    get(target, name) {
      asked.add(name);
      if (!Object.hasOwn(target, name)) return target[name];
      if (!Object.hasOwn(wrapped, name)) wrapped[name] = watched(target[name], `${path}/${String(name)}`, places);
      return wrapped[name];
    },
    ownKeys(target) {
      Object.keys(target).forEach(name => asked.add(name));
      return Reflect.ownKeys(target);
    },
  });
}

/** The problems of one document by the schema of its kind. */
function bySchema(document) {
  const { apiVersion, kind } = document ?? {};
  const path = `kubernetes-models/${apiVersion}/${kind}`;
  let model;
  try {
    model = require(path)[kind];
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND' && error.code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw error;
    return [`there is no kind ${kind} in ${apiVersion}`];
  }
  const name = `${kind} ${document.metadata?.name}`;
  const places = [];
  try {
    model.prototype.validate.call(watched(document, '', places));
  } catch (error) {
    return [`${name}: ${error.message}`];
  }
  return places.flatMap(unknown => unknown()).map(field => `${name}: unknown field ${field}`);
}

const within = (labels, selector) => selector && Object.keys(selector).length > 0
  && Object.entries(selector).every(([key, value]) => labels?.[key] === value);

/** The problems between documents of one rendering. */
function together(documents, its, known) {
  const problems = [];
  const check = (right, message) => right || problems.push(message);
  const of = kind => documents.filter(document => document.kind === kind);
  const names = kind => new Set(of(kind).map(document => document.metadata.name));
  const workloads = [...of('StatefulSet'), ...of('Job')];
  const labels = workload => workload.spec.template.metadata.labels;
  const ports = new Set(workloads.flatMap(workload => workload.spec.template.spec.containers).flatMap(container => container.ports ?? [])
    .flatMap(port => [port.name, port.containerPort]));

  check(workloads.length > 0, 'nothing runs');
  check(new Set(documents.map(document => document.metadata.namespace)).size === 1, 'not all in one namespace');
  for (const service of of('Service')) {
    const who = `Service ${service.metadata.name}`;
    check(workloads.some(workload => within(labels(workload), service.spec.selector)), `${who} selects nothing`);
    service.spec.ports.forEach(port => check(ports.has(port.targetPort), `${who}: no container has the port ${port.targetPort}`));
  }
  for (const [kind, selector] of [...of('PodDisruptionBudget').map(it => [it.kind, it.spec.selector.matchLabels]),
    ...of('NetworkPolicy').map(it => [it.kind, it.spec.podSelector.matchLabels])]) {
    check(workloads.some(workload => within(labels(workload), selector)), `${kind} selects nothing`);
  }
  for (const policy of of('NetworkPolicy')) {
    check(policy.spec.ingress.flatMap(rule => rule.ports ?? []).some(port => port.port === its.port),
      `NetworkPolicy lets nobody reach the port ${its.port} of the image`);
  }
  for (const set of of('StatefulSet')) {
    check(within(labels(set), set.spec.selector.matchLabels), 'StatefulSet does not select its own pods');
    check(of('Service').some(it => it.metadata.name === set.spec.serviceName && it.spec.clusterIP === 'None'),
      `StatefulSet: there is no headless Service ${set.spec.serviceName}`);
    const pod = set.spec.template.spec;
    for (const term of [...pod.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution.map(it => it.podAffinityTerm),
      ...pod.topologySpreadConstraints]) {
      check(within(labels(set), term.labelSelector.matchLabels), `StatefulSet: what spreads by ${term.topologyKey} does not select its pods`);
    }
    for (const container of pod.containers) {
      check(container.ports.some(port => port.containerPort === its.port), `StatefulSet: the image listens on ${its.port}`);
      for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
        const get = container[probe]?.httpGet;
        check(ports.has(get?.port), `StatefulSet: ${probe} asks at no port of a container`);
        check(get?.path === (probe === 'readinessProbe' ? '/health/ready' : '/health/live'), `StatefulSet: ${probe} asks for ${get?.path}`);
      }
    }
  }
  for (const workload of workloads) {
    const who = `${workload.kind} ${workload.metadata.name}`;
    const pod = workload.spec.template.spec;
    check(names('ServiceAccount').has(pod.serviceAccountName), `${who}: there is no ServiceAccount ${pod.serviceAccountName}`);
    check(pod.automountServiceAccountToken === false, `${who}: a token for the API server is mounted`);
    check(pod.securityContext?.runAsNonRoot === true && pod.securityContext.seccompProfile?.type === 'RuntimeDefault', `${who}: its pod is not held`);
    check(pod.securityContext?.runAsUser === its.user && pod.securityContext.runAsGroup === its.group && pod.securityContext.fsGroup === its.group,
      `${who}: the image's user is ${its.user}:${its.group}`);
    const volumes = new Map([...(pod.volumes ?? []).map(volume => [volume.name, volume]),
      ...(workload.spec.volumeClaimTemplates ?? []).map(claim => [claim.metadata.name, claim])]);
    for (const container of pod.containers) {
      const held = container.securityContext ?? {};
      check(held.readOnlyRootFilesystem === true && held.allowPrivilegeEscalation === false && held.capabilities?.drop?.includes('ALL'),
        `${who}: its container is not held`);
      check(container.resources?.limits?.memory && container.resources.requests?.memory && container.resources.requests.cpu,
        `${who}: its container asks for no memory or cpu`);
      const mounts = new Map(container.volumeMounts.map(mount => [mount.mountPath, volumes.get(mount.name)]));
      container.volumeMounts.forEach(mount => check(volumes.has(mount.name), `${who}: there is no volume ${mount.name}`));
      check(mounts.has(its.volume), `${who}: the image's volume is ${its.volume}`);
      const config = mounts.get(its.config.replace(/\/[^/]*$/, ''))?.configMap;
      check(config, `${who}: the image's configuration is ${its.config}`);
      check(!container.args || container.args.includes(its.config), `${who}: its arguments do not name ${its.config}`);
      const data = of('ConfigMap').find(map => map.metadata.name === config?.name)?.data;
      check(data?.[basename(its.config)], `${who}: there is no ConfigMap ${config?.name} with ${basename(its.config)}`);
      const secret = mounts.get('/var/run/secrets/jobwatch')?.secret?.secretName;
      check(known.has(secret), `${who}: the README has nobody create the Secret ${secret}`);
      const text = data?.[basename(its.config)] ?? '{}';
      for (const [, key] of text.matchAll(/\/var\/run\/secrets\/jobwatch[/:]([\w.-]+)/g)) {
        check(known.get(secret)?.has(key), `${who}: the README has nobody create ${key} of the Secret ${secret}`);
      }
      const settings = parse(text);
      check(settings.query?.port === its.port && settings.query.host === '0.0.0.0', `${who}: queries are to be answered on 0.0.0.0:${its.port}`);
      check(settings['data-dir']?.startsWith(`${its.volume}/`), `${who}: data-dir is not in the volume ${its.volume}`);
    }
  }
  return problems;
}

const judge = (documents, its, known) => [...documents.flatMap(bySchema), ...together(documents, its, known)];

const its = image();
const known = secrets();
const renderings = rendered.map(file => [file, parseAllDocuments(readFileSync(file, 'utf8')).map(document => document.toJS())]);
for (const [file, documents] of renderings) {
  const problems = judge(documents, its, known);
  if (problems.length) fail(`${file}:\n  ${problems.join('\n  ')}`);
  // For jobwatch, which judges it itself.
  const config = documents.find(document => document.kind === 'ConfigMap').data[basename(its.config)];
  writeFileSync(file.replace(/\.yaml$/, '.config.yaml'), config);
  console.log(`ok ${basename(file)}: ${documents.length} objects agree with the schemas, with each other and with the image`);
}

/** The kustomizations that a page has people apply and that are neither there nor copied further up, and how many it has them apply. */
function applied(page, text) {
  const copied = new Map();
  const missing = [];
  let found = 0;
  for (const [, from, to, path] of text.matchAll(/\bcp -r ([\w./-]+) ([\w./-]+)|\bkubectl (?:[^`\n]* )?apply -k ?([\w./-]*)/g)) {
    if (from) {
      copied.set(to, from);
    } else {
      found++;
      if (!existsSync(join(project, copied.get(path) ?? path, 'kustomization.yaml'))) missing.push(`${page}: apply -k ${path}: no kustomization is there`);
    }
  }
  return { found, missing };
}

const pages = execFileSync('git', ['-C', project, 'ls-files', '-z', '--', '*.md'], { encoding: 'utf8' }).split('\0')
  .filter(page => page && existsSync(join(project, page))).map(page => applied(page, read(page)));
const unapplicable = pages.flatMap(page => page.missing);
if (unapplicable.length) fail(unapplicable.join('\n'));
const applications = pages.reduce((sum, page) => sum + page.found, 0);
if (!applications) fail('no page says what is to be applied');
console.log(`ok ${applications} times a page has people apply what is there`);
for (const text of ['kubectl apply -k ops/kubernetes', 'then `kubectl apply -k` again', 'kubectl -n a apply -k b', 'cp -r c b\nkubectl apply -k b',
  'kubectl apply -k b\ncp -r ops/kubernetes/base b']) {
  if (applied('a page', text).missing.length !== 1) fail(`what is not there is not found in: ${text}`);
}

/** What must be found: a breakage, and a part of what is said of it. */
const breakages = [
  ['a field that is not there', set => { set.spec.template.spec.containers[0].readynessProbe = {}; }, 'unknown field /spec/template/spec/containers/0/readynessProbe'],
  ['a field at the top', set => { set.specs = {}; }, 'unknown field /specs'],
  ['a field in metadata', set => { set.metadata.label = {}; }, 'unknown field /metadata/label'],
  ['a wrong type', set => { set.spec.replicas = 'two'; }, '/spec/replicas'],
  ['a wrong word', set => { set.spec.podManagementPolicy = 'Sequential'; }, '/spec/podManagementPolicy'],
  ['a missing field', set => { delete set.spec.selector; }, 'selector', true],
  ['a misspelled kind', set => { set.kind = 'StatefullSet'; }, 'there is no kind StatefullSet'],
  ['a misspelled group', set => { set.apiVersion = 'app/v1'; }, 'there is no kind StatefulSet in app/v1'],
  ['another user', set => { set.spec.template.spec.securityContext.runAsUser = 1000; }, "the image's user is"],
  ['another port', set => { set.spec.template.spec.containers[0].ports[0].containerPort = 8081; }, 'the image listens on'],
  ['a volume elsewhere', set => { set.spec.template.spec.containers[0].volumeMounts[0].mountPath = '/data'; }, "the image's volume is"],
  ['a volume of another name', set => { set.spec.template.spec.containers[0].volumeMounts[0].name = 'date'; }, 'there is no volume date'],
  ['labels that nothing selects', set => { set.spec.template.metadata.labels['app.kubernetes.io/name'] = 'other'; }, 'selects nothing'],
  ['a Secret that nobody creates', set => { set.spec.template.spec.volumes.find(it => it.secret).secret.secretName = 'other'; }, 'create the Secret other'],
  ['a ConfigMap without its hash', set => { set.spec.template.spec.volumes.find(it => it.configMap).configMap.name = 'jobwatch'; }, 'there is no ConfigMap jobwatch'],
  ['a probe for another path', set => { set.spec.template.spec.containers[0].livenessProbe.httpGet.path = '/health/ready'; }, 'livenessProbe asks for'],
  ['a writable root', set => { delete set.spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem; }, 'its container is not held'],
];
for (const [what, breakage, expected, schemaAlone] of breakages) {
  const documents = structuredClone(renderings[0][1]);
  const set = documents.find(document => document.kind === 'StatefulSet');
  breakage(set);
  const problems = schemaAlone || set.kind !== 'StatefulSet' || !set.spec ? bySchema(set) : judge(documents, its, known);
  if (!problems.some(problem => problem.includes(expected))) fail(`${what} is not found; found: ${problems.join('; ') || 'nothing'}`);
}
console.log(`ok ${breakages.length} breakages are found`);
