#!/usr/bin/env python3
"""Fails if a test skipped itself in a run that has all that tests may need.

Usage: .ci/skipped.py --static     holds the list below against the sources; needs no run
       .ci/skipped.py              the reports of `mvn verify` in target/, too

JUnit does not report a class that gives itself up as a whole, so the classes that may do so are listed, and must have run.
"""
import glob
import os
import re
import sys
import xml.etree.ElementTree as tree

# What runs on a real Slurm, on a Docker engine, in a browser, on Apicurio Registry or with promtool; elsewhere these skip themselves.
NEEDED = {'SlurmEndToEndIT', 'SecuredClusterIT', 'BrokerFaultsIT', 'ImageIT', 'DockerEngineIT', 'ConsoleIT',
          'ConsoleListIT', 'ConsoleFrameIT', 'ConsoleApiIT', 'ConsoleHostileTextIT', 'ConsoleLooksIT', 'ConsoleEndToEndIT', 'TerminalIT',
          'ApicurioIT', 'ApicurioEndToEndIT', 'MetricsIT'}
# TerminalIT needs a program that .ci/run installs and has no variable that requires it.
WITHOUT_VARIABLE = {'TerminalIT'}


def code(file):
    """The words of a source without its comments: a class that is only spoken of is not used."""
    with open(file, encoding='utf-8') as opened:
        text = opened.read()
    return text, set(re.findall(r'\w+', re.sub(r'/\*.*?\*/|//[^\n]*', '', text, flags=re.DOTALL)))


def that_may_skip():
    """The test classes that ask a variable JOBWATCH_REQUIRE_..., themselves or by a class that they use."""
    words, found = {}, set()
    for file in glob.glob('src/test/java/**/*.java', recursive=True):
        name = os.path.basename(file).removesuffix('.java')
        text, words[name] = code(file)
        if '"JOBWATCH_REQUIRE_' in text:
            found.add(name)
    while True:
        more = {name for name, used in words.items() if name not in found and used & found}
        if not more:
            return {name for name in found if re.search('(Test|IT)$', name)}
        found |= more


def check_sources():
    may_skip = that_may_skip()
    missing, gone = may_skip - NEEDED, NEEDED - WITHOUT_VARIABLE - may_skip
    if missing or gone:
        sys.exit(f'.ci/skipped.py: tests that may skip themselves and are not in NEEDED: {sorted(missing)}; '
                 f'in NEEDED, but they ask no JOBWATCH_REQUIRE_...: {sorted(gone)}')


def check_reports():
    total, skipped, ran = 0, [], set()
    for report in glob.glob('target/surefire-reports/TEST-*.xml') + glob.glob('target/failsafe-reports/TEST-*.xml'):
        for case in tree.parse(report).getroot().iter('testcase'):
            total += 1
            ran.add(case.get('classname').rpartition('.')[2])
            if case.find('skipped') is not None:
                skipped.append(case.get('classname') + '.' + case.get('name'))
    if skipped or NEEDED - ran or not total:
        sys.exit(f'skipped: {skipped}; did not run: {sorted(NEEDED - ran)}; tests: {total}')
    print(f'{total} passed, 0 failed, 0 skipped')


if __name__ == '__main__':
    if sys.argv[1:] not in ([], ['--static']):
        sys.exit(__doc__)
    check_sources()
    if not sys.argv[1:]:
        check_reports()
