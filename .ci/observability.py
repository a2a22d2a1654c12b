#!/usr/bin/python3
"""Asks a live Prometheus, which scrapes a live jobwatch, what the rules and the dashboards would ask it.

Usage: .ci/observability.py healthy URL   every query of every panel gives data, every rule can be evaluated, every metric exists, no alert holds
       .ci/observability.py firing URL ALERT...   waits until each of these alerts fires
       .ci/observability.py hasten   prints the alerts with each duration a sixtieth, and the label hastened, for a run that has no minutes
"""
import json
import math
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import yaml

import observability_files as files

PATIENCE = 150.0    # seconds; a machine that does much else is slow
# As Grafana would fill them in, for a look at a few seconds that were scraped every second.
INTERVAL = '15s'
VARIABLES = {'__rate_interval': INTERVAL, '__interval': '1s', '__range': '1m', 'source': '.*', 'instance': '.*', 'job': '.*'}
VARIABLE = re.compile(r'\$(?:\{(\w+)(?::\w+)?\}|(\w+))')

# Panels that are rightly empty while all is well: (dashboard, panel, refId) and why.
EMPTY = {
    ('jobs', 'Share that ends in an error', 'B'): 'what is usual needs a day before the last half an hour',
}


class Wrong(Exception):
    """What was expected, and what was found."""


def api(url, path, **parameters):
    query = urllib.parse.urlencode(parameters, doseq=True)
    try:
        with urllib.request.urlopen(f'{url}/api/v1/{path}?{query}', timeout=10) as answer:
            return json.load(answer)['data']
    except urllib.error.HTTPError as error:
        raise Wrong(f'{path} {parameters}: {json.load(error).get("error")}') from None


def filled_in(expr):
    def value(match):
        name = match.group(1) or match.group(2)
        if name not in VARIABLES:
            raise Wrong(f'{expr}: ${name} is no variable that is known here')
        return VARIABLES[name]
    return VARIABLE.sub(value, expr)


def has_data(url, query):
    expr = filled_in(query.expr)
    if query.instant:
        series = api(url, 'query', query=expr)['result']
        values = [sample['value'] for sample in series]
    else:
        now = time.time()
        values = [value for sample in api(url, 'query_range', query=expr, start=now - 30, end=now, step=1)['result']
                  for value in sample['values']]
    return any(not math.isnan(float(value)) for _, value in values)


def until(condition, patience=PATIENCE):
    """Asks again each second until nothing is missing any more; what is missing at the end."""
    deadline = time.monotonic() + patience
    while True:
        missing = condition()
        if not missing or time.monotonic() > deadline:
            return missing
        time.sleep(1)


def check_queries(url):
    waiting = [query for query in files.queries() if query[:3] not in EMPTY]

    def without_data():
        nonlocal waiting
        waiting = [query for query in waiting if not has_data(url, query)]
        return waiting
    without_data()
    if until(without_data):
        raise Wrong('no data for:\n' + '\n'.join(f'  {query.dashboard}, "{query.panel}" {query.ref}: {query.expr}' for query in waiting))
    for query in files.queries():
        has_data(url, query)    # the empty ones must at least be no error
    unknown = set(EMPTY) - {query[:3] for query in files.queries()}
    if unknown:
        raise Wrong(f'listed as empty, but no such query: {sorted(unknown)}')
    print(f'ok  {len(files.queries())} queries of panels are answered, {len(EMPTY)} of them rightly empty')


def check_variables(url):
    count = 0
    for path, dashboard in files.dashboards():
        for variable in dashboard['templating']['list']:
            if variable['type'] != 'query':
                continue
            match = re.fullmatch(r'label_values\((.*), *(\w+)\)', variable['definition'])
            if not match:
                raise Wrong(f'{path.name}, variable {variable["name"]}: {variable["definition"]} is no label_values(selector, label)')
            if not api(url, f'label/{match.group(2)}/values', **{'match[]': filled_in(match.group(1))}):
                raise Wrong(f'{path.name}, variable {variable["name"]}: {variable["definition"]} has no values')
            count += 1
    print(f'ok  {count} variables of dashboards have values')


def check_metrics(url):
    exposed = set(api(url, 'label/__name__/values'))
    described = set(api(url, 'metadata', limit=100000))
    asked = {name: f'{query.dashboard}, "{query.panel}"' for query in files.queries() for name in files.names_in(filled_in(query.expr))}
    asked.update({name: f'rule {rule.name}' for rule in files.rules() for name in files.names_in(rule.expr)})
    # ALERTS is there once one is pending, what is recorded once there is something to record.
    missing = [f'  {name} ({where})' for name, where in sorted(asked.items()) if name not in exposed and name != 'ALERTS' and ':' not in name]
    if missing:
        raise Wrong('metrics that a live jobwatch does not have:\n' + '\n'.join(missing))
    undescribed = [name for name in sorted(asked) if name not in files.OF_PROMETHEUS and ':' not in name
                   and name not in described and re.sub(r'_(bucket|count|sum)$', '', name) not in described]
    if undescribed:
        raise Wrong(f'metrics without type and help: {undescribed}')
    print(f'ok  {len(asked)} metrics of panels and rules are exposed')


def check_rules(url):
    def wrong():
        loaded = [rule for group in api(url, 'rules')['groups'] for rule in group['rules']]
        return [f'  {rule["name"]}: {rule.get("lastError") or "not evaluated yet"}' for rule in loaded if rule['health'] != 'ok']
    missing = until(wrong, 20)
    if missing:
        raise Wrong('rules that cannot be evaluated:\n' + '\n'.join(missing))
    holding = {rule.name: api(url, 'query', query=rule.expr)['result'] for rule in files.rules() if rule.alert}
    wrongly = [f'  {name}: {result}' for name, result in holding.items() if result]
    if wrongly:
        raise Wrong('alerts whose condition holds though all is well:\n' + '\n'.join(wrongly))
    firing = [alert['labels'] for alert in api(url, 'alerts')['alerts'] if alert['state'] == 'firing' and 'hastened' not in alert['labels']]
    if firing:
        raise Wrong(f'alerts that fire though all is well: {firing}')
    print(f'ok  {len(files.rules())} rules can be evaluated, and none of {len(holding)} alerts fires')


def check_firing(url, names):
    def silent():
        firing = {alert['labels']['alertname'] for alert in api(url, 'alerts')['alerts'] if alert['state'] == 'firing'}
        return set(names) - firing
    missing = until(silent)
    if missing:
        raise Wrong(f'these do not fire: {sorted(missing)}; what does: {api(url, "alerts")["alerts"]}')
    print(f'ok  provoked for real: {", ".join(names)}')


def sixtieth(text):
    """The text with each duration a sixtieth: minutes become seconds, and so do the numbers of seconds that something is compared with."""
    smaller = {'d': lambda number: f'{24 * number}m', 'h': lambda number: f'{number}m', 'm': lambda number: f'{number}s'}
    text = re.sub(r'\b(\d+)([dhm])\b', lambda match: smaller[match.group(2)](int(match.group(1))), text)
    if '_seconds)' in text:
        text = re.sub(r'([<>]) (\d{2,})\b', lambda match: f'{match.group(1)} {int(match.group(2)) / 60:g}', text)
    return text


def hasten():
    groups = yaml.safe_load(files.RULES.read_text())['groups']
    for group in groups:
        group['name'] += '-hastened'
        group['rules'] = [rule for rule in group['rules'] if 'alert' in rule]
        for rule in group['rules']:
            rule['expr'] = sixtieth(rule['expr'])
            rule['for'] = sixtieth(rule['for'])
            rule['labels']['hastened'] = 'true'
    yaml.safe_dump({'groups': [group for group in groups if group['rules']]}, sys.stdout, sort_keys=False, width=1000)


def main(arguments):
    if arguments == ['hasten']:
        hasten()
    elif len(arguments) == 2 and arguments[0] == 'healthy':
        check_queries(arguments[1])
        check_variables(arguments[1])
        check_metrics(arguments[1])
        check_rules(arguments[1])
    elif len(arguments) > 2 and arguments[0] == 'firing':
        check_firing(arguments[1], arguments[2:])
    else:
        print(__doc__, file=sys.stderr)
        sys.exit(2)


if __name__ == '__main__':
    try:
        main(sys.argv[1:])
    except Wrong as wrong:
        sys.exit(f'.ci/observability.py: {wrong}')
