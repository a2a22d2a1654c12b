#!/usr/bin/python3
"""Holds the rules, their tests, the runbooks and the dashboards against each other and against ops/metrics.md. Needs nothing that runs.

Usage: .ci/observability_lint.py; prints what is wrong, and exits with 1 if anything is.
"""
import json
import re
import sys

import observability_files as files

SEVERITIES = {'page', 'ticket'}
RUNBOOK_HEADINGS = ['What it means', 'Is it urgent', 'First look', 'Causes, the likely ones first', 'It is over when']
DATASOURCE = {'type': 'prometheus', 'uid': '${datasource}'}
UNITS = {'short', 's', 'ms', 'bytes', 'Bps', 'percentunit', 'reqps', 'ops', 'cps', 'none', 'bool', 'dateTimeFromNow'}
GRID = 24

problems = []


def problem(where, what):
    problems.append(f'{where}: {what}')


def check_names(where, text_names, known, recorded=frozenset()):
    for name in sorted(text_names - files.OF_PROMETHEUS):
        if ':' in name and name not in recorded:
            problem(where, f'{name} is recorded by no rule')
        elif ':' not in name and not files.is_documented(name, known):
            problem(where, f'{name} is not in ops/metrics.md')


def check_alert(rule):
    where = f'alert {rule.name}'
    labels, annotations = rule.fields.get('labels', {}), rule.fields.get('annotations', {})
    if not rule.fields.get('for'):
        problem(where, 'has no "for": a single bad scrape would tell of it')
    if labels.get('severity') not in SEVERITIES:
        problem(where, f'severity is {labels.get("severity")}, expected one of {sorted(SEVERITIES)}')
    for key in ('summary', 'description', 'runbook_url'):
        if not annotations.get(key):
            problem(where, f'has no {key}')
    if '$value' not in annotations.get('description', ''):
        problem(where, 'its description does not tell the measured value')
    if not annotations.get('runbook_url', '').endswith(f'/{rule.name}.md'):
        problem(where, f'its runbook_url does not end with /{rule.name}.md')


def check_tests(alerts, groups):
    fires, silent = set(), set()
    for path, content in files.tests():
        if content.get('rule_files') != ['../rules/jobwatch.yml']:
            problem(path.name, 'does not test ../rules/jobwatch.yml')
        if content.get('group_eval_order') != groups:
            problem(path.name, f'its group_eval_order is not {groups}: promtool would take the groups in any order')
        for test in content['tests']:
            if not test.get('name'):
                problem(path.name, 'a test has no name')
            for case in test.get('alert_rule_test', []):
                (fires if case.get('exp_alerts') else silent).add(case['alertname'])
    for name in alerts:
        if name not in fires:
            problem(f'alert {name}', 'no test in which it fires')
        if name not in silent:
            problem(f'alert {name}', 'no test in which it stays silent')
    for name in sorted((fires | silent) - set(alerts)):
        problem(f'alert {name}', 'is tested, but there is no such alert')


def check_runbooks(alerts, known):
    found = {path.stem: path for path in files.RUNBOOKS.glob('*.md') if path.stem != 'README'}
    for name in sorted(set(alerts) - set(found)):
        problem(f'alert {name}', f'ops/runbooks/{name}.md is not there')
    for name in sorted(set(found) - set(alerts)):
        problem(f'ops/runbooks/{name}.md', 'belongs to no alert')
    index = (files.RUNBOOKS / 'README.md').read_text()
    for name, path in sorted(found.items()):
        where, text = f'ops/runbooks/{name}.md', path.read_text()
        if not text.startswith(f'# {name}\n'):
            problem(where, f'does not begin with "# {name}"')
        headings = re.findall(r'^## (.*)$', text, re.MULTILINE)
        if headings != RUNBOOK_HEADINGS:
            problem(where, f'its headings are {headings}, expected {RUNBOOK_HEADINGS}')
        if f']({name}.md)' not in index:
            problem(where, 'is not in ops/runbooks/README.md')
        check_names(where, set(re.findall(r'\b(?:jobwatch|kafka|jvm|process|system|executor|rocksdb|disk)_[a-z0-9_]+', text)), known)


def check_layout(where, panels):
    taken = {}
    for panel in panels:
        grid = panel['gridPos']
        if grid['x'] < 0 or grid['w'] < 1 or grid['x'] + grid['w'] > GRID:
            problem(where, f'panel "{panel["title"]}" is wider than the {GRID} columns')
        for x in range(grid['x'], grid['x'] + grid['w']):
            for y in range(grid['y'], grid['y'] + grid['h']):
                other = taken.setdefault((x, y), panel['title'])
                if other != panel['title']:
                    problem(where, f'panel "{panel["title"]}" overlaps "{other}"')
                    return


def check_panel(where, panel):
    where = f'{where}, panel "{panel.get("title")}"'
    for key in ('title', 'description'):
        if not panel.get(key):
            problem(where, f'has no {key}')
    unit = panel.get('fieldConfig', {}).get('defaults', {}).get('unit')
    if unit not in UNITS:
        problem(where, f'its unit is {unit}, expected one of {sorted(UNITS)}')
    refs = [target['refId'] for target in panel.get('targets', [])]
    if not refs or len(refs) != len(set(refs)):
        problem(where, f'its queries have the refIds {refs}: expected at least one, each once')
    for holder in [panel, *panel.get('targets', [])]:
        if holder.get('datasource') != DATASOURCE:
            problem(where, f'its datasource is {holder.get("datasource")}, expected {DATASOURCE}')
    for target in panel.get('targets', []):
        if not target.get('legendFormat'):
            problem(where, f'query {target["refId"]} has no legendFormat')


def check_dashboard(path, dashboard, uids):
    where = f'ops/grafana/dashboards/{path.name}'
    if path.read_text() != json.dumps(dashboard, indent=2, ensure_ascii=False) + '\n':
        problem(where, 'is not formatted as json.dumps(…, indent=2, ensure_ascii=False) does')
    if 'id' in dashboard and dashboard['id'] is not None:
        problem(where, 'has an id: it belongs to one Grafana')
    if not dashboard.get('uid') or dashboard['uid'] in uids:
        problem(where, f'its uid {dashboard.get("uid")} is missing or another dashboard\'s')
    uids.add(dashboard.get('uid'))
    variables = [variable['name'] for variable in dashboard['templating']['list']]
    if variables[:1] != ['datasource'] or 'source' not in variables:
        problem(where, f'its variables are {variables}, expected datasource first, and source')
    everything = dashboard['panels'] + [inner for row in dashboard['panels'] for inner in row.get('panels', [])]
    ids = [panel['id'] for panel in everything]
    if len(ids) != len(set(ids)):
        problem(where, 'two panels have the same id')
    titles = [panel['title'] for panel in everything]
    for title in sorted({title for title in titles if titles.count(title) > 1}):
        problem(where, f'two panels have the title "{title}"')
    check_layout(where, everything)
    for panel in files.panels(dashboard):
        check_panel(where, panel)


def main():
    known = files.documented()
    rules = files.rules()
    recorded = {rule.name for rule in rules if not rule.alert}
    alerts = [rule.name for rule in rules if rule.alert]
    for rule in rules:
        check_names(f'rule {rule.name}', files.names_in(rule.expr), known, recorded)
        if rule.alert:
            check_alert(rule)
    for name in sorted({name for name in alerts if alerts.count(name) > 1}):
        problem(f'alert {name}', 'is there twice')
    check_tests(alerts, list(dict.fromkeys(rule.group for rule in rules)))
    check_runbooks(alerts, known)
    uids = set()
    for path, dashboard in files.dashboards():
        check_dashboard(path, dashboard, uids)
    for query in files.queries():
        check_names(f'{query.dashboard}, panel "{query.panel}"', files.names_in(query.expr), known, recorded)
    if problems:
        sys.exit('\n'.join(problems))
    print(f'ok  {len(rules)} rules, {len(alerts)} of them alerts, each tested both ways and with a runbook;'
          f' {len(files.queries())} queries in {len(uids)} dashboards; every metric is in ops/metrics.md')


if __name__ == '__main__':
    main()
