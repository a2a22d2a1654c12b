#!/usr/bin/python3
"""What .ci/compose.sh asks of the compose file and of the stack that it starts.

compose.py file CONFIG DEFAULT  what docker-compose makes of the file, with all profiles and with none: is each service bounded, watched and
                                ordered, does nothing listen beyond this machine, is everything there that is mounted
compose.py context              is what an engine is given to build jobwatch's image from what its build takes, and nothing else
compose.py ports N              N free TCP ports, a line each
compose.py replicas KAFKA N     has every partition of every topic N replicas, all of them in step, on N brokers that each lead some
compose.py truth KAFKA REGISTRY LIST JOBS
                                LIST: the simulator's own list of its JOBS jobs, all ended; waits until the topics say the same, then holds
                                them against it: nothing lost, nothing twice
"""
import collections
import errno
import io
import json
import pathlib
import random
import socket
import subprocess
import sys
import time
import urllib.request

SERVICES = {'kafka', 'registry', 'setup', 'jobwatch', 'encoder'}
CLUSTER = {'kafka-2', 'kafka-3', 'replicas', 'jobwatch-2'}
OBSERVABILITY = {'prometheus', 'grafana'}
ONCE = {'setup', 'replicas'}
ENDED = {3: 'FINISHED', 4: 'ERROR', 5: 'CANCELED'}
PATIENCE = 180
QUIET = 3


def check(condition, message):
    if not condition:
        sys.exit(f'compose.py: {message}')


def file(everything, usual):
    import yaml
    services = yaml.safe_load(pathlib.Path(everything).read_text('utf-8'))['services']
    check(set(services) == SERVICES | CLUSTER | OBSERVABILITY, f'there are the services {sorted(services)}')
    usual = set(yaml.safe_load(pathlib.Path(usual).read_text('utf-8'))['services'])
    # docker-compose 1.29 prints those of profiles, too: what it would start is told by their profiles.
    check({name for name in usual if not services[name].get('profiles')} == SERVICES, f'without a profile {sorted(usual)} are started')
    for profile, members in (('cluster', CLUSTER), ('observability', OBSERVABILITY)):
        check({name for name in services if services[name].get('profiles') == [profile]} == members, f'the profile {profile} is another')
    builders = [name for name, service in services.items() if 'build' in service]
    # Two that are built at once under one name fail on each other; and early releases of Compose 2 pull what another service builds.
    check(builders == ['setup'], f'one service alone may have its image built, and here {builders} have')
    built = services['setup']['image']
    for name, service in services.items():
        if service['image'] == built and name != 'setup':
            check('setup' in service.get('depends_on', {}), f'{name} does not wait for its image, which setup has built')
            check(service.get('pull_policy') == 'never', f'{name} would pull the image that setup has built')
        check(':' in service['image'].rpartition('/')[2] or service['image'] == built, f'{name}: which version of {service["image"]}?')
        check('latest' not in service['image'], f'{name} takes whatever is the latest')
        check(service.get('mem_limit'), f'{name} has no mem_limit')
        check(service.get('restart') == ('no' if name in ONCE else 'unless-stopped'), f'{name}: restart is {service.get("restart")}')
        check(service.get('cap_drop') == ['ALL'], f'{name} keeps capabilities')
        check(service.get('security_opt') == ['no-new-privileges:true'], f'{name} may gain privileges')
        check('jobwatch' not in service['image'].rpartition('/')[2] or service.get('read_only'), f'{name} can be written to')
        # The image of jobwatch has a health check of its own.
        check(name in ONCE or service.get('healthcheck', {}).get('test') or name in ('jobwatch', 'jobwatch-2'), f'{name} has no health check')
        for port in service.get('ports', []):
            host = port.get('host_ip') if isinstance(port, dict) else port.partition(':')[0]
            check(host == '127.0.0.1', f'{name} listens beyond this machine: {port}')
        for source in mounts(service).values():
            check(not source.startswith('/') or pathlib.Path(source).exists(), f'{name} mounts {source}, which is not there')
        for dependency, how in service.get('depends_on', {}).items():
            wanted = 'service_completed_successfully' if dependency in ONCE else 'service_healthy'
            check(how['condition'] == wanted, f'{name} does not wait for {dependency} to be ready')
            # Else it would not start without that profile.
            check(services[dependency].get('profiles') in (None, service.get('profiles')), f'{name} needs {dependency}, of another profile')
    provisioning(services['grafana'])


def context():
    """By the rules of docker-compose 1.29, which reads the ignore file as the builder before BuildKit does."""
    from docker.utils.build import exclude_paths
    ignore = pathlib.Path('.dockerignore')
    check(ignore.exists(), f'there is no {ignore}: the whole folder would be given to the engine')
    rules = [line.strip() for line in ignore.read_text('utf-8').splitlines() if line.strip() and not line.startswith('#')]
    sent = {path for path in exclude_paths('.', rules, 'ops/images/jobwatch/Dockerfile') if pathlib.Path(path).is_file()}
    taken = ['LICENSE', 'pom.xml', 'schemas', 'src/main', 'ops/images/jobwatch']
    listed = subprocess.run(['git', 'ls-files', '-z', '--', *taken], check=True, capture_output=True, text=True).stdout
    wanted = set(listed.rstrip('\0').split('\0'))
    check(wanted <= sent, f'left out, although the build takes it: {sorted(wanted - sent)[:5]}')
    strangers = sorted(path for path in sent if not any(path == one or path.startswith(one + '/') for one in [*taken, ignore.name]))
    check(not strangers, f'given to the engine, and not of the build: {strangers[:5]}')


def mounts(service):
    """What is mounted, by where; docker-compose 1.29 prints texts, and 2 mappings."""
    pairs = [(one['target'], one['source']) if isinstance(one, dict) else (one.split(':')[1], one.split(':')[0]) for one in service.get('volumes', [])]
    return dict(pairs)


def provisioning(grafana):
    """Without a container of Grafana: what its files of settings refer to is there."""
    import yaml
    root = pathlib.Path('ops/grafana/provisioning')
    sources = yaml.safe_load((root / 'datasources/prometheus.yml').read_text('utf-8'))['datasources']
    check([(source['type'], source['url']) for source in sources] == [('prometheus', 'http://prometheus:9090')], f'the data sources are {sources}')
    mounted = mounts(grafana)
    check(mounted['/etc/grafana/provisioning'].endswith('/ops/grafana/provisioning'), f'Grafana finds no provisioning: {mounted}')
    for provider in yaml.safe_load((root / 'dashboards/jobwatch.yml').read_text('utf-8'))['providers']:
        folder = pathlib.Path(mounted[provider['options']['path']])
        found = sorted(folder.glob('*.json'))
        check(found, f'there are no dashboards in {folder}')
        for path in found:
            dashboard = json.loads(path.read_text('utf-8'))
            check(dashboard.get('uid') and dashboard.get('title'), f'{path} has no uid or no title')
            for uid in uids(dashboard):
                # A variable is chosen by who looks; Grafana's own source is that of annotations.
                check(uid.startswith('$') or uid in ('-- Grafana --', '-- Mixed --', *(source['uid'] for source in sources)),
                      f'{path} asks the data source {uid}, which is not provisioned')


def uids(node):
    """The ids of all data sources that a dashboard names."""
    if isinstance(node, list):
        for item in node:
            yield from uids(item)
    elif isinstance(node, dict):
        source = node.get('datasource')
        if isinstance(source, dict) and source.get('uid'):
            yield source['uid']
        for item in node.values():
            yield from uids(item)


def ports(count):
    """Below those that the kernel gives to whoever asks for any: of these one may be taken again before the broker has it."""
    count, held = int(count), []
    for port in random.sample(range(20000, 32000), 200):
        try:
            held.append(socket.create_server(('127.0.0.1', port)))
        except OSError as refused:
            check(refused.errno == errno.EADDRINUSE, f'port {port}: {refused}')
        if len(held) == count:
            break
    check(len(held) == count, f'found {len(held)} free ports of 200 between 20000 and 32000, and {count} are needed')
    for one in held:
        print(one.getsockname()[1])
        one.close()


def replicas(kafka, count):
    from confluent_kafka.admin import AdminClient
    count = int(count)
    admin, deadline = AdminClient({'bootstrap.servers': kafka}), time.monotonic() + PATIENCE
    while True:
        partitions = [(topic, partition) for topic in admin.list_topics(timeout=20).topics.values() for partition in topic.partitions.values()]
        lacking = sorted({topic.topic for topic, one in partitions if len(one.replicas) != count or len(one.isrs) != count})
        leaders = {one.leader for _, one in partitions}
        if partitions and not lacking and len(leaders) == count:
            print(f'{len(partitions)} partitions have {count} replicas, all in step, and {count} brokers lead them')
            return
        check(time.monotonic() < deadline, f'not {count} replicas in step: {lacking}; leaders: {leaders}')
        time.sleep(1)


class Topics:
    """What is committed to the topics of transitions and reports, by job."""

    def __init__(self, kafka, registry):
        from confluent_kafka import Consumer, TopicPartition
        self.registry, self.schemas = registry, {}
        self.transitions, self.reports = collections.defaultdict(list), collections.defaultdict(list)
        self.consumer = Consumer({'bootstrap.servers': kafka, 'group.id': 'compose-check', 'isolation.level': 'read_committed',
                                  'enable.auto.commit': False, 'auto.offset.reset': 'earliest'})
        names = ['jobwatch.job-transitions', 'jobwatch.job-error-reports']
        found = self.consumer.list_topics(timeout=20).topics
        self.consumer.assign([TopicPartition(name, partition, 0) for name in names for partition in found[name].partitions])

    def read(self, seconds):
        """Takes over what comes within the time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for message in self.consumer.consume(500, 0.2):
                check(not message.error(), message.error())
                record = self.decoded(message.value())
                into = self.transitions if message.topic().endswith('job-transitions') else self.reports
                into[record['jobId']].append(record)

    def decoded(self, value):
        import avro.io
        import avro.schema
        check(value[0] == 0, 'a value is not in the wire format')
        known = int.from_bytes(value[1:5], 'big')
        if known not in self.schemas:
            with urllib.request.urlopen(f'{self.registry}/schemas/ids/{known}', timeout=20) as answer:
                self.schemas[known] = avro.schema.parse(json.load(answer)['schema'])
        return avro.io.DatumReader(self.schemas[known]).read(avro.io.BinaryDecoder(io.BytesIO(value[5:])))


def disagreements(ends, topics):
    """ends: how each job ended, by the simulator"""
    found = [f'{job}: no such job at the simulator' for job in set(topics.transitions) | set(topics.reports) if job not in ends]
    for job, end in ends.items():
        told = topics.transitions[job]
        sequences = [one['sequence'] for one in told]
        path = [one['currentState'] for one in told]
        if sequences != list(range(1, len(told) + 1)):
            found.append(f'{job}: the sequences are {sequences}')
        if path[-1:] != [end]:
            found.append(f'{job}: went {path}, ended {end} at the simulator')
        if [one['previousState'] for one in told] != [None, *path][:len(path)]:
            found.append(f'{job}: the states do not follow each other: {[(one["previousState"], one["currentState"]) for one in told]}')
        states = [one['state'] for one in topics.reports[job]]
        if states != ([] if end == 'FINISHED' else [end]):
            found.append(f'{job}: ended {end} and has the reports {states}')
    return found


def truth(kafka, registry, listed, count):
    jobs = json.loads(pathlib.Path(listed).read_text('utf-8'))['value']
    check(len(jobs) == int(count), f'the simulator lists {len(jobs)} jobs, not {count}')
    ends = {job['Id']: ENDED[job['State']] for job in jobs}
    check({'ERROR', 'CANCELED', 'FINISHED'} == set(ends.values()), f'only {set(ends.values())} happened')
    topics, deadline = Topics(kafka, registry), time.monotonic() + PATIENCE
    topics.read(1)
    while disagreements(ends, topics) and time.monotonic() < deadline:
        topics.read(1)
    topics.read(QUIET)    # what comes late would come twice
    found = disagreements(ends, topics)
    check(not found, '\n  '.join(['the topics and the simulator disagree:', *found]))
    print(f'{len(ends)} jobs: {sum(map(len, topics.transitions.values()))} transitions with sequences 1, 2, 3…, '
          f'{sum(map(len, topics.reports.values()))} reports, one a stop; the same ends as at the simulator')


if __name__ == '__main__':
    {'file': file, 'context': context, 'ports': ports, 'replicas': replicas, 'truth': truth}[sys.argv[1]](*sys.argv[2:])
