"""Reads the rules, their tests, the runbooks, the dashboards and the list of metrics, for the checks of them."""
import collections
import json
import pathlib
import re

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
RULES = ROOT / 'ops/prometheus/rules/jobwatch.yml'
TESTS = ROOT / 'ops/prometheus/tests'
RUNBOOKS = ROOT / 'ops/runbooks'
DASHBOARDS = ROOT / 'ops/grafana/dashboards'
METRICS = ROOT / 'ops/metrics.md'

# What Prometheus itself adds to each target; no metric of jobwatch.
OF_PROMETHEUS = {'up', 'scrape_duration_seconds', 'scrape_samples_scraped', 'ALERTS'}

_LITERAL = re.compile(r'''"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`''')
_BRACES = re.compile(r'\{[^{}]*\}')
_BRACKETS = re.compile(r'\[[^\[\]]*\]')
_LABELS = re.compile(r'\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^()]*\)', re.IGNORECASE)
_NAME = re.compile(r'(?<![\w.:$])[a-zA-Z_:][\w:]*\b(?!\s*\()')
_WORDS = {'and', 'or', 'unless', 'bool', 'offset', 'by', 'without', 'on', 'ignoring', 'group_left', 'group_right', 'inf', 'nan', 'atan2'}

Query = collections.namedtuple('Query', 'dashboard panel ref expr instant')
Rule = collections.namedtuple('Rule', 'group name alert expr fields')


def names_in(expr):
    """The metrics, recorded ones too, that a PromQL expression selects by name."""
    rest = '\n'.join(line.partition('#')[0] for line in _LITERAL.sub('""', expr).splitlines())
    for pattern, instead in ((_BRACES, ''), (_BRACKETS, ''), (_LABELS, ' ')):
        rest = pattern.sub(instead, rest)
    return {name for name in _NAME.findall(rest) if name.lower() not in _WORDS}


def rules():
    """All rules of the file, in its order."""
    groups = yaml.safe_load(RULES.read_text())['groups']
    return [Rule(group['name'], rule.get('alert') or rule['record'], 'alert' in rule, rule['expr'], rule)
            for group in groups for rule in group['rules']]


def tests():
    """(file, content) of each file of unit tests."""
    return [(path, yaml.safe_load(path.read_text())) for path in sorted(TESTS.glob('*.yml'))]


def dashboards():
    """(file, content) of each dashboard."""
    return [(path, json.loads(path.read_text())) for path in sorted(DASHBOARDS.glob('*.json'))]


def panels(dashboard):
    """All panels but rows, those inside collapsed rows too."""
    for panel in dashboard['panels']:
        if panel['type'] == 'row':
            yield from panel.get('panels', [])
        else:
            yield panel


def queries():
    """Every query of every panel."""
    return [Query(path.stem, panel['title'], target['refId'], target['expr'], target.get('instant', False))
            for path, dashboard in dashboards() for panel in panels(dashboard) for target in panel.get('targets', [])]


def documented():
    """The names that ops/metrics.md has in backticks; a * in one stands for any end."""
    return set(re.findall(r'`([a-z][a-z0-9]*(?:_[a-z0-9*]+)+)', METRICS.read_text()))


def is_documented(name, known):
    """Whether a metric, or what it is a part of (a histogram, a summary), is among the documented ones."""
    candidates = {name, re.sub(r'_(bucket|count|sum|max)$', '', name)}
    return any(re.fullmatch(pattern.replace('*', r'\w+'), candidate) for pattern in known for candidate in candidates)
